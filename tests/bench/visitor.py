"""Somebody who asks for pages: over HTTP as a browser behind the proxy does, or inside this process, where SQL can be counted."""

import re
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage
from typing import Protocol
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from portal.accounts.models import AttemptCount
from tests.bare import app as bare
from tests.bench.pages import FORM, Page
from tests.cast import PASSWORD
from tests.sent_files import BOUNDARY, part
from tests.signing_in import code_in_mail

HOST = "portal.example"
HEADERS = {"Host": HOST, "Origin": f"https://{HOST}", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
HEADERS |= {"Accept": "text/html", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
SENT = 302, 303  # what a form that was accepted answers


class Refused(Exception):
    """A page that did not answer as it should: nothing may be measured."""


class Visitor(Protocol):
    def ask(self, path: str, content: bytes = b"", content_type: str = FORM) -> bytes:
        """The page, or with content what the form answers."""


@dataclass
class Browser:
    """A browser with its cookies, which asks one server. Each request has a connection of its own, as a proxy's may."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, content: bytes = b"", content_type: str = FORM) -> bytes:
        headers = {**HEADERS, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=300)
        if content:
            content = with_token(content, content_type, self._token())
            connection.request("POST", path, content, {**headers, "Content-Type": content_type})
        else:
            connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        self._remember(answer.headers)
        refuse(path, answer.status, body, is_form=bool(content))
        return body

    def _remember(self, headers: HTTPMessage) -> None:
        for line in headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value

    def _token(self) -> str:
        return next((value for name, value in self.cookies.items() if "csrf" in name), "")


class Inside:
    """The same without a server, with the cookies of somebody's browser."""

    def __init__(self, cookies: dict[str, str] | None = None, client: Client | None = None) -> None:
        self.client = client or Client(headers={"host": HOST, "x-forwarded-proto": "https"})
        for name, value in (cookies or {}).items():
            self.client.cookies[name] = value

    def ask(self, path: str, content: bytes = b"", content_type: str = FORM) -> bytes:
        if content:
            answer = self.client.post(path, with_token(content, content_type, ""), content_type)
        else:
            answer = self.client.get(path)
        refuse(path, answer.status_code, answer.content, is_form=bool(content))
        return answer.content


def refuse(path: str, status: int, body: bytes, *, is_form: bool) -> None:
    """A form leads on to another page; anything else shows its page."""
    if status not in (SENT if is_form else (200,)):
        words = re.sub(rb"<[^>]*>|\s+", b" ", body)[:600].decode(errors="replace")
        raise Refused(f"{path} answered {status}: {words}")


def with_token(content: bytes, content_type: str, token: str) -> bytes:
    if content_type == FORM:
        return content + b"&csrfmiddlewaretoken=" + token.encode()
    end = f"--{BOUNDARY}--\r\n".encode()
    return part('name="csrfmiddlewaretoken"', token.encode()) + content.removesuffix(end) + end


def visit(visitor: Visitor, page: Page) -> bytes:
    return visitor.ask(page.path, page.content, page.content_type)


def sign_in(visitor: Visitor, address: str) -> None:
    """Page by page: the password, the button, and the code that the mail brought. Whoever measures signs in more often
    than anybody may in a minute, so what the lock has counted is forgotten first."""
    AttemptCount.objects.all().delete()
    login, send, confirm = map(reverse, ("account_login", "account_send_code", "account_confirm_login_code"))
    visitor.ask(login)
    visitor.ask(login, urlencode({"login": address, "password": PASSWORD, "next": ""}).encode())
    visitor.ask(send)
    visitor.ask(send, b"press=")
    visitor.ask(confirm)
    visitor.ask(confirm, urlencode({"code": code_in_mail(address)}).encode())


def bare_browser(port: int) -> Browser:
    """Signed in at the bare app."""
    browser = Browser(port)
    browser.ask("/bare/sign-in/", urlencode({"name": bare.NAME, "password": bare.PASSWORD}).encode())
    return browser

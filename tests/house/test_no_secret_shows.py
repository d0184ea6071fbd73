"""A sweep for planted secrets: no page as anybody, no line of the log, no row of the database shows one (H33)."""

import io
import logging
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.urls import reverse

from portal.accounts import factors
from portal.lib import clock
from portal.lib.masking import OneLineRefusals
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.support import actions as support
from tests import world
from tests.cast import PASSWORD, Cast
from tests.house.resolver import routes
from tests.second_factors import SECRET, code_of
from tests.signing_in import ask_for_code, link_in_mail, sign_in, sign_in_by_pages, type_password, words_of
from tests.smtp import smtp_server
from tests.support_scene import WHERE, fault, reported

BEN = "ben@alder.example"
PEOPLE = (None, "ben", "amina", "dev", "gwen", "hana")  # nobody, whose they are, and those who see the most
TYPED = "a-password-that-was-typed-wrong"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the portal's own handler writes."""
    handler = next(one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler)
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


def _plant(cast: Cast) -> tuple[dict[str, str], dict[str, object]]:
    """A secret of every kind, each alive, and the values of the addresses. Ben is who they belong to."""
    values, ben, found = world.build(cast), cast.users["ben"], {"password": PASSWORD, "secret key": settings.SECRET_KEY}
    signed_in, half_way = Client(), Client()
    sign_in_by_pages(signed_in, BEN, PASSWORD)
    found |= {f"cookie {name}": morsel.value for name, morsel in signed_in.cookies.items() if len(morsel.value) > 20}
    assert {f"cookie {settings.SESSION_COOKIE_NAME}"} < set(found), "the session and the known browser have each one"
    type_password(half_way, BEN, TYPED)
    type_password(half_way, BEN, PASSWORD)
    found |= {"wrong password": TYPED, "code": ask_for_code(half_way, BEN)}
    Client().post("/forgotten-password/", {"email": BEN})
    found["link"] = link_in_mail(BEN).split("/")[2]
    codes = factors.add_app(ben, secret=SECRET, code=code_of(), by=cast.ben, session_key=None)
    found |= {"app": SECRET, "recovery code": codes[0]}
    reported(cast, by="ben")
    support.report_fault(fault(email="out@alder.example"), by=None, where=WHERE)
    return found | _of_tickets(), values


def _of_tickets() -> dict[str, str]:
    """What files a reply by mail, and what opens a report for who cannot sign in."""
    mails = list(OutgoingMail.objects.exclude(sealed_tag="").order_by("pk"))
    tag = re.search(r"/([a-z2-7]{32})\]", outbox.tag_of(mails[-1]))
    page = re.search(r"/help/follow/([a-z2-7]{32})", words_of(mails[-1]))
    return {"ticket tag": tag[1], "ticket page": page[1]}


def _shown(text: str, secrets: dict[str, str]) -> list[str]:
    return [name for name, value in secrets.items() if re.search(rf"(?<![0-9A-Za-z]){re.escape(value)}", text)]


@pytest.mark.row("H33")
def test_no_page_log_or_row_shows_a_secret(cast: Cast, log: io.StringIO) -> None:
    secrets, values = _plant(cast)
    assert len(secrets) >= 10
    for person in PEOPLE:
        for route in routes():
            if person in PEOPLE[2:] and route.view.guard.name == "public":
                continue
            kwargs = {one: values.get(one, _other(one, route.name, secrets)) for one in route.parameters}
            text = _page_of(cast, person, reverse(route.name, kwargs=kwargs))
            asked_with = kwargs.get("token")  # a page may repeat what stands in its own address
            assert not _shown(text, {name: one for name, one in secrets.items() if one != asked_with}), (
                f"{route.name} as {person}"
            )
    _use_the_links(secrets)
    _send_all_mails_and_refuse_one()
    assert not _shown(log.getvalue(), secrets), log.getvalue()
    assert log.getvalue().count("(secret)") >= 4, "the links were not logged at all"
    for model in apps.get_models():
        rows = "\n".join(str(row) for row in model._default_manager.values_list())
        assert not _shown(rows, secrets), model._meta.label


def _other(parameter: str, name: str, secrets: dict[str, str]) -> object:
    if parameter == "token":
        return secrets["ticket page" if name == "help:follow" else "link"]
    return 0 if parameter.endswith("_id") else "nothing"


def _page_of(cast: Cast, person: str | None, address: str) -> str:
    client = Client(raise_request_exception=True)
    with transaction.atomic():
        if person:
            sign_in(client, cast.users[person])
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return content.decode(errors="replace") + str(dict(answer.headers))


def _use_the_links(secrets: dict[str, str]) -> None:
    """Also in ways that fail, for those are logged."""
    strict = Client(enforce_csrf_checks=True)
    for address in (f"/new-password/{secrets['link']}/", f"/help/follow/{secrets['ticket page']}/"):
        for verb in (strict.get, strict.post, strict.delete):
            verb(address, {"password": TYPED})
        strict.get(f"/no-such-page/?next={address}")


def _send_all_mails_and_refuse_one() -> None:
    with smtp_server() as mailbox:
        mailbox.answer = "451 try later"
        outbox.send_one(clock.now())
        mailbox.answer = "250 OK"
        with clock.moved_to(clock.now() + timedelta(days=366)):
            while outbox.send_one(clock.now()):
                pass
    assert not OutgoingMail.objects.exclude(claim_state="done").exists()


def test_a_refusal_is_one_line_of_the_log_and_a_fault_keeps_its_traceback() -> None:
    for error, has_traceback in ((PermissionDenied("no"), False), (ValueError("broken"), True)):
        record = logging.LogRecord(
            "django.request", logging.WARNING, "", 0, "Forbidden: /x/", (), (type(error), error, None)
        )
        assert OneLineRefusals().filter(record)
        assert bool(record.exc_info) is has_traceback

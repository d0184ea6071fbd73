"""Which pages are measured, as whom, and the ratio to the bare page that each is to reach."""

from dataclasses import dataclass
from urllib.parse import urlencode

from portal.messaging.models import Thread
from portal.tasks.models import Task
from tests.bench.scene import EXCHANGE, REPLIED_TO, TASK
from tests.rules import made_documents
from tests.sent_files import MULTIPART, body, part

MEGABYTE = 1024 * 1024
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Page:
    """One request. With `content` it is a POST."""

    name: str
    who: str
    path: str
    reach: float = 2.0  # times the bare page's CPU
    content: bytes = b""
    content_type: str = FORM
    is_upload: bool = False  # measured against a bare upload of the same file
    is_busy: bool = False  # also asked for by 8 clients at the same time


def pages() -> list[Page]:
    """By name: the records are looked up in the database that was seeded."""
    case = "cases/202601234/"
    task = Task.objects.get(title=TASK, case__reference="202601234")
    exchange = f"{case}messages/{Thread.objects.get(subject=EXCHANGE).pk}/"
    replied_to = f"/{case}messages/{Thread.objects.get(subject=REPLIED_TO).pk}/"
    answer = urlencode({"body": "An answer.", "do": "send", "after": "99999999", "may_repeat": "on"}).encode()
    return [
        Page("home, landlord", "amina", "/", is_busy=True),
        Page("open cases, landlord", "amina", "/cases/open/", is_busy=True),
        Page("open cases, large landlord", "carys", "/cases/open/"),
        Page("open cases, staff", "dev", "/casework/cases/", is_busy=True),
        Page("case overview, landlord", "amina", f"/{case}"),
        Page("case overview, staff", "dev", f"/casework/{case}"),
        Page("exchange of 20, landlord", "amina", f"/{exchange}", 2.5),
        Page("exchange of 20, staff", "dev", f"/casework/{exchange}", 2.5),
        Page("task page, landlord", "amina", f"/tasks/{task.pk}/"),
        Page("task page, staff", "dev", f"/casework/tasks/{task.pk}/"),
        Page("profile, landlord", "amina", "/account/", 1.5),
        Page("profile, staff", "dev", "/account/", 1.5),
        Page("notifications, staff", "dev", "/notifications/"),
        Page("worklist, staff", "dev", "/casework/"),
        Page("documents tab, landlord", "amina", f"/{case}documents/"),
        Page("documents tab, staff", "dev", f"/casework/{case}documents/"),
        *searches("landlord", "amina", "/search/"),
        *searches("large landlord", "carys", "/search/"),
        *searches("staff", "dev", "/casework/search/"),
        Page("reply, landlord", "amina", replied_to, 3.0, answer),
        Page("reply, staff", "dev", f"/casework{replied_to}", 3.0, answer),
        upload(f"/{case}documents/", "small file", made_documents.pdf()),
        upload(f"/{case}documents/", "10 MB", large_pdf()),
    ]


def searches(area: str, who: str, path: str) -> list[Page]:
    asked = {
        "one word": ("repair", 2.5),
        "three words": ("damp mould repair", 2.5),
        "misspelt": ("contarctor", 4.0),
        "by reference": ("202601234" if who != "carys" else "202609999", 1.5),
    }
    return [
        Page(f"search, {kind}, {area}", who, f"{path}?{urlencode({'q': words})}", reach, is_busy=kind == "one word")
        for kind, (words, reach) in asked.items()
    ]


def upload(path: str, name: str, content: bytes) -> Page:
    return Page(f"upload, {name}", "amina", path, 1.3, files(content), MULTIPART, is_upload=True)


def files(content: bytes) -> bytes:
    return body(part('name="files"; filename="log.pdf"', content, "Content-Type: application/pdf"))


def large_pdf() -> bytes:
    """A sound PDF of 10 MB: a small one and a comment."""
    small = made_documents.pdf()
    comment = b"%" + b"0123456789abcdef" * (10 * MEGABYTE // 16) + b"\n"
    head, _, rest = small.rpartition(b"startxref")
    return small if not head else head + comment + b"startxref" + rest

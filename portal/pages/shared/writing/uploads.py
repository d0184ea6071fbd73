"""Files that were sent and wait: one row for each, the same on every page and in the answer to a script."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse, QueryDict
from django.template.loader import render_to_string

from portal.content.words import categories
from portal.files.actions import Sent
from portal.files.inspection import LIMIT_BYTES, Reason
from portal.files.inspection.verdicts import refuse
from portal.files.models import Upload
from portal.files.renaming import parts_of
from portal.lib.errors import RuleBroken
from portal.lib.typed import number_in
from portal.pages.design.fields import FilesField
from portal.pages.shared.writing.arrivals import problem_of, whole

NONE_ARRIVED = "No file arrived. Choose at least one file, then send it again."
HELD_BACK = "too-large"  # how a script names a file that it did not send, since it is over the limit
CATEGORY, NAME = "category-", "name-"  # what a row's fields are called, before the number of the upload
Receive = Callable[[str, Sent], Upload]


@dataclass(frozen=True)
class Row:
    """What shared/upload_row.html draws. `size` is None where the file was refused before it was kept."""

    id: str
    name: str
    size: int | None
    refusal: str = ""
    category: str = ""
    error: str = ""
    new_name: str = ""  # what may be changed of the name, as it was typed, and the ending that stays (S83)
    ending: str = ""
    name_error: str = ""

    @property
    def is_being_renamed(self) -> bool:
        return bool(self.name_error) or f"{self.new_name}{self.ending}" != self.name


@dataclass(frozen=True)
class Arrived:
    """What one request brought: the files in the order of sending, and what went wrong with the request itself."""

    uploads: list[Upload]
    problem: str

    @property
    def refused(self) -> list[Upload]:
        return [upload for upload in self.uploads if upload.is_refused]


class FilesForm(forms.Form):
    """Only carries an error to the input that design/uploads.html draws, or above the page where there is no input."""

    def __init__(self, problem: str = "", *, has_input: bool = True) -> None:
        super().__init__({} if problem else None, auto_id="upload-%s")
        self.fields["files"] = FilesField(required=False)
        if problem:
            self.add_error("files" if has_input else None, problem)


def receive_all(request: HttpRequest, receive: Receive) -> Arrived:
    """Gives each file of the form to `receive`. A refused file does not stop the others; a refused request says why."""
    problem = problem_of(request)
    uploads: list[Upload] = []
    try:
        uploads.extend(receive(name, None) for name in request.POST.getlist(HELD_BACK))
        for file in request.FILES.getlist("files"):
            uploads.append(receive(file.name or "", whole(file)))
    except RuleBroken as error:
        problem = error.words
    return Arrived(uploads, problem or ("" if uploads else NONE_ARRIVED))


def listed(waiting: Iterable[Upload], *, form: forms.Form | None = None) -> dict[str, list[Row]]:
    """What a page lists: the files that go on their way by its button, and apart from them those that were refused."""
    rows = [row_of(upload, form=form) for upload in waiting]
    return {"waiting": [row for row in rows if not row.refusal], "refused": [row for row in rows if row.refusal]}


def row_of(upload: Upload, *, form: forms.Form | None = None) -> Row:
    """The row of a waiting file, with what the form holds for it: its category, its new name, what is wrong with them."""
    category, category_error = _asked(form, f"{CATEGORY}{upload.pk}")
    typed, name_error = _asked(form, f"{NAME}{upload.pk}")
    stem, ending = parts_of(upload.name)
    return Row(
        id=str(upload.pk),
        name=upload.name,
        size=upload.stored.size if upload.stored else None,
        refusal=refusal_of(upload),
        category=category or "",
        error=category_error,
        new_name=stem if typed is None else typed,
        ending=ending,
        name_error=name_error,
    )


def _asked(form: forms.Form | None, name: str) -> tuple[str | None, str]:
    """What a field of the form holds, None where there is nothing, and its first error."""
    if form is None or name not in form.fields:
        return None, ""
    value, errors = form[name].value(), list(form.errors.get(name, []))
    return None if value is None else str(value), str(errors[0]) if errors else ""


def refusal_of(upload: Upload) -> str:
    """The rule that was broken and what to do about it; "" for a file that was accepted."""
    return f"{upload.refused_rule} {upload.refused_remedy}".strip()


def too_large_words() -> str:
    """What a script says before it sends a file that is over the limit: the same as the server would (D9)."""
    refused = refuse("", Reason.TOO_LARGE)
    return f"{refused.rule} {refused.remedy}"


def upload_context() -> dict[str, object]:
    """What the upload form needs beside its address."""
    return {"max_bytes": LIMIT_BYTES, "too_large": too_large_words(), "categories": categories(), "renames": True}


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def json_answer(request: HttpRequest, arrived: Arrived, *, with_categories: bool = True) -> JsonResponse:
    """One row of HTML for each file, the very row of the page. `ok` only when everything that was sent is waiting."""
    rows = [row_of(upload) for upload in arrived.uploads]
    if arrived.problem:
        rows.append(Row(id=f"lost-{secrets.token_hex(4)}", name="Not sent", size=None, refusal=arrived.problem))
    return JsonResponse(
        {"ok": not arrived.problem and not arrived.refused, "html": _html(request, rows, with_categories)}
    )


def say_removed(request: HttpRequest, waiting: QuerySet[Upload], upload_id: int) -> None:
    """For the page that is drawn anew without the row. A script that takes the row away says so itself."""
    gone = waiting.filter(pk=upload_id).first()
    if gone and not wants_json(request):
        messages.success(request, f"“{gone.name}” removed.")


def by_upload(data: QueryDict, prefix: str) -> dict[int, str]:
    """What the fields of one kind say, by the number of the upload."""
    fields = ((name, value) for name, value in data.items() if name.startswith(prefix))
    return {number_in(name.removeprefix(prefix)): str(value) for name, value in fields}


def _html(request: HttpRequest, rows: Sequence[Row], with_categories: bool) -> str:
    context = {"rows": rows, "categories": categories() if with_categories else [], "renames": True}
    return render_to_string("shared/upload_rows.html", context, request=request)

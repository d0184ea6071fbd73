"""A limit counts as the page does: each emoji and each line end once, nothing that nobody sees, no space at the ends."""

from django import forms

from portal.lib.typed import tidied
from portal.messaging.actions import BODY_LIMIT
from portal.messaging.models import Message
from portal.pages.design.fields import long_text
from portal.support.models import Post
from portal.support.writing import TEXT_LIMIT
from portal.tasks.actions import DETAILS_LIMIT, REASON_LIMIT
from portal.tasks.models import Task
from tests.pages.landlord_rows import task_on
from tests.pages.test_help import filled_in
from tests.well_formed import check

UNSEEN = "\u200b\u00ad\ufeff"


def _of(length: int) -> str:
    """So many characters, in as many bytes, UTF-16 units and line ends as can be, with much around them."""
    text = "👍\r\ne\u0301\x0b" * (length // 5 + 1)
    kept = tidied(text)[: length - 1].replace("\n", "\r\n")
    return f"  {UNSEEN}{kept}💥{UNSEEN}\r\n "


def test_a_text_area_counts_what_will_be_kept() -> None:
    class Form(forms.Form):
        text = long_text("Reason", limit=2000, missing="Enter a reason")

    assert len(tidied(_of(2000))) == 2000
    assert Form({"text": _of(2000)}).is_valid()
    assert Form({"text": _of(2001)}).errors == {"text": ["Use 2,000 characters or fewer"]}
    assert Form({"text": UNSEEN}).errors == {"text": ["Enter a reason"]}


def _refused(answer, limit: int) -> None:
    assert f"{limit:,} characters or fewer" in check(answer).main.get_text()


def test_pages_take_as_many_characters_as_they_say_and_not_one_more(cast, client_of) -> None:
    amina, dev, task = client_of("amina"), client_of("dev"), task_on(cast)
    for client, address, limit, given in (
        (amina, "/cases/202601234/messages/new/", BODY_LIMIT, lambda text: {"subject": "Long", "body": text}),
        (amina, f"/tasks/{task.pk}/unable/", REASON_LIMIT, lambda text: {"reason": text}),
        (dev, f"/casework/tasks/{task.pk}/change/", DETAILS_LIMIT, lambda text: {"title": "New", "details": text}),
        (amina, "/help/report/", TEXT_LIMIT, lambda text: filled_in(description=text)),
    ):
        _refused(client.post(address, given(_of(limit + 1))), limit)
        assert client.post(address, given(_of(limit))).status_code == 302, address
    kept = Task.objects.get(pk=task.pk)
    assert len(Message.objects.latest("pk").body) == BODY_LIMIT
    assert len(Post.objects.latest("pk").text) == TEXT_LIMIT
    assert len(kept.details) == DETAILS_LIMIT

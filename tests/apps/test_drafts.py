"""What is typed and not yet sent: kept sealed for its person and page, bounded, and forgotten in time."""

from datetime import timedelta

import pytest
from django.conf import settings

from portal.drafts import actions as drafts
from portal.drafts.models import Draft
from portal.lib import clock
from portal.lib.errors import RuleBroken
from tests.cast import Cast

PAGE = "/cases/202601234/messages/new/"


def test_what_is_kept_comes_back_with_what_was_chosen_and_is_sealed(cast: Cast) -> None:
    assert drafts.keep(cast.amina.user_id, PAGE, {"body": "Dear Sirs", "subject": " "}, {"files": ["1", "2"]})
    found = drafts.kept(cast.amina.user_id, PAGE)
    assert found is not None
    assert (found.fields, found.chosen) == ({"body": "Dear Sirs"}, {"files": ["1", "2"]})
    assert "Dear" not in Draft.objects.get().sealed


@pytest.mark.parametrize("person", ["ben", "carys", "dev"])
def test_nobody_else_reads_or_discards_it(cast: Cast, person: str) -> None:
    other = cast.actors[person].user_id
    drafts.keep(cast.amina.user_id, PAGE, {"body": "Dear Sirs"})
    assert drafts.kept(other, PAGE) is None
    assert not drafts.unsent(other).exists()
    drafts.discard(other, PAGE)
    with pytest.raises(Draft.DoesNotExist):
        drafts.discard_one(other, Draft.objects.get().pk)
    assert drafts.kept(cast.amina.user_id, PAGE) is not None


def test_a_page_keeps_one_draft_and_another_page_its_own(cast: Cast) -> None:
    for text in ("First", "Second"):
        drafts.keep(cast.amina.user_id, PAGE, {"body": text})
    drafts.keep(cast.amina.user_id, "/help/chat/", {"text": "Third"})
    assert [drafts.typed_in(one) for one in drafts.unsent(cast.amina.user_id)] == [
        {"text": "Third"},
        {"body": "Second"},
    ]


def test_choices_without_words_are_no_draft_and_empty_words_end_one(cast: Cast) -> None:
    drafts.keep(cast.amina.user_id, PAGE, {"body": "Dear Sirs"})
    drafts.keep(cast.amina.user_id, PAGE, {"body": "  "}, {"files": ["1"]})
    assert drafts.kept(cast.amina.user_id, PAGE) is None
    assert not drafts.unsent(cast.amina.user_id).exists()


def test_a_late_word_of_a_page_drawn_before_the_sending_brings_nothing_back(cast: Cast) -> None:
    shown_at = clock.now()
    drafts.keep(cast.amina.user_id, PAGE, {"body": "Dear Sirs"}, shown_at=shown_at)
    drafts.discard(cast.amina.user_id, PAGE)
    assert not drafts.keep(cast.amina.user_id, PAGE, {"body": "Dear Sirs"}, shown_at=shown_at)
    assert drafts.kept(cast.amina.user_id, PAGE) is None
    assert drafts.keep(cast.amina.user_id, PAGE, {"body": "Once more"}, shown_at=clock.now() + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("key", "text"), [("/" * (drafts.LONGEST_KEY + 1), "a"), (PAGE, "a" * drafts.LONGEST)], ids=["key", "text"]
)
def test_what_is_too_long_is_refused_and_not_kept(cast: Cast, key: str, text: str) -> None:
    with pytest.raises(RuleBroken, match="too long"):
        drafts.keep(cast.amina.user_id, key, {"body": text})
    assert not Draft.objects.exists()


def test_an_old_draft_is_gone_for_its_person_and_then_removed(cast: Cast) -> None:
    drafts.keep(cast.amina.user_id, PAGE, {"body": "Dear Sirs"})
    now = clock.now()
    assert not drafts.forget_old(now)
    later = now + settings.DRAFT_KEPT_FOR + timedelta(minutes=1)
    with clock.moved_to(later):
        assert drafts.kept(cast.amina.user_id, PAGE) is None
        assert not drafts.unsent(cast.amina.user_id).exists()
    assert drafts.forget_old(later)
    assert not Draft.objects.exists()
    assert not drafts.forget_old(later)

"""The portal team's edits of words, categories and closures: rules, audit, the memory of each process."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.audit.models import AuditRow
from portal.content import actions, catalogue, words
from portal.content.defaults import CATEGORIES, DEFAULTS
from portal.content.models import Category, Closure, Wording
from portal.documents import actions as documents
from portal.documents.models import Document, Visibility
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from tests.cast import Cast
from tests.pages.casework_scene import PDF


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Rolled-back tests never commit: what waits for the commit is done at the end of `with committed():`."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.mark.row("D13")
def test_every_shipped_word_is_in_exactly_one_group_and_holds_its_own_rules() -> None:
    found = [key for group in catalogue.GROUPS for key in catalogue.keys_of(group)]
    assert sorted(found) == sorted(DEFAULTS)
    for key, text in DEFAULTS.items():
        assert catalogue.checked(key, text) == text


@pytest.mark.row("D13")
@pytest.mark.row("C26")
def test_a_change_is_seen_at_once_kept_with_its_author_and_reset(cast: Cast, committed) -> None:
    assert words.words("status.closed") == DEFAULTS["status.closed"]
    with committed():
        row = actions.change_words("status.closed", text="  Closed.\r\n  Read it. ", by=cast.gwen)
    assert words.words("status.closed") == "Closed. Read it."
    assert row.changed_by_name == "Gwen Okafor"
    audit = AuditRow.objects.get(verb="words changed")
    assert audit.details == {
        "key": "status.closed",
        "before": DEFAULTS["status.closed"],
        "after": "Closed. Read it.",
    }
    with committed():
        actions.reset_words("status.closed", by=cast.gwen)
    assert words.words("status.closed") == DEFAULTS["status.closed"]
    assert AuditRow.objects.get(verb="words reset").details["before"] == "Closed. Read it."


@pytest.mark.row("D13")
def test_another_process_sees_a_change_within_half_a_minute(cast: Cast) -> None:
    words.words("status.closed")
    Wording.objects.create(key="status.closed", text="Shut.")  # by another process: nothing here is told
    assert words.words("status.closed") == DEFAULTS["status.closed"]
    words._kept = replace(words._kept, read_at=words._kept.read_at - 30.1)
    assert words.words("status.closed") == "Shut."


@pytest.mark.row("D13")
@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("status.closed", " \n "),
        ("status.closed", "x" * 1001),
        ("contact.telephone", "x" * 201),
        ("name.unacceptable-actions-policy", "Policy](https://evil.example)"),
        ("link.evidence-guidance", "javascript:alert(1)"),
        ("link.evidence-guidance", "http://plain.example/"),
        ("link.evidence-guidance", "https://a.example/ b"),
        ("link.evidence-guidance", 'https://a.example/"onclick'),
        ("task-titles.for-information", "x" * 201),
    ],
)
def test_words_that_do_not_fit_their_kind_are_refused(cast: Cast, key: str, text: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        actions.change_words(key, text=text, by=cast.gwen)
    assert refused.value.field == "text"
    assert not Wording.objects.exists()


@pytest.mark.row("C26")
def test_only_the_portal_team_edits_and_only_what_was_shipped(cast: Cast) -> None:
    for by in (cast.dev, cast.farid, cast.hana, cast.amina):
        for action in (
            lambda by=by: actions.change_words("status.closed", text="x", by=by),
            lambda by=by: actions.reset_words("status.closed", by=by),
            lambda by=by: actions.add_category(label="x", by=by),
            lambda by=by: actions.rename_category("other", label="x", by=by),
            lambda by=by: actions.retire_category("other", by=by),
            lambda by=by: actions.restore_category("other", by=by),
            lambda by=by: actions.add_closure(day=clock.today(), reason="x", by=by),
            lambda by=by: actions.remove_closure(1, by=by),
        ):
            with pytest.raises(NotAllowed):
                action()
    with pytest.raises(KeyError):
        actions.change_words("status.closed.label", text="Done", by=cast.gwen)


@pytest.mark.row("D13")
@pytest.mark.row("C26")
def test_a_category_is_added_renamed_and_retired_and_documents_keep_it(cast: Cast, committed) -> None:
    with committed():
        added = actions.add_category(label="Fire risk assessment", by=cast.gwen)
    assert words.categories() == (*CATEGORIES, (added.code, "Fire risk assessment"))

    def share() -> Document:
        return documents.share_document(
            cast.case,
            name="fire.pdf",
            content=PDF,
            category=added.code,
            visibility=Visibility.BOTH,
            by=cast.dev,
        )

    document = share()
    with committed():
        actions.rename_category(added.code, label="Fire safety", by=cast.gwen)
    assert document.category_label == "Fire safety"
    with committed():
        actions.retire_category(added.code, by=cast.gwen)
    assert words.categories() == CATEGORIES
    assert Document.objects.get().category_label == "Fire safety"
    with pytest.raises(RuleBroken, match="Choose a category"):
        share()
    with committed():
        actions.restore_category(added.code, by=cast.gwen)
    assert added.code in dict(words.categories())


@pytest.mark.row("D13")
def test_a_shipped_category_is_renamed_in_its_place_and_keeps_its_code(cast: Cast, committed) -> None:
    with committed():
        actions.rename_category("repairs", label="Repairs and works", by=cast.gwen)
    assert [code for code, _ in words.categories()] == [code for code, _ in CATEGORIES]
    assert dict(words.categories())["repairs"] == "Repairs and works"


@pytest.mark.row("D13")
def test_names_of_categories_are_single_and_codes_never_clash(cast: Cast) -> None:
    for label in ("other", "OTHER", " Repair  log ", "", "x" * 61):
        with pytest.raises(RuleBroken):
            actions.add_category(label=label, by=cast.gwen)
    made = [actions.add_category(label=label, by=cast.gwen) for label in ("Tenancy!", "Tenancy?", "防火", "火")]
    assert [one.code for one in made] == ["tenancy-2", "tenancy-3", "category", "category-2"]
    long = [actions.add_category(label=f"A very long name of a category {n}", by=cast.gwen).code for n in range(3)]
    assert len(set(long)) == 3
    assert max(map(len, long)) <= 20
    with pytest.raises(KeyError):
        actions.retire_category("unheard-of", by=cast.gwen)


@pytest.mark.row("D13")
def test_the_last_category_cannot_be_retired(cast: Cast) -> None:
    *most, (last, _) = CATEGORIES
    for code, _ in most:
        actions.retire_category(code, by=cast.gwen)
    with pytest.raises(RuleBroken, match="One category must be left"):
        actions.retire_category(last, by=cast.gwen)
    with pytest.raises(RuleBroken, match="retired already"):
        actions.retire_category("other" if last != "other" else "tenancy", by=cast.gwen)


@pytest.mark.row("C29")
@pytest.mark.row("D14")
def test_a_closure_counts_from_now_on_until_it_is_removed(cast: Cast, committed) -> None:
    monday = clock.today() + timedelta(days=7 - clock.today().weekday())
    day = next(
        monday + timedelta(n) for n in range(30) if words.working_calendar().is_working_day(monday + timedelta(n))
    )
    before = words.working_calendar().add(clock.today(), 20)
    with committed():
        closure = actions.add_closure(day=day, reason="Staff conference", by=cast.gwen)
    assert words.working_calendar().add(clock.today(), 20) > before
    with committed():
        assert actions.remove_closure(closure.pk, by=cast.gwen) == day
    assert words.working_calendar().add(clock.today(), 20) == before
    verbs = list(AuditRow.objects.filter(record="closure").order_by("id").values_list("verb", flat=True))
    assert verbs == ["closure added", "closure removed"]


@pytest.mark.row("C29")
def test_only_a_coming_working_day_can_be_a_closure(cast: Cast) -> None:
    year = clock.today().year + 1
    saturday = clock.today() + timedelta(days=(5 - clock.today().weekday()) % 7)
    for day in (clock.today() - timedelta(days=1), date(year, 12, 25), saturday, date(year + 9, 5, 2)):
        with pytest.raises(RuleBroken) as refused:
            actions.add_closure(day=day, reason="x", by=cast.gwen)
        assert refused.value.field == "day"
    for reason in (" ", "x" * 201):
        with pytest.raises(RuleBroken) as refused:
            actions.add_closure(day=clock.today() + timedelta(days=1), reason=reason, by=cast.gwen)
        assert refused.value.field == "reason"
    past = Closure.objects.create(day=clock.today() - timedelta(days=3), reason="Storm")
    with pytest.raises(RuleBroken, match="It stays"):
        actions.remove_closure(past.pk, by=cast.gwen)
    assert not Category.objects.exists()

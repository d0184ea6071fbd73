"""Every kind of diary entry: who may read it, who is told, in which words. The documents drawn from it are fresh."""

import pytest

from portal.access.actor import Actor
from portal.cases import diary_writer
from portal.cases.diary import READERS, Happened, Readers
from portal.cases.models import DiaryEntry
from portal.cases.statuses import Status
from portal.content.defaults import DEFAULTS
from portal.notifications.rules import RULES, Audience, Rule, line
from portal.notifications.topics import Topic, topics_for_bell
from portal.tasks.models import TaskKind
from portal.teams.models import Team
from tests.cast import Cast
from tests.house.drawn import EVENTS, events_document

SAMPLE = {
    "status": "closed",
    "before": "review",
    "team": "review",
    "name": "Esi Mensah",
    "owner": 1,
    "colleague": 1,
    "title": "Send the repair log",
    "task": 1,
    "task_kind": "for-information",
    "task_due_on": "2026-11-30",
    "old_due_on": "2026-11-20",
    "due_on": "2026-11-30",
    "completed_on": "2026-11-19",
    "count": 3,
    "submission": 1,
    "document": 1,
    "subject": "Access to the flat",
    "thread": 1,
    "message": 1,
    "reason": "Waiting for the surveyor",
    "new_name": "Repair log 2026.pdf",
    "was": "Repair log",
    "now": "Rent account",
    "closed": False,
    "attachments": 0,
    "staff_reason": "INTERNAL",
    "determination": 1,
    "version": 2,
    "order": 1,
    "number": 3,
    "in_part": True,
    "recommendation": 1,
    "feedback": "not-accepted",
    "review": 1,
    "asker": "resident",
    "taken": False,
    "outcome": "upheld",
    "how": "post",
    "on": "2026-11-23",
}


@pytest.mark.parametrize("kind", Happened)
def test_every_kind_states_its_readers_and_who_is_told(kind: Happened) -> None:
    assert kind in READERS
    assert kind in RULES


@pytest.mark.parametrize("kind", Happened)
def test_nobody_is_told_of_what_they_may_not_read(kind: Happened) -> None:
    told, readers = RULES[kind].audience, READERS[kind]
    if told in {Audience.LANDLORD, Audience.COLLEAGUE}:
        assert readers is not Readers.STAFF
    if told in {Audience.OWNER, Audience.NEW_OWNER}:
        assert readers is not Readers.LANDLORD


@pytest.mark.row("D2")
@pytest.mark.parametrize("kind", Happened)
def test_every_kind_is_found_by_its_kind_of_event_on_the_page_of_those_who_are_told(cast: Cast, kind: Happened) -> None:
    rule = RULES[kind]
    reader = cast.amina if rule.audience in {Audience.LANDLORD, Audience.COLLEAGUE} else cast.dev
    assert rule.audience is Audience.NOBODY or rule.topic in topics_for_bell(reader)


@pytest.mark.row("D2")
def test_determinations_and_orders_are_not_told_as_something_else() -> None:
    kinds = [
        kind for kind, rule in RULES.items() if rule.page == "determination" and rule.audience is Audience.LANDLORD
    ]
    topics = {kind: RULES[kind].topic for kind in kinds}
    assert topics.pop(Happened.ORDER_DATE_CHANGED) is Topic.DEADLINES
    assert set(topics.values()) == {Topic.DETERMINATIONS}


def test_a_rule_that_leads_to_a_page_without_a_kind_of_event_is_an_error() -> None:
    with pytest.raises(KeyError):
        _ = Rule(Audience.LANDLORD, str, "Words", "another page").topic


@pytest.mark.parametrize("kind", Happened)
def test_every_kind_reads_as_a_sentence_to_those_who_may_read_it(cast: Cast, kind: Happened) -> None:
    entry = diary_writer.write(cast.case, kind, by=cast.dev, **SAMPLE)
    assert (
        set(_readable(entry, cast))
        == {
            Readers.BOTH: {"amina", "dev"},
            Readers.STAFF: {"dev"},
            Readers.LANDLORD: {"amina"},
        }[READERS[kind]]
    )
    words = line(entry)
    assert words
    assert "INTERNAL" not in words
    assert cast.case.resident_name not in (RULES[kind].mail or "")


@pytest.mark.parametrize("kind", Happened)
def test_the_landlord_never_reads_what_happened_before_the_release(cast: Cast, kind: Happened) -> None:
    entry = diary_writer.write(cast.hidden, kind, by=cast.dev, **SAMPLE)
    assert "amina" not in _readable(entry, cast)


def _readable(entry: DiaryEntry, cast: Cast) -> list[str]:
    def may(actor: Actor) -> bool:
        return DiaryEntry.objects.readable_by(actor).filter(pk=entry.pk).exists()

    return [name for name in ("amina", "carys", "dev") if may(getattr(cast, name))]


@pytest.mark.row("D13")
def test_every_status_team_and_kind_of_task_has_its_explanation() -> None:
    wanted = (
        [f"status.{s}" for s in Status.values]
        + [f"team.{t}" for t in Team.values]
        + [f"task.{k}" for k in TaskKind.values]
    )
    assert [key for key in wanted if not DEFAULTS.get(key)] == []


@pytest.mark.row("D17")
def test_the_labels_are_the_guides() -> None:
    assert Status.labels == [
        "Case under initial assessment",
        "Within landlord’s internal complaint procedure",
        "Referral assessment",
        "Evidence gathering",
        "Awaiting investigation",
        "Under investigation",
        "Determined",
        "Determined – awaiting LL action",
        "Review – case outcome",
        "Case closed",
    ]
    assert Team.labels == ["DR2 Dispute Support", "DR2 Triage", "DR2 Dispute Resolution", "DR2 Review"]
    assert TaskKind.labels == [
        "Record complaint and update",
        "Escalate complaint and update",
        "For information",
        "Respond to information/evidence request",
        "Confirm compliance",
    ]


def test_the_document_of_events_is_fresh() -> None:
    assert EVENTS.read_text() == events_document(), "run: python -m tests.house.drawn"

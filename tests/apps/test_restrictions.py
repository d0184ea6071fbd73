"""Restricting a person's access: who may, who approves, one at a time, what each level leaves, history and mail."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from portal.access.levels import TAKES_AWAY, Level
from portal.access.permissions import Permission
from portal.audit.models import AuditRow
from portal.landlords.people import membership_of
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.mail.models import OutgoingMail
from portal.messaging import actions as messaging
from portal.restrictions import actions
from portal.restrictions.models import Restriction, StepKind
from portal.tasks import actions as tasks
from portal.tasks.models import TaskKind
from tests.cast import Cast, actor_now, in_days
from tests.house.layers import ROOT


def restrict(cast: Cast, who: str = "ben", level: Level = Level.READ_ONLY, **given) -> Restriction:
    member = membership_of(cast.users[who].pk)
    assert member is not None
    given = {
        "reason": "Threatened a caseworker on the telephone.",
        "appeal": "Write to us.",
        "approver_id": cast.farid.user_id,
        "review_on": in_days(30),
        "by": cast.gwen,
        **given,
    }
    return actions.impose(member, level=level.value, **given)


WRITING = {Permission.LANDLORD_WORK_CASES, Permission.LANDLORD_WRITE_MESSAGES}


@pytest.mark.row("S8")
@pytest.mark.row("C22")
@pytest.mark.parametrize(
    ("level", "left"),
    [
        (Level.WARN, WRITING | {Permission.LANDLORD_SEE_CASES}),
        (Level.MESSAGE_BLOCK, {Permission.LANDLORD_SEE_CASES, Permission.LANDLORD_WORK_CASES}),
        (Level.READ_ONLY, {Permission.LANDLORD_SEE_CASES}),
        (Level.FULL_BLOCK, set()),
    ],
)
def test_each_level_leaves_what_it_says_and_lifting_gives_everything_back(cast: Cast, level: Level, left: set) -> None:
    restriction = restrict(cast, level=level)
    ben = actor_now(cast.users["ben"])
    assert (ben.restriction, ben.permissions) == (level, left)
    actions.lift(restriction.pk, reason="He apologised.", by=cast.farid)
    ben = actor_now(cast.users["ben"])
    assert (ben.restriction, ben.permissions) == (None, cast.ben.permissions)


@pytest.mark.row("S8")
def test_the_level_that_shuts_out_leaves_nothing_and_the_one_to_read_takes_nothing() -> None:
    assert [level for level in Level if level.shuts_out] == [one for one in Level if TAKES_AWAY[one] == set(Permission)]
    assert [level for level in Level if level.must_be_read] == [one for one in Level if not TAKES_AWAY[one]]


@pytest.mark.row("S8")
def test_what_a_level_means_is_asked_of_the_levels_alone() -> None:
    named = "|".join(level.name for level in Level)
    asking = [path for path in (ROOT / "portal").rglob("*.py") if re.search(rf"Level\.({named})\b", path.read_text())]
    assert [path.relative_to(ROOT).as_posix() for path in asking] == ["portal/access/levels.py"]


@pytest.mark.row("S8")
def test_a_person_is_restricted_once_at_a_time_and_the_database_says_so(cast: Cast) -> None:
    first = restrict(cast)
    with pytest.raises(RuleBroken, match="restricted already"):
        restrict(cast, level=Level.WARN)
    with pytest.raises(IntegrityError), transaction.atomic():
        Restriction.objects.create(
            user=cast.users["ben"],
            landlord=cast.alder,
            level="warn",
            reason="x",
            appeal="x",
            imposed_by_name="x",
            approver=cast.users["farid"],
            approver_name="x",
            review_on=in_days(3),
        )
    actions.lift(first.pk, reason="Over.", by=cast.gwen)
    assert restrict(cast).pk != first.pk


@pytest.mark.row("S8")
@pytest.mark.row("H44")
def test_another_person_who_may_must_approve(cast: Cast) -> None:
    for approver in (cast.gwen, cast.dev, cast.hana, cast.amina):
        with pytest.raises(RuleBroken) as refused:
            restrict(cast, approver_id=approver.user_id)
        assert refused.value.field == "approver"
    cast.users["farid"].is_active = False
    cast.users["farid"].save()
    with pytest.raises(RuleBroken):
        restrict(cast)
    assert not Restriction.objects.filter(user=cast.users["ben"]).exists()


@pytest.mark.row("S8")
def test_only_team_managers_and_the_portal_team_restrict_review_and_lift(cast: Cast) -> None:
    open_one = Restriction.objects.get()
    for by in (cast.dev, cast.hana, cast.ines, cast.amina, cast.ike):
        with pytest.raises(NotAllowed):
            restrict(cast, by=by)
        with pytest.raises(NotAllowed):
            actions.lift(open_one.pk, reason="x", by=by)
        with pytest.raises(NotAllowed):
            actions.review(open_one.pk, reason="x", review_on=in_days(9), by=by)
        with pytest.raises(NotAllowed):
            actions.change_level(
                open_one.pk, level="warn", reason="x", approver_id=cast.gwen.user_id, review_on=in_days(9), by=by
            )
    assert restrict(cast, by=cast.farid, approver_id=cast.gwen.user_id).imposed_by_name == "Farid Haddad"


@pytest.mark.row("C22")
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
        ({"appeal": ""}, "appeal"),
        ({"review_on": clock.today()}, "review_on"),
        ({"review_on": clock.today() + timedelta(days=400)}, "review_on"),
    ],
)
def test_reason_appeal_and_review_date_are_needed(cast: Cast, wrong: dict, field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        restrict(cast, **wrong)
    assert refused.value.field == field


@pytest.mark.row("C22")
def test_what_is_typed_is_kept_without_what_browsers_add_to_it(cast: Cast) -> None:
    made = restrict(cast, reason="Shouted.\r\nTwice.\0", appeal="Write\x07 to us.\r\n")
    assert (made.reason, made.appeal) == ("Shouted.\nTwice.", "Write to us.")
    assert (
        actions.review(made.pk, reason="Still\0.", review_on=in_days(9), by=cast.gwen).steps.last().reason == "Still."
    )


@pytest.mark.row("S8")
def test_a_fault_after_the_restriction_is_not_told_as_a_second_one_and_leaves_nothing(cast: Cast) -> None:
    member = membership_of(cast.users["ben"].pk)
    assert member is not None
    member.user.email = None  # no mail can be kept for it
    given = {"level": "warn", "reason": "x", "appeal": "x", "approver_id": cast.farid.user_id, "review_on": in_days(9)}
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.impose(member, by=cast.gwen, **given)
    assert not Restriction.objects.filter(user=cast.users["ben"]).exists()


@pytest.mark.row("S8")
@pytest.mark.row("C22")
def test_every_step_is_kept_with_who_when_and_why(cast: Cast) -> None:
    made = restrict(cast, level=Level.MESSAGE_BLOCK)
    actions.review(made.pk, reason="Still rude.", review_on=in_days(60), by=cast.farid)
    actions.change_level(
        made.pk,
        level="full-block",
        reason="Worse.",
        approver_id=cast.farid.user_id,
        review_on=in_days(20),
        by=cast.gwen,
    )
    actions.lift(made.pk, reason="New start.", by=cast.farid)
    steps = list(made.steps.order_by("id").values_list("kind", "level", "by_name", "approver_name", "reason"))
    assert steps == [
        ("imposed", "message-block", "Gwen Okafor", "Farid Haddad", "Threatened a caseworker on the telephone."),
        ("reviewed", "message-block", "Farid Haddad", "", "Still rude."),
        ("changed", "full-block", "Gwen Okafor", "Farid Haddad", "Worse."),
        ("lifted", "full-block", "Farid Haddad", "", "New start."),
    ]
    assert [kind.value for kind in StepKind] == ["imposed", "changed", "reviewed", "lifted"]
    verbs = list(AuditRow.objects.filter(record="restriction").order_by("id").values_list("verb", flat=True))
    assert verbs == ["access restricted", "restriction reviewed", "restriction changed", "restriction lifted"]
    made.refresh_from_db()
    assert (made.ended_by_name, made.is_open) == ("Farid Haddad", False)
    for again in (
        lambda: actions.lift(made.pk, reason="x", by=cast.gwen),
        lambda: actions.review(made.pk, reason="x", review_on=in_days(9), by=cast.gwen),
    ):
        with pytest.raises(RuleBroken, match="ended already"):
            again()


@pytest.mark.row("S8")
def test_the_person_is_told_in_neutral_words_without_reason_or_case(cast: Cast) -> None:
    made = restrict(cast, reason="Called Dev a fool about 202601234.")
    actions.lift(made.pk, reason="Apologised.", by=cast.gwen)
    told, over = OutgoingMail.objects.filter(kind="restriction").order_by("id")
    assert told.to_address == "ben@alder.example"
    assert "Unacceptable User Action Policy: https://www.ombudsman.example/policies/" in told.body
    assert "/your-access/" in told.body
    for hidden in ("fool", "202601234", "Dev", "Gwen", "Farid", "abus", "aggress"):
        assert hidden not in told.body + told.subject
    assert "as before" in over.body


@pytest.mark.row("C22")
def test_whoever_is_named_as_the_approver_is_told(cast: Cast) -> None:
    made = restrict(cast, reason="Called Dev a fool about 202601234.")
    [told] = OutgoingMail.objects.filter(kind="restriction: approver")
    assert told.to_address == "farid@ombudsman.example"
    assert "Gwen Okafor has restricted" in told.body
    assert f"/casework/restrictions/{made.pk}/" in told.body
    assert not [word for word in ("fool", "202601234", "Ben", "Alder") if word in told.body + told.subject]


@pytest.mark.row("S8")
def test_a_warning_that_was_read_restricts_nothing_until_the_level_changes(cast: Cast) -> None:
    made = restrict(cast, level=Level.WARN)
    actions.note_read(by=actor_now(cast.users["ben"]))
    assert actor_now(cast.users["ben"]).restriction is None
    change = {"reason": "Again.", "approver_id": cast.farid.user_id, "review_on": in_days(9), "by": cast.gwen}
    actions.change_level(made.pk, level="read-only", **change)
    assert actor_now(cast.users["ben"]).restriction is Level.READ_ONLY
    actions.note_read(by=actor_now(cast.users["ben"]))  # a hurried POST reads no other level away
    assert actor_now(cast.users["ben"]).restriction is Level.READ_ONLY
    with pytest.raises(RuleBroken, match="level already"):
        actions.change_level(made.pk, level="read-only", **change)
    actions.change_level(made.pk, level="warn", **change)
    assert actor_now(cast.users["ben"]).restriction is Level.WARN  # a new warning is read anew


@pytest.mark.row("S8")
@pytest.mark.row("H46")
def test_the_actions_themselves_refuse_in_neutral_words(cast: Cast) -> None:
    task = tasks.set_task(
        cast.case, kind=TaskKind.RESPOND_TO_REQUEST, title="Send the log", due_on=in_days(9), by=cast.dev
    )
    with pytest.raises(NotAllowed, match="Your access to the portal is restricted"):
        tasks.complete_task(task, completed_on=clock.today(), by=cast.ike)
    with pytest.raises(NotAllowed, match="restricted"):
        messaging.start_thread(cast.case, subject="Hello", body="You.", by=cast.ike)
    Restriction.objects.update(level=Level.MESSAGE_BLOCK)
    ike = actor_now(cast.users["ike"])
    with pytest.raises(NotAllowed):
        messaging.start_thread(cast.case, subject="Hello", body="You.", by=ike)
    assert tasks.complete_task(task, completed_on=clock.today(), by=ike).completed_by_name == "Ike Bello"


@pytest.mark.row("S1")
def test_restrictions_are_seen_by_the_service_alone(cast: Cast) -> None:
    seen = Restriction.objects.visible_to
    assert [seen(by).in_force().count() for by in (cast.gwen, cast.farid, cast.hana)] == [1, 1, 1]
    assert [seen(by).count() for by in (cast.dev, cast.ines, cast.amina, cast.ike)] == [0, 0, 0, 0]


@pytest.mark.row("S1")
@pytest.mark.row("C22")
def test_who_sees_a_landlord_knows_the_level_of_its_people_and_nothing_else_of_it(cast: Cast) -> None:
    levels = Restriction.objects.levels_at(cast.alder.pk, cast.dev)
    assert {user_id: one.level for user_id, one in levels.items()} == {cast.ike.user_id: Level.READ_ONLY}
    assert "reason" in levels[cast.ike.user_id].get_deferred_fields()
    for landlords_own in (cast.amina, cast.ike, cast.carys):
        assert Restriction.objects.levels_at(cast.alder.pk, landlords_own) == {}


@pytest.mark.row("C22")
def test_the_member_to_restrict_is_given_to_those_who_may_restrict(cast: Cast) -> None:
    assert actions.member_to_restrict(cast.alder.pk, cast.ben.user_id, by=cast.gwen).user_id == cast.ben.user_id
    for by in (cast.dev, cast.hana, cast.amina):
        with pytest.raises(NotAllowed):
            actions.member_to_restrict(cast.alder.pk, cast.ben.user_id, by=by)

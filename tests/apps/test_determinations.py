"""Drafting a determination and issuing it: findings, letters, status, task and notices, all or nothing."""

import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from portal.cases import actions as cases
from portal.cases.diary import Happened
from portal.cases.models import Case, DiaryEntry
from portal.cases.statuses import Status
from portal.content import actions as content
from portal.determinations import actions, drafting, issuing, version_tokens
from portal.determinations.drafting import Part
from portal.determinations.kinds import DeterminationState, FindingKind, OrderState, RemedyKind
from portal.determinations.models import Complaint, Determination, Order
from portal.documents.actions import open_document
from portal.documents.models import Document, Visibility
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.mail.models import OutgoingMail
from portal.notifications import fan_out, inbox
from portal.notifications.sending import send_delivery
from portal.tasks.models import Task, TaskKind, TaskState
from tests import determination_scene as scene
from tests.cast import Cast, in_days


def fresh(cast: Cast) -> Case:
    return Case.objects.get(pk=cast.case.pk)


def words_of(document: Document, cast: Cast) -> str:
    content = open_document(cast.case.reference, document.pk, by=cast.dev)[1].read()
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def notify_all() -> None:
    while fan_out.fan_out_one(clock.now()) or send_delivery(clock.now()):
        pass


@pytest.mark.row("C18")
def test_each_defined_complaint_has_its_own_finding_of_the_eight(cast: Cast) -> None:
    case = scene.investigated(cast.case, cast.dev)
    for finding in FindingKind.values:
        drafting.write_complaint(case, words=f"About {finding}.", finding=finding, by=cast.dev)
    draft = Determination.objects.get()
    assert [row.finding for row in draft.complaints.all()] == FindingKind.values
    assert len(FindingKind.values) == 8
    with pytest.raises(RuleBroken) as refusal:
        drafting.write_complaint(case, words="x", finding="guilty", by=cast.dev)
    assert refusal.value.field == "finding"


@pytest.mark.row("C18")
def test_orders_have_one_of_eight_types_words_and_a_due_date(cast: Cast) -> None:
    case = scene.investigated(cast.case, cast.dev)
    for kind in RemedyKind.values:
        drafting.write_order(case, kind=kind, words="Do it.", due_on=in_days(20), by=cast.dev)
    assert Order.objects.count() == 8
    for wrong, field in (
        ({"kind": "gift"}, "kind"),
        ({"words": "  "}, "words"),
        ({"words": "x" * 4001}, "words"),
        ({"due_on": in_days(-1)}, "due_on"),
        ({"due_on": in_days(5 * 366)}, "due_on"),
    ):
        given = {"kind": "other", "words": "Do it.", "due_on": in_days(20), **wrong}
        with pytest.raises(RuleBroken) as refusal:
            drafting.write_order(case, by=cast.dev, **given)
        assert refusal.value.field == field


@pytest.mark.row("C18")
def test_a_draft_is_written_over_several_saves_and_its_rows_change_and_go(cast: Cast) -> None:
    case = scene.drafted(cast)
    first, second = Order.objects.all()
    given = {"kind": "apology", "words": "Apologise.", "due_on": in_days(5), "row_id": first.pk}
    for _ in range(2):  # pressed twice, it is saved once
        drafting.write_order(case, **given, shown=version_tokens.of_row(first), by=cast.esi)
    assert drafting.remove_row(case, Part.ORDERS, second.pk, shown=version_tokens.of_row(second), by=cast.dev)
    assert not drafting.remove_row(case, Part.ORDERS, second.pk, shown=version_tokens.of_row(second), by=cast.dev)
    assert [(row.kind, row.words) for row in Order.objects.all()] == [("apology", "Apologise.")]
    assert Determination.objects.count() == 1


@pytest.mark.row("H44")
def test_a_row_of_another_case_is_neither_changed_nor_removed(cast: Cast) -> None:
    scene.drafted(cast, cast.birch_case)
    foreign = Complaint.objects.filter(case=cast.birch_case).first()
    case = scene.investigated(cast.case, cast.dev)
    with pytest.raises(NotAllowed):
        drafting.write_complaint(case, words="x", finding="withdrawn", row_id=foreign.pk, by=cast.dev)
    with pytest.raises(Complaint.DoesNotExist):
        drafting.remove_row(case, Part.COMPLAINTS, foreign.pk, shown=version_tokens.of_row(foreign), by=cast.dev)
    assert Complaint.objects.filter(pk=foreign.pk).exists()
    with pytest.raises(Complaint.DoesNotExist):
        drafting.find_row(case, Part.COMPLAINTS, foreign.pk, by=cast.dev)


@pytest.mark.row("C18")
def test_a_draft_is_nothing_to_the_landlord(cast: Cast) -> None:
    case = scene.drafted(cast)
    assert actions.open_determinations(case, by=cast.amina) == []
    for model in (Determination, Order):
        assert not model.objects.visible_to(cast.amina).exists()
        assert model.objects.visible_to(cast.dev).exists()
    assert not DiaryEntry.objects.readable_by(cast.amina).filter(kind__contains="determination").exists()


@pytest.mark.parametrize("who", ["amina", "hana", "gwen"])
def test_only_caseworkers_draft_and_issue(cast: Cast, who: str) -> None:
    case = scene.drafted(cast)
    for attempt in (
        lambda: drafting.write_complaint(case, words="x", finding="withdrawn", by=cast.actors[who]),
        lambda: drafting.start_draft(case, by=cast.actors[who]),
        lambda: issuing.issue(case, shown="", by=cast.actors[who]),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_determination_is_drafted_only_under_investigation_or_in_review(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="Under investigation"):
        drafting.start_draft(cast.case, by=cast.dev)
    with pytest.raises(RuleBroken, match="Release"):
        drafting.start_draft(cast.hidden, by=cast.dev)


@pytest.mark.row("C18")
def test_a_draft_that_has_changed_since_somebody_looked_is_neither_discarded_nor_issued(cast: Cast) -> None:
    case = scene.drafted(cast)
    order, mark = Order.objects.first(), lambda: drafting.the_draft(case).version_token
    for change in (
        lambda: drafting.write_order(case, kind="other", words="One more.", due_on=in_days(9), by=cast.dev),
        lambda: Order.objects.filter(pk=order.pk).update(due_on=in_days(90)),
        lambda: Complaint.objects.update(finding="withdrawn"),
        lambda: drafting.remove_row(case, Part.ORDERS, order.pk, shown=mark_of(order), by=cast.dev),
        lambda: (drafting.discard_draft(case, shown=mark(), by=cast.dev), drafting.start_draft(case, by=cast.dev)),
    ):
        seen = mark()
        change()
        for shown in (seen, "", "unknown"):
            with pytest.raises(RuleBroken, match="Nothing was discarded"):
                drafting.discard_draft(case, shown=shown, by=cast.dev)
            with pytest.raises(RuleBroken, match=r"changed this draft since you opened this page\. Nothing was issued"):
                issuing.issue(case, shown=shown, by=cast.esi)
    assert Determination.objects.get().is_draft
    assert not Document.objects.exists()


def mark_of(row: Order) -> str:
    row.refresh_from_db()
    return version_tokens.of_row(row)


@pytest.mark.row("C18")
def test_a_row_that_a_colleague_has_changed_is_neither_overwritten_nor_removed(cast: Cast) -> None:
    case = scene.drafted(cast)
    order = Order.objects.first()
    shown, given = version_tokens.of_row(order), {"kind": "other", "due_on": in_days(9), "row_id": order.pk}
    drafting.write_order(case, words="Hers.", **given, shown=shown, by=cast.esi)
    for stale in (shown, "", "unknown"):
        with pytest.raises(RuleBroken, match=r"Somebody has changed this order .* Nothing was saved"):
            drafting.write_order(case, words="Mine.", **given, shown=stale, by=cast.dev)
        with pytest.raises(RuleBroken, match="Nothing was removed"):
            drafting.remove_row(case, Part.ORDERS, order.pk, shown=stale, by=cast.dev)
    assert Order.objects.get(pk=order.pk).words == "Hers."
    drafting.remove_row(case, Part.ORDERS, order.pk, shown=mark_of(order), by=cast.dev)
    with pytest.raises(RuleBroken, match="Somebody has removed this"):
        drafting.write_order(case, words="Mine.", **given, shown=shown, by=cast.dev)


@pytest.mark.row("C18")
def test_nobody_issues_in_a_status_in_which_nothing_is_determined(cast: Cast) -> None:
    case = scene.drafted(cast)
    for to in (Status.EVIDENCE_GATHERING, Status.CLOSED):
        case = cases.move_case(case, to=to, reason="Not yet.", by=cast.dev)
        assert not any(issuing.may_issue(case, actor) for actor in cast.actors.values())
        with pytest.raises(RuleBroken, match="drafted and issued while the case is"):
            scene.issued(case, by=cast.farid)


@pytest.mark.row("C18")
def test_a_draft_is_discarded_whatever_has_become_of_the_case(cast: Cast) -> None:
    case = cases.move_case(scene.drafted(cast), to=Status.CLOSED, reason="Withdrawn.", by=cast.dev)
    with pytest.raises(RuleBroken, match="This case is “Case closed”"):
        drafting.write_recommendation(case, kind="other", words="x", by=cast.dev)
    drafting.discard_draft(case, shown=drafting.the_draft(case).version_token, by=cast.dev)
    assert not Determination.objects.exists()


@pytest.mark.row("S48")
@pytest.mark.row("S49")
@pytest.mark.row("S50")
def test_the_team_that_investigated_or_reviewed_the_case_issues_or_a_team_manager(cast: Cast) -> None:
    case, reviewer = scene.drafted(cast), scene.reviewer()
    for other in (cast.dev, reviewer):
        with pytest.raises(NotAllowed, match="Only DR2 Dispute Resolution and team managers"):
            scene.issued(case, by=other)
    assert Determination.objects.get().is_draft
    scene.issued(case, by=cast.esi)
    scene.asked(cast, case)
    drafting.start_draft(case, by=cast.dev)
    with pytest.raises(NotAllowed, match="Only DR2 Review and team managers"):
        scene.issued(case, change="Less.", by=cast.esi)
    assert scene.issued(case, change="Less.", by=reviewer).version == 2
    other = scene.drafted(cast, cast.birch_case)
    assert scene.issued(other, by=cast.farid).issued_by_name == "Farid Haddad"


@pytest.mark.row("C18")
@pytest.mark.row("S40")
@pytest.mark.row("S65")
def test_issuing_makes_letters_status_task_and_notices_at_once(cast: Cast) -> None:
    determination = scene.determined(cast)
    case, task = fresh(cast), Task.objects.get()
    assert (determination.state, determination.version) == (DeterminationState.ISSUED, 1)
    assert case.status == Status.DETERMINED_AWAITING_ACTION
    assert (case.orders_outstanding, case.recommendations_outstanding) == (2, 1)
    assert case.determined_at == determination.issued_at
    assert (task.kind, task.due_on) == (TaskKind.CONFIRM_COMPLIANCE, in_days(11))
    assert (task.parts_open, task.parts_unaccepted, task.letter) == (2, 2, determination.letter)
    assert (case.tasks_outstanding, case.next_due_on) == (1, in_days(11))
    assert [order.number for order in determination.orders.all()] == [1, 2]
    kinds = list(case.diary.order_by("id").values_list("kind", flat=True))[-3:]
    assert kinds == [Happened.DETERMINATION_ISSUED, Happened.STATUS_CHANGED, Happened.TASK_SET]


@pytest.mark.row("S49")
def test_issuing_notifies_the_landlord_and_the_mail_holds_nothing_of_the_case(cast: Cast) -> None:
    scene.determined(cast)
    notify_all()
    for who in ("amina", "ben"):
        assert inbox.unread(cast.actors[who]).filter(entry__kind=Happened.DETERMINATION_ISSUED).count() == 1
    assert not inbox.unread(cast.carys).filter(entry__kind=Happened.DETERMINATION_ISSUED).exists()
    mail = OutgoingMail.objects.get(kind="notification: determination issued")
    assert mail.to_address == "amina@alder.example"
    assert "O’Neil" not in mail.body + mail.subject
    assert "damp" not in mail.body


@pytest.mark.row("S49")
def test_the_landlord_has_its_letter_and_the_residents_is_staff_only(cast: Cast) -> None:
    determination = scene.determined(cast)
    assert (determination.letter.visibility, determination.resident_letter.visibility) == (
        Visibility.BOTH,
        Visibility.STAFF,
    )
    seen = Document.objects.visible_to(cast.amina)
    assert determination.letter in seen
    assert determination.resident_letter not in seen
    ours, theirs = words_of(determination.letter, cast), words_of(determination.resident_letter, cast)
    for text in (ours, theirs):
        assert "Complaint 1: maladministration The landlord left the damp untreated for a year." in text
        assert "Order 2: repairs, by" in text
        assert "Recommendation 1: training" in text
        assert f"Esi Mensah {settings.ORGANISATION_NAME}" in text
    assert "You must do the following" in ours
    assert "We have determined your complaint about Alder Homes." in theirs


@pytest.mark.row("D13")
def test_letters_keep_their_category_when_nobody_can_choose_it_any_more(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        content.retire_category("correspondence", by=cast.gwen)
    case = scene.investigated(cast.case, cast.dev)
    drafting.write_complaint(case, words="Damp", finding="withdrawn", by=cast.dev)
    determination = scene.issued(case, by=cast.esi)
    assert determination.letter.category_label == "Complaint correspondence"


@pytest.mark.row("S49")
def test_the_letter_is_tagged_and_takes_peoples_words_as_data(cast: Cast) -> None:
    case = scene.investigated(cast.case, cast.dev)
    nasty = '#read("/etc/passwd") $x$ *b* \x00 Siân 👍 ' + "w" * 200
    drafting.write_complaint(case, words=nasty, finding="withdrawn", by=cast.dev)
    determination = scene.issued(case, by=cast.esi)
    content = open_document(case.reference, determination.letter.pk, by=cast.dev)[1].read()
    assert '#read("/etc/passwd") $x$ *b*' in words_of(determination.letter, cast)
    assert PdfReader(io.BytesIO(content)).trailer["/Root"]["/MarkInfo"]["/Marked"]


@pytest.mark.row("S49")
def test_the_residents_letter_is_recorded_as_sent_once_with_how_and_when(cast: Cast) -> None:
    determination = scene.determined(cast, ago=3)
    for wrong, field in (({"how": "pigeon"}, "how"), ({"on": in_days(1)}, "on"), ({"on": in_days(-4)}, "on")):
        with pytest.raises(RuleBroken) as refusal:
            issuing.record_sent_to_resident(determination, by=cast.dev, **{"how": "post", "on": in_days(-1), **wrong})
        assert refusal.value.field == field
    sent = issuing.record_sent_to_resident(determination, how="post", on=in_days(-1), by=cast.dev)
    assert (sent.sent_to_resident_how, sent.sent_to_resident_on) == ("post", in_days(-1))
    assert sent.sent_to_resident_by_name == "Dev Patel"
    entry = cast.case.diary.get(kind=Happened.RESIDENT_LETTER_SENT)
    assert not entry.landlord_may_read
    with pytest.raises(RuleBroken, match="already"):
        issuing.record_sent_to_resident(determination, how="email", on=clock.today(), by=cast.dev)


@pytest.mark.row("S39")
def test_a_determination_without_orders_or_recommendations_is_determined_and_sets_no_task(cast: Cast) -> None:
    scene.determined(cast, count=0, recommendations=0)
    case = fresh(cast)
    assert (case.status, case.orders_outstanding, case.tasks_outstanding) == (Status.DETERMINED, 0, 0)
    assert not Task.objects.exists()
    assert not cases.move_case(case, to=Status.CLOSED, reason="Nothing left.", by=cast.dev).is_open


@pytest.mark.row("S40")
def test_a_single_recommendation_is_enough_to_await_the_landlord(cast: Cast, settings) -> None:
    to_sunday = 13 - clock.today().weekday()
    settings.FEEDBACK_DAYS = to_sunday
    scene.determined(cast, count=0, recommendations=1)
    task = Task.objects.get()
    assert fresh(cast).status == Status.DETERMINED_AWAITING_ACTION
    assert (task.parts_open, task.parts_unaccepted, task.due_on) == (1, 0, scene.working_day(to_sunday))
    assert task.due_on.weekday() < 5


@pytest.mark.row("C18")
def test_a_determination_that_is_refused_leaves_nothing_behind(cast: Cast) -> None:
    case = scene.investigated(cast.case, cast.dev)
    drafting.write_order(case, kind="other", words="Do it.", due_on=in_days(3), by=cast.dev)
    with pytest.raises(RuleBroken, match="at least one defined complaint"):
        scene.issued(case, by=cast.esi)
    drafting.write_complaint(case, words="Damp.", finding="withdrawn", by=cast.dev)
    with (
        clock.moved_to(clock.now() + timedelta(days=9)),
        pytest.raises(RuleBroken, match="Order 1 is due in the past"),
    ):
        scene.issued(case, by=cast.esi)
    assert not Document.objects.exists()
    assert not Task.objects.exists()
    assert fresh(cast).status == Status.UNDER_INVESTIGATION
    assert Determination.objects.get().is_draft


@pytest.mark.row("C18")
def test_a_determination_is_issued_once(cast: Cast) -> None:
    scene.determined(cast)
    with pytest.raises(RuleBroken, match="no draft"):
        scene.issued(cast.case, by=cast.esi)
    assert Task.objects.count() == 1


def test_eighteen_complaints_and_forty_orders_are_issued_and_read_with_a_fixed_number_of_statements(cast: Cast) -> None:
    counts = []
    for case, complaints, orders in ((cast.case, 2, 2), (cast.birch_case, 18, 40)):
        case = scene.investigated(case, cast.dev)
        for number in range(complaints):
            drafting.write_complaint(case, words=f"Complaint {number}.", finding="withdrawn", by=cast.dev)
        for number in range(orders):
            drafting.write_order(case, kind="other", words=f"Do {number}.", due_on=in_days(30), by=cast.dev)
        scene.issued(case, by=cast.esi)
        with CaptureQueriesContext(connection) as caught:
            (read,) = actions.open_determinations(case, by=cast.dev)
            assert (len(read.complaints.all()), len(read.orders.all())) == (complaints, orders)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 8


@pytest.mark.row("C20")
def test_a_changed_determination_is_a_new_version_and_the_former_is_kept_superseded(cast: Cast) -> None:
    first = scene.determined(cast)
    one, two = first.orders.select_related("case")
    scene.confirmed(one, cast.amina)
    scene.asked(cast, cast.case)
    draft = drafting.start_draft(cast.case, by=cast.dev)
    assert [row.words for row in draft.orders.all()] == ["Do repair 1.", "Do repair 2."]
    drafting.write_order(
        cast.case,
        kind="repairs",
        words="Do less.",
        due_on=in_days(30),
        row_id=draft.orders.last().pk,
        shown=version_tokens.of_row(draft.orders.last()),
        by=cast.dev,
    )
    with pytest.raises(RuleBroken) as refusal:
        scene.issued(cast.case, by=cast.farid)
    assert refusal.value.field == "change"
    second = scene.issued(cast.case, change="The second order asked too much.", by=cast.farid)
    first.refresh_from_db()
    assert (first.state, second.state, second.version) == (DeterminationState.SUPERSEDED, DeterminationState.ISSUED, 2)
    assert [row.words for row in first.orders.all()] == ["Do repair 1.", "Do repair 2."]
    kept, changed = second.orders.all()
    assert (kept.state, changed.state) == (OrderState.CONFIRMED, OrderState.OWED)
    assert kept.confirmations.get().evidence.get().name == "Proof of order 1.txt"
    case, (old, new) = fresh(cast), Task.objects.order_by("id")
    assert (old.state, new.state, new.parts_open) == (TaskState.CANCELLED, TaskState.OUTSTANDING, 1)
    assert case.status == Status.DETERMINED_AWAITING_ACTION
    assert (case.orders_outstanding, case.determined_at) == (2, second.issued_at)
    (review,) = actions.reviews_of(case, by=cast.amina)
    assert (review.outcome, review.outcome_reason) == ("changed", "The second order asked too much.")
    with pytest.raises(NotAllowed):
        scene.confirmed(two, cast.amina)

"""A wrong upload is withdrawn or replaced until the service has opened it; nobody opens it afterwards; all of it stays told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from portal.audit.models import AuditRow
from portal.cases import actions as cases
from portal.cases.models import Case, DiaryEntry
from portal.cases.statuses import Status
from portal.determinations.orders import possible_evidence
from portal.documents import actions as documents
from portal.documents import withdrawing
from portal.documents.models import Document, Submission, Visibility
from portal.documents.receipt import receipt_of
from portal.files import storage
from portal.files.models import Upload
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.messaging import actions as messaging
from portal.notifications.fan_out import fan_out_one
from portal.notifications.inbox import bell_of
from portal.notifications.models import Delivery
from portal.notifications.rules import line
from portal.tasks import actions as tasks
from portal.tasks.models import TaskKind
from tests import cast as the_cast
from tests import determination_scene as scene
from tests.cast import Cast, in_days
from tests.rules import made_documents as made

pytestmark = pytest.mark.row("B12")


def _upload(cast: Cast, *names: str, by: str = "amina", case: Case | None = None) -> list[Document]:
    case, actor = case or cast.case, cast.actors[by]
    sent = [documents.receive_document(case, name, [f"About {name}".encode()], by=actor) for name in names]
    submission = documents.submit_documents(case, categories={one.pk: "repairs" for one in sent}, by=actor)
    return list(submission.documents.order_by("id"))


def _document(cast: Cast, name: str = "wrong.txt", **given: str) -> Document:
    return _upload(cast, name, **given)[0]


def _withdraw(cast: Cast, document: Document, by: str = "amina") -> Document:
    return withdrawing.withdraw_document(document, reason="It is of another case.", by=cast.actors[by])


def _send_right_one(cast: Cast, document: Document, name: str = "right.txt", by: str = "amina") -> Upload:
    return withdrawing.receive_replacement(document, name, [b"The right words"], by=cast.actors[by])


def _replace(cast: Cast, document: Document, by: str = "amina", **given: object) -> Submission:
    return withdrawing.replace_document(document, reason="The wrong year.", by=cast.actors[by], **given)


def _recategorise(cast: Cast, document: Document, category: str, by: str = "amina") -> Document:
    return withdrawing.change_category(document, category=category, by=cast.actors[by])


def _open(cast: Cast, document: Document, by: str = "dev") -> None:
    documents.open_document(cast.case.reference, document.pk, by=cast.actors[by])[1].close()


def _tell() -> None:
    while fan_out_one(clock.now()):
        pass


def _bell(cast: Cast, who: str = "dev") -> list[str]:
    return [line(row.entry, for_service=True) for row in bell_of(cast.actors[who]).order_by("id")]


def test_a_withdrawn_document_says_who_when_and_why_and_keeps_its_history(cast: Cast) -> None:
    document = _document(cast)
    received = document.received_at
    _withdraw(cast, document, by="ben")
    document.refresh_from_db()
    assert (document.withdrawn_by_name, document.withdrawn_reason) == ("Ben Carter", "It is of another case.")
    assert document.withdrawn_at is not None
    assert document.received_at == received
    entry = DiaryEntry.objects.get(kind="document withdrawn")
    assert entry.details["document"] == document.pk
    assert entry.details["reason"] == "It is of another case."
    assert AuditRow.objects.filter(verb="document withdrawn", case_reference=cast.case.reference).count() == 1
    assert DiaryEntry.objects.filter(kind="documents uploaded").count() == 1


@pytest.mark.row("H40")
@pytest.mark.parametrize("who", ["amina", "ben", "ike", "dev", "esi", "farid", "hana"])
def test_nobody_opens_a_withdrawn_document_and_no_opening_is_recorded(cast: Cast, who: str) -> None:
    document = _withdraw(cast, _document(cast))
    with pytest.raises(RuleBroken, match="nobody can open it"):
        documents.open_document(cast.case.reference, document.pk, by=cast.actors[who])
    assert not AuditRow.objects.filter(verb="document opened").exists()


def test_its_bytes_stay_where_they_are(cast: Cast) -> None:
    document = _withdraw(cast, _document(cast))
    with storage.documents().open(document.stored.key) as kept:
        assert kept.read() == b"About wrong.txt"


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_a_reason_is_asked_for(cast: Cast, reason: str) -> None:
    document = _document(cast)
    with pytest.raises(RuleBroken, match="Enter why") as refusal:
        withdrawing.withdraw_document(document, reason=reason, by=cast.amina)
    assert refusal.value.field == "reason"
    with pytest.raises(RuleBroken, match="500 characters"):
        withdrawing.withdraw_document(document, reason="x" * 501, by=cast.amina)


def test_withdrawn_twice_the_first_reason_stands(cast: Cast) -> None:
    document = _withdraw(cast, _document(cast))
    withdrawing.withdraw_document(document, reason="Something else.", by=cast.ben)
    document.refresh_from_db()
    assert document.withdrawn_reason == "It is of another case."
    assert DiaryEntry.objects.filter(kind="document withdrawn").count() == 1


@pytest.mark.parametrize("who", ["dev", "farid"])  # an auditor's look does not count: tests/apps/test_documents.py
def test_once_the_service_has_opened_it_it_stays(cast: Cast, who: str) -> None:
    document = _document(cast)
    _open(cast, document, by=who)
    for act in (_withdraw, _replace):
        with pytest.raises(RuleBroken, match=r"We have opened this document.*send us a message"):
            act(cast, document)
    with pytest.raises(RuleBroken, match="We have opened this document"):
        _send_right_one(cast, Document.objects.get(pk=document.pk))


def test_the_landlords_own_opening_does_not_count(cast: Cast) -> None:
    document = _document(cast)
    _open(cast, document, by="ben")
    assert _withdraw(cast, document).is_withdrawn


def test_the_database_itself_keeps_the_two_apart(cast: Cast) -> None:
    withdrawn = _withdraw(cast, _document(cast))
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=withdrawn.pk).update(opened_by_service_at=clock.now())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_of_opening_and_withdrawing_at_once_exactly_one_wins(attempt: int) -> None:
    cast = the_cast.build()
    document = _document(cast)

    def act(number: int) -> str:
        try:
            if number % 2:
                _open(cast, document)
                return "opened"
            _withdraw(cast, document)
            return "withdrawn"
        except RuleBroken:
            return ""
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = {answer for answer in pool.map(act, range(attempt, attempt + 4)) if answer}
    assert len(answers) == 1
    document.refresh_from_db()
    assert (document.opened_by_service_at is None) is ("withdrawn" in answers)
    assert document.is_withdrawn is ("withdrawn" in answers)


def test_what_came_with_a_message_belongs_to_the_message(cast: Cast) -> None:
    sent = messaging.receive_attachment(cast.case, "a.txt", [b"Words"], by=cast.amina)
    messaging.start_thread(cast.case, subject="A", body="See this", by=cast.amina, upload_ids=[sent.pk])
    with pytest.raises(RuleBroken, match="came with a message"):
        _withdraw(cast, Document.objects.get())


def test_what_the_service_put_there_is_the_services(cast: Cast) -> None:
    document = documents.share_document(
        cast.case, name="a.txt", content=b"Words", category="other", visibility=Visibility.BOTH, by=cast.dev
    )
    with pytest.raises(RuleBroken, match="We put this document on the case"):
        _withdraw(cast, document)


@pytest.mark.row("S103")
def test_on_a_closed_case_nothing_is_withdrawn(cast: Cast) -> None:
    document = _document(cast)
    cases.move_case(cast.case, to=Status.CLOSED, reason="Ended.", by=cast.dev)
    for act in (_withdraw, _replace):
        with pytest.raises(RuleBroken, match="This case is closed"):
            act(cast, document)


def test_evidence_for_an_order_stays_and_what_was_withdrawn_is_none(cast: Cast) -> None:
    order = scene.determined(cast).orders.select_related("case").first()
    wrong = _withdraw(cast, _document(cast))
    assert wrong not in possible_evidence(cast.case, by=cast.amina)
    scene.confirmed(order, cast.amina)
    for document in Document.objects.filter(is_relied_on=True, by_landlord=True):
        with pytest.raises(RuleBroken, match="The case relies on this document"):
            _withdraw(cast, document)
    assert Document.objects.filter(is_relied_on=True, by_landlord=True).exists()


def test_a_tasks_letter_stays_and_what_was_withdrawn_is_none(cast: Cast) -> None:
    letter, wrong = _upload(cast, "letter.txt", "wrong.txt")
    given = {"kind": TaskKind.FOR_INFORMATION, "title": "Read it", "due_on": in_days(9), "by": cast.dev}
    tasks.set_task(cast.case, letter=letter, **given)
    with pytest.raises(RuleBroken, match="The case relies on this document"):
        _withdraw(cast, letter)
    _withdraw(cast, wrong)
    with pytest.raises(RuleBroken, match="has withdrawn this document"):
        tasks.set_task(cast.case, letter=wrong, **given)


@pytest.mark.row("H44")
@pytest.mark.parametrize("who", ["carys", "dev", "ike", "gwen"])
def test_only_people_who_work_on_the_landlords_cases_withdraw(cast: Cast, who: str) -> None:
    document = _document(cast)
    for act in (_withdraw, _replace, _send_right_one):
        with pytest.raises((NotAllowed, Document.DoesNotExist)):
            act(cast, document, by=who)
    document.refresh_from_db()
    assert not document.is_withdrawn


def test_a_replacement_takes_the_category_and_names_what_it_replaces(cast: Cast) -> None:
    document = _document(cast)
    sent = _send_right_one(cast, document)
    submission = _replace(cast, document)
    new = submission.documents.get()
    document.refresh_from_db()
    assert (new.name, new.category, new.replaces, new.received_at) == (
        "right.txt",
        "repairs",
        document,
        sent.received_at,
    )
    assert document.successor == new
    assert (document.withdrawn_reason, document.withdrawn_by_name) == ("The wrong year.", "Amina Yusuf")
    _open(cast, new)
    with pytest.raises(RuleBroken, match="nobody can open it"):
        _open(cast, document)
    assert not Upload.objects.exists()


@pytest.mark.row("B3")
def test_both_receipts_stay_the_record_of_what_was_received(cast: Cast) -> None:
    document = _document(cast)
    before = receipt_of(documents.open_receipt(cast.case, document.submission_id, by=cast.amina)).files[0]
    _send_right_one(cast, document)
    submission = _replace(cast, document)
    (new,) = receipt_of(documents.open_receipt(cast.case, submission.pk, by=cast.amina)).files
    assert (new.name, new.replaces, new.since) == ("right.txt", "wrong.txt", "")
    after = receipt_of(documents.open_receipt(cast.case, document.submission_id, by=cast.amina)).files[0]
    assert (after.name, after.sha256, after.received) == (before.name, before.sha256, before.received)
    assert after.since.startswith("Replaced by right.txt, ")


def test_a_replacement_is_inspected_like_every_upload(cast: Cast) -> None:
    document = _document(cast)
    refused = _send_right_one(cast, document, "all.txt")
    withdrawing.discard_replacement(document, refused.pk, by=cast.amina)
    zipped = withdrawing.receive_replacement(document, "all.zip", [made.zipped(("a", "a"))], by=cast.amina)
    assert zipped.is_refused
    with pytest.raises(RuleBroken, match="Choose the document that takes its place"):
        _replace(cast, document)
    document.refresh_from_db()
    assert not document.is_withdrawn


def test_exactly_one_document_takes_the_place(cast: Cast) -> None:
    document = _document(cast)
    first = _send_right_one(cast, document)
    _send_right_one(cast, document, "other.txt")
    with pytest.raises(RuleBroken, match="Remove those that you do not want"):
        _replace(cast, document)
    withdrawing.discard_replacement(document, first.pk, by=cast.amina)
    assert _replace(cast, document).documents.get().name == "other.txt"


@pytest.mark.row("H19")
def test_a_colleagues_waiting_file_replaces_nothing(cast: Cast) -> None:
    document = _document(cast)
    _send_right_one(cast, document, by="ben")
    with pytest.raises(RuleBroken, match="Choose the document"):
        _replace(cast, document, by="amina")


def test_replacing_pressed_twice_gives_the_one_submission(cast: Cast) -> None:
    document = _document(cast)
    _send_right_one(cast, document)
    assert _replace(cast, document) == _replace(cast, document)
    with pytest.raises(RuleBroken, match="withdrawn or replaced already"):
        _replace(cast, document, by="ben")
    assert DiaryEntry.objects.filter(kind="document replaced").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_who_replace_the_same_document_at_once_make_one_replacement() -> None:
    cast = the_cast.build()
    document = _document(cast)
    for who in ("amina", "ben"):
        _send_right_one(cast, document, f"{who}.txt", by=who)

    def press(who: str) -> bool:
        try:
            return bool(_replace(cast, document, by=who))
        except RuleBroken:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, ("amina", "ben"))) == [False, True]
    assert Document.objects.filter(replaces=document).count() == 1


def test_a_replacement_can_be_replaced_in_turn(cast: Cast) -> None:
    first = _document(cast)
    _send_right_one(cast, first)
    second = _replace(cast, first).documents.get()
    _send_right_one(cast, second, "third.txt")
    third = _replace(cast, second).documents.get()
    assert [third.replaces, third.replaces.replaces] == [second, first]


@pytest.mark.row("S83")
def test_a_document_keeps_the_name_it_was_sent_under_beside_its_new_one(cast: Cast) -> None:
    (sent,) = [documents.receive_document(cast.case, "IMG_1.txt", [b"Words"], by=cast.amina)]
    given = {"categories": {sent.pk: "media"}, "by": cast.amina}
    with pytest.raises(RuleBroken, match=r"must end in \.txt") as refusal:
        documents.submit_documents(cast.case, names={sent.pk: "Kitchen.exe"}, **given)
    assert refusal.value.field == f"name-{sent.pk}"
    submission = documents.submit_documents(cast.case, names={sent.pk: "Kitchen ceiling"}, **given)
    (document,) = submission.documents.all()
    assert (document.name, document.sent_name) == ("Kitchen ceiling.txt", "IMG_1.txt")
    (file,) = receipt_of(documents.open_receipt(cast.case, submission.pk, by=cast.dev)).files
    assert (file.name, file.sent_as) == ("Kitchen ceiling.txt", "IMG_1.txt")


@pytest.mark.row("S78")
def test_the_owner_who_heard_of_the_upload_is_told_once_of_the_withdrawal(cast: Cast) -> None:
    document, _ = _upload(cast, "wrong.txt", "kept.txt")
    _tell()
    _withdraw(cast, document)
    _tell()
    assert _bell(cast) == ["2 documents uploaded", "Document withdrawn: wrong.txt"]


def test_who_has_not_heard_of_the_upload_hears_nothing_of_its_end(cast: Cast) -> None:
    first, *_ = _upload(cast, "wrong.txt", "kept.txt")
    _withdraw(cast, first)
    _withdraw(cast, _document(cast, "alone.txt"))
    _tell()
    assert _bell(cast) == ["2 documents uploaded"]


def test_a_replacement_is_told_as_the_arrival_that_it_is(cast: Cast) -> None:
    document = _document(cast)
    _send_right_one(cast, document)
    _replace(cast, document)
    _tell()
    assert _bell(cast) == ["Document replaced: wrong.txt by right.txt"]


def test_another_owner_hears_of_no_withdrawal_of_what_they_were_not_told_of(cast: Cast) -> None:
    document, _ = _upload(cast, "wrong.txt", "kept.txt")
    _tell()
    cases.hand_over(cast.case, team=cast.case.team, owner_id=cast.farid.user_id, by=cast.dev)
    _withdraw(cast, document)
    _tell()
    assert "Document withdrawn: wrong.txt" not in _bell(cast, "farid") + _bell(cast)
    assert not Delivery.objects.filter(entry__kind="document withdrawn").exists()


def test_a_batch_of_which_nothing_is_left_is_no_new_upload(cast: Cast) -> None:
    first, second = _upload(cast, "a.txt", "b.txt")
    _withdraw(cast, first)
    assert Submission.objects.visible_to(cast.dev).new_uploads().count() == 1
    _withdraw(cast, second)
    assert not Submission.objects.visible_to(cast.dev).new_uploads().exists()


@pytest.mark.row("H44")
def test_a_submission_is_seen_by_both_sides_of_its_case_and_by_nobody_else(cast: Cast) -> None:
    _document(cast)
    seen = {name for name, actor in cast.actors.items() if Submission.objects.visible_to(actor).exists()}
    assert seen == {"amina", "ben", "ike", "dev", "esi", "farid", "hana"}


def test_another_category_leaves_a_trace_and_the_receipt_as_it_was(cast: Cast) -> None:
    document = _document(cast)
    _recategorise(cast, document, "rent", by="ben")
    document.refresh_from_db()
    assert (document.category_label, document.received_category_label) == ("Rent account", "Repair log")
    entry = DiaryEntry.objects.get(kind="document recategorised")
    assert line(entry, for_service=True) == "Category of wrong.txt changed from Repair log to Rent account"
    assert (entry.actor_name, entry.landlord_may_read, entry.staff_may_read) == (cast.ben.name, True, True)
    assert AuditRow.objects.filter(verb="document recategorised").count() == 1
    receipt = receipt_of(documents.open_receipt(cast.case, document.submission_id, by=cast.dev))
    assert (receipt.files[0].category, receipt.files[0].since) == ("Repair log", "Category changed to Rent account")
    _recategorise(cast, document, "repairs")
    receipt = receipt_of(documents.open_receipt(cast.case, document.submission_id, by=cast.dev))
    assert (receipt.files[0].category, receipt.files[0].since) == ("Repair log", "")


def test_the_same_category_again_changes_nothing_and_tells_nothing(cast: Cast) -> None:
    _recategorise(cast, _document(cast), "repairs")
    assert not DiaryEntry.objects.filter(kind="document recategorised").exists()


def test_a_category_that_does_not_exist_is_refused(cast: Cast) -> None:
    document = _document(cast)
    with pytest.raises(RuleBroken, match="Choose a category") as refused:
        _recategorise(cast, document, "nonsense")
    assert refused.value.field == "category"


def test_an_opened_or_withdrawn_document_or_one_of_somebody_else_keeps_its_category(cast: Cast) -> None:
    opened, withdrawn, other = _upload(cast, "a.txt", "b.txt", "c.txt")
    _open(cast, opened)
    _withdraw(cast, withdrawn)
    for document, words in ((opened, "We have opened this document"), (withdrawn, "withdrawn or replaced already")):
        with pytest.raises(RuleBroken, match=words):
            _recategorise(cast, document, "rent")
    for who in ("carys", "dev"):
        with pytest.raises(NotAllowed):
            _recategorise(cast, other, "rent", by=who)
    assert set(Document.objects.values_list("category", flat=True)) == {"repairs"}


@pytest.mark.parametrize("person", ["ike", "dev", "gwen", "hana"])
def test_whoever_may_not_work_on_cases_neither_sends_nor_removes_a_replacement(cast: Cast, person: str) -> None:
    document = _document(cast)
    waiting = _send_right_one(cast, document)
    target, by = withdrawing.target_of(document), cast.actors[person]
    own = Upload.objects.filter(pk=waiting.pk)
    own.update(
        user_id=by.user_id, landlord_id=by.landlord_id
    )  # as if it were theirs, so that only the permission stands in the way
    with pytest.raises(NotAllowed):
        _send_right_one(cast, document, by=person)
    with pytest.raises(NotAllowed):
        withdrawing.discard_replacement(document, waiting.pk, by=by)
    assert Upload.objects.filter(target=target).count() == 1

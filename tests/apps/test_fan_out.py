"""Who is told of what happened, and by which way: the bell, and the e-mail to the landlord's administrator address."""

import pytest

from portal.accounts.models import User
from portal.cases import actions as cases
from portal.cases import diary_writer
from portal.cases.diary import Happened
from portal.cases.statuses import Status
from portal.documents import actions as documents
from portal.files import actions as files
from portal.lib import clock
from portal.mail.models import OutgoingMail
from portal.messaging import actions as messaging
from portal.notifications import inbox
from portal.notifications.fan_out import fan_out_one
from portal.notifications.inbox import Place
from portal.notifications.models import Delivery, Notification
from portal.notifications.sending import send_delivery
from portal.tasks import actions as tasks
from portal.tasks.models import TaskKind
from portal.teams.models import Team
from tests.cast import Cast, in_days


def _tell() -> None:
    while fan_out_one(clock.now()) or send_delivery(clock.now()):
        pass


@pytest.fixture
def quiet(cast: Cast) -> Cast:
    """The cast, after everything that building it had to say has been said."""
    _tell()
    Notification.objects.all().delete()
    Delivery.objects.all().delete()
    OutgoingMail.objects.all().delete()
    return cast


def _rung() -> set[str]:
    return set(Notification.objects.values_list("person__name", flat=True))


@pytest.mark.row("S85")
def test_a_message_makes_one_mail_to_the_administrator_and_rings_every_bell_of_the_landlord(quiet: Cast) -> None:
    body = "Mrs O’Neil says the ceiling fell in."
    messaging.start_thread(quiet.case, subject="The ceiling", body=body, by=quiet.dev)
    _tell()
    (mail,) = OutgoingMail.objects.all()
    assert mail.to_address == "amina@alder.example"
    assert quiet.case.reference in mail.body
    for secret in ("ceiling", quiet.case.resident_name, "Mill Lane", "O’Neil"):
        assert secret not in mail.body + mail.subject
    assert _rung() == {"Amina Yusuf", "Ben Carter", "Ike Bello"}


@pytest.mark.row("S3")
def test_a_mail_links_into_the_portal_and_says_that_nobody_reads_replies(quiet: Cast, settings) -> None:
    messaging.start_thread(quiet.case, subject="Hello", body="Text", by=quiet.dev)
    _tell()
    mail = OutgoingMail.objects.get()
    assert f"{settings.PORTAL_URL}/cases/{quiet.case.reference}/" in mail.body
    assert "Nobody reads replies" in mail.body


@pytest.mark.row("S78")
def test_a_batch_of_three_uploads_rings_the_owners_bell_once(quiet: Cast) -> None:
    target = documents.target_of(quiet.case)
    sent = [files.receive(f"{n}.txt", [b"words\n"], target=target, by=quiet.amina) for n in range(3)]
    documents.submit_documents(quiet.case, categories={upload.pk: "repairs" for upload in sent}, by=quiet.amina)
    _tell()
    assert list(Notification.objects.values_list("person__name", flat=True)) == ["Dev Patel"]


def test_a_case_without_an_owner_rings_in_its_whole_team(quiet: Cast) -> None:
    cases.hand_over(quiet.case, team=Team.TRIAGE, owner_id=None, by=quiet.dev)
    messaging.start_thread(quiet.case, subject="Hello", body="Text", by=quiet.amina)
    _tell()
    assert _rung() == {"Dev Patel", "Farid Haddad"}


def test_a_new_owner_is_told_and_the_landlord_is_not(quiet: Cast) -> None:
    cases.hand_over(quiet.case, team=Team.DISPUTE_RESOLUTION, owner_id=quiet.esi.user_id, by=quiet.dev)
    _tell()
    assert _rung() == {"Esi Mensah"}
    assert not OutgoingMail.objects.exists()


def test_nothing_of_a_hidden_case_is_told_to_the_landlord(quiet: Cast) -> None:
    cases.move_case(quiet.hidden, to=Status.REFERRAL_ASSESSMENT, reason="Clear.", by=quiet.dev)
    tasks.set_task(quiet.hidden, kind=TaskKind.RECORD_COMPLAINT, title="", due_on=in_days(9), by=quiet.dev)
    _tell()
    assert not Notification.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_somebody_who_left_before_it_was_told_hears_nothing(quiet: Cast) -> None:
    messaging.start_thread(quiet.case, subject="Hello", body="Text", by=quiet.dev)
    User.objects.filter(pk=quiet.ben.user_id).update(is_active=False)
    _tell()
    assert _rung() == {"Amina Yusuf", "Ike Bello"}


@pytest.mark.row("D5")
def test_a_colleague_is_told_of_what_was_assigned_to_them_and_nobody_else_is(quiet: Cast) -> None:
    task = tasks.set_task(quiet.case, kind=TaskKind.RECORD_COMPLAINT, title="", due_on=in_days(9), by=quiet.dev)
    _tell()
    Notification.objects.all().delete()
    tasks.assign_task(task, colleague_id=quiet.ben.user_id, by=quiet.amina)
    _tell()
    assert _rung() == {"Ben Carter"}


@pytest.mark.row("H19")
def test_nobody_marks_another_persons_bell_as_read(quiet: Cast) -> None:
    messaging.start_thread(quiet.case, subject="Hello", body="Text", by=quiet.dev)
    _tell()
    thread = inbox.bell_of(quiet.amina).get().entry.details["thread"]
    inbox.look_at(Place("thread", quiet.case.pk, thread), by=quiet.ben)
    inbox.look_at(Place("thread", quiet.case.pk, thread), by=quiet.carys)
    inbox.mark_all_read(by=quiet.ben)
    assert inbox.unread(quiet.amina).count() == 1


def test_a_case_whose_owner_has_left_rings_in_its_whole_team(quiet: Cast) -> None:
    User.objects.filter(pk=quiet.dev.user_id).update(is_active=False)
    messaging.start_thread(quiet.case, subject="Hello", body="Text", by=quiet.amina)
    _tell()
    assert _rung() == {"Farid Haddad"}


def test_whoever_assigns_a_task_to_themselves_is_not_told(quiet: Cast) -> None:
    task = tasks.set_task(quiet.case, kind=TaskKind.RECORD_COMPLAINT, title="", due_on=in_days(9), by=quiet.dev)
    _tell()
    for model in (Notification, Delivery, OutgoingMail):
        model.objects.all().delete()
    tasks.assign_task(task, colleague_id=quiet.ben.user_id, by=quiet.ben)
    _tell()
    assert not Notification.objects.exists()
    assert not OutgoingMail.objects.filter(to_address="ben@alder.example").exists()


def test_whoever_takes_a_case_over_is_not_told(quiet: Cast) -> None:
    cases.hand_over(quiet.case, team=Team.DISPUTE_RESOLUTION, owner_id=quiet.esi.user_id, by=quiet.esi)
    _tell()
    assert not Notification.objects.exists()


@pytest.mark.parametrize("is_owned", [True, False])
def test_of_the_service_whoever_did_it_is_not_told(quiet: Cast, is_owned: bool) -> None:
    cases.hand_over(quiet.case, team=Team.TRIAGE, owner_id=quiet.dev.user_id if is_owned else None, by=quiet.dev)
    _tell()
    Notification.objects.all().delete()
    diary_writer.write(quiet.case, Happened.MESSAGE_FROM_LANDLORD, by=quiet.dev, thread=0, message=0)
    _tell()
    assert _rung() == (set() if is_owned else {"Farid Haddad"})


def test_of_the_landlord_whoever_did_it_is_not_told(quiet: Cast) -> None:
    diary_writer.write(quiet.case, Happened.MESSAGE_FROM_SERVICE, by=quiet.ben, thread=0, message=0)
    _tell()
    assert _rung() == {"Amina Yusuf", "Ike Bello"}

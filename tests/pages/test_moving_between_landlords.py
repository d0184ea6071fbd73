"""A person moves to another landlord, or a case does: access flips with the next request, for queued mails too (H47)."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db.models import Q

from portal.cases import actions as cases
from portal.cases.models import Case
from portal.documents import actions as documents
from portal.files import actions as files
from portal.landlords.models import Landlord, Membership
from portal.lib import clock
from portal.lib.errors import RuleBroken
from portal.mail.models import OutgoingMail
from portal.messaging import actions as messaging
from portal.notifications.choices import choose_mails
from portal.notifications.fan_out import fan_out_one
from portal.notifications.models import Delivery
from portal.notifications.sending import send_delivery, send_digest
from portal.notifications.topics import LANDLORD_TOPICS, Pace
from tests import determination_scene as scene
from tests.cast import Cast, actor_now
from tests.conftest import Browser
from tests.pages.landlord_rows import task_on

THEIRS = "/cases/202601234/"


def _place(cast: Cast) -> list[str]:
    """A task, a thread, a document and a receipt on Alder's case; the addresses under which its people reach them."""
    task, thread = task_on(cast), messaging.start_thread(cast.case, subject="Access", body="Please.", by=cast.dev)
    proof = scene.proof(cast.case, cast.amina)
    return [
        THEIRS,
        f"{THEIRS}tasks/",
        f"{THEIRS}documents/",
        f"{THEIRS}documents/{proof.pk}/",
        f"{THEIRS}receipts/{proof.submission_id}/",
        f"{THEIRS}messages/{thread.pk}/",
        f"/tasks/{task.pk}/",
    ]


def _moved_person(cast: Cast, name: str) -> None:
    Membership.objects.filter(user=cast.users[name]).update(landlord=cast.birch)


def _moved_case(case: Case, to: Landlord) -> None:
    """As whoever merges two landlords would: the case and every row that says whose case it is on."""
    for model in apps.get_models():
        names = {field.attname for field in model._meta.concrete_fields}
        if model.__module__.startswith("portal.") and {"case_id", "landlord_id"} <= names:
            model._default_manager.filter(case_id=case.pk).update(landlord_id=to.pk)
    Case.objects.filter(pk=case.pk).update(landlord=to, colleague=None)


def _work(hours: int = 0) -> None:
    at = clock.now() + timedelta(hours=hours)
    with clock.moved_to(at):
        while fan_out_one(at) or send_delivery(at) or send_digest(at):
            pass


@pytest.mark.row("H47")
def test_who_moves_to_another_landlord_loses_the_one_and_gains_the_other_with_the_next_request(
    cast: Cast, client_of: Browser
) -> None:
    addresses, ben = _place(cast), client_of("ben")
    _work()
    assert [ben.get(address).status_code for address in addresses] == [200] * len(addresses)
    _moved_person(cast, "ben")
    assert [ben.get(address).status_code for address in addresses] == [404] * len(addresses)
    assert ben.get("/cases/202609999/").status_code == 200
    for page in ("/", "/cases/", "/tasks/", "/messages/", "/notifications/", "/cases/?reference=202601234"):
        assert "/cases/202601234/" not in ben.get(page).content.decode(), page
    with pytest.raises(RuleBroken):
        messaging.start_thread(cast.case, subject="s", body="b", by=actor_now(cast.users["ben"]))
    with pytest.raises(RuleBroken):
        cases.assign_colleague(cast.case, colleague_id=cast.users["ben"].pk, by=cast.amina)


@pytest.mark.row("H47")
def test_a_case_that_is_transferred_opens_to_the_new_landlord_and_closes_to_the_old_one_at_once(
    cast: Cast, client_of: Browser
) -> None:
    addresses, amina, carys = _place(cast), client_of("amina"), client_of("carys")
    _work()
    assert [carys.get(address).status_code for address in addresses] == [404] * len(addresses)
    _moved_case(cast.case, cast.birch)
    assert [amina.get(address).status_code for address in addresses] == [404] * len(addresses)
    assert [carys.get(address).status_code for address in addresses] == [200] * len(addresses)
    for page in ("/", "/cases/", "/tasks/", "/messages/", "/notifications/"):
        assert "202601234" not in amina.get(page).content.decode(), page
    assert "202601234" in carys.get("/cases/").content.decode()


@pytest.mark.row("H47")
@pytest.mark.row("H54")
@pytest.mark.parametrize("pace", [Pace.AT_ONCE, Pace.DAILY])
def test_mails_that_were_queued_before_the_case_was_transferred_go_to_nobody_of_the_old_landlord(
    cast: Cast, pace: Pace
) -> None:
    _work(96)
    Delivery.objects.all().delete()
    OutgoingMail.objects.all().delete()
    for person in (cast.amina, cast.ben):
        choose_mails(paces={topic.value: pace.value for topic in LANDLORD_TOPICS}, any_time=True, by=person)
    messaging.start_thread(cast.case, subject="Access", body="Please.", by=cast.dev)
    while fan_out_one(clock.now()):
        pass
    _moved_case(cast.case, cast.birch)
    _work(96)
    alders = Q(to_address__endswith="@alder.example")
    assert not OutgoingMail.objects.filter(alders, kind__startswith="notification").exists()


@pytest.mark.row("H47")
def test_a_file_that_waited_when_its_person_moved_is_submitted_nowhere(cast: Cast) -> None:
    waiting = files.receive("log.txt", [b"1 March\n"], target=documents.target_of(cast.case), by=cast.ben)
    _moved_person(cast, "ben")
    ben = actor_now(cast.users["ben"])
    assert not documents.waiting_documents(cast.case, by=ben).exists()
    for case in (cast.case, cast.birch_case):
        with pytest.raises(RuleBroken):
            documents.submit_documents(case, categories={waiting.pk: "repairs"}, by=ben)

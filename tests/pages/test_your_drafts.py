"""What somebody typed and has not sent is marked beside its thing, and listed on one page with the way on (B1)."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from portal.accounts.models import Session
from portal.cases.models import Case
from portal.determinations import drafting
from portal.determinations.models import Complaint, Order
from portal.drafts import actions as drafts
from portal.drafts.models import Draft
from portal.lib import clock
from portal.messaging import actions as messaging
from portal.messaging.models import Thread
from portal.tasks.models import Task
from tests import determination_scene as scene
from tests import world
from tests.house.resolver import routes
from tests.pages.landlord_rows import close, open_cases, statements, task_on
from tests.well_formed import check

pytestmark = pytest.mark.both  # filters

TYPED = "The boiler was replaced on 3 March."
MARK = "Draft, not sent"
GONE = "The page where you wrote this is gone. You can still copy it."


@pytest.fixture
def task(cast) -> Task:
    return task_on(cast, title="Send the log")


@pytest.fixture
def thread(cast) -> str:
    started = messaging.start_thread(cast.case, subject="Access", body="Please arrange access.", by=cast.dev)
    return f"/cases/{cast.case.reference}/messages/{started.pk}/"


def _keep(cast, name: str, address: str, **fields: str) -> None:
    assert drafts.keep(cast.users[name].pk, address, fields or {"body": TYPED})


def _main(client, address: str) -> BeautifulSoup:
    return check(client.get(address)).main


def _menu(client, address: str = "/") -> list[str]:
    return [link["href"] for link in check(client.get(address)).select(".portal-menu--person a")]


def _links(soup, text: str) -> list[str]:
    return [link["href"] for link in soup.find_all("a", string=re.compile(text))]


@pytest.mark.row("B1")
def test_the_messages_tab_marks_the_thread_and_leads_on_with_a_message_not_begun_yet(cast, client_of, thread) -> None:
    other = messaging.start_thread(cast.case, subject="Rent", body="Please send.", by=cast.dev)
    amina, tab = client_of("amina"), f"/cases/{cast.case.reference}/messages/"
    assert MARK not in _main(amina, tab).get_text()
    _keep(cast, "amina", thread)
    _keep(cast, "amina", f"{tab}new/", subject="Heating", body=TYPED)
    main = _main(amina, tab)
    rows = {row.a.get_text(strip=True): row.get_text() for row in main.select(".portal-thread")}
    assert MARK in rows["Access"]
    assert MARK not in rows[other.subject]
    assert _links(main, "Draft, not sent: New message") == [f"{tab}new/"]
    for name, address in (("ben", tab), ("dev", f"/casework{tab}")):
        assert MARK not in _main(client_of(name), address).get_text()


@pytest.mark.row("B1")
def test_a_reason_that_waits_is_marked_in_each_list_of_tasks_and_on_the_task(cast, client_of, task) -> None:
    task_on(cast, title="Another")
    amina, address = client_of("amina"), f"/tasks/{task.pk}/unable/"
    message = f"/cases/{cast.case.reference}/messages/new/?task={task.pk}"
    _keep(cast, "amina", address, reason=TYPED)
    _keep(cast, "amina", message, body=TYPED)
    for place in ("/tasks/", f"/cases/{cast.case.reference}/tasks/"):
        marked = [row for row in _main(amina, place).select(".portal-task") if MARK in row.get_text()]
        assert [row.select_one(".portal-task__title").get_text() for row in marked] == ["Send the log"]
    for place in ("/tasks/", f"/tasks/{task.pk}/"):
        assert _links(_main(amina, place), MARK) == [message, address]
        assert MARK not in _main(client_of("ben"), place).get_text()


@pytest.mark.row("B1")
def test_a_caseworkers_draft_is_marked_beside_the_task(cast, client_of, task) -> None:
    address = f"/casework/tasks/{task.pk}/cancel/"
    _keep(cast, "dev", address, reason=TYPED)
    dev = client_of("dev")
    for place in (f"/casework/tasks/{task.pk}/", f"/casework/cases/{cast.case.reference}/tasks/"):
        assert _links(_main(dev, place), "Draft, not sent: Cancel task") == [address]


@pytest.mark.row("B1")
def test_your_drafts_lists_every_own_draft_with_the_way_on(cast, client_of, task, thread) -> None:
    amina, ours = client_of("amina"), {thread, f"/tasks/{task.pk}/unable/", "/help/chat/"}
    for address in ours:
        _keep(cast, "amina", address, body=TYPED, reason=TYPED, text=TYPED)
    _keep(cast, "ben", f"/cases/{cast.case.reference}/messages/new/", body="Ben typed this.")
    main = _main(amina, "/drafts/")
    assert {row.a["href"] for row in main.select(".portal-notice")} == ours
    text = " ".join(main.get_text(" ").split())
    for words in ("Reply: Access", "Unable to complete: Send the log", "Question to the portal team", TYPED):
        assert words in text
    assert cast.case.reference in text
    assert "Ben typed this" not in text
    for address in ours:
        assert TYPED in amina.get(address).content.decode()


@pytest.mark.row("B1")
def test_the_menu_and_the_homepage_lead_to_the_drafts_while_there_are_any(cast, client_of, thread) -> None:
    amina = client_of("amina")
    assert "/drafts/" not in _menu(amina)
    assert "You have no drafts" in _main(amina, "/drafts/").get_text()
    _keep(cast, "amina", thread)
    assert "/drafts/" in _menu(amina)
    assert _links(_main(amina, "/"), "Your drafts") == ["/drafts/"]
    assert "/drafts/" not in _menu(client_of("ben"))
    _keep(cast, "dev", f"/casework{thread}")
    assert "/drafts/" in _menu(client_of("dev"), "/casework/")


@pytest.mark.row("B1")
def test_a_draft_is_discarded_from_the_list_and_only_by_its_person(cast, client_of, thread) -> None:
    _keep(cast, "amina", thread)
    amina = client_of("amina")
    form = _main(amina, "/drafts/").select_one(".portal-notice form")
    assert "Discard draft" in form.button.get_text()
    for name in ("ben", "carys", "dev"):
        assert client_of(name).post(form["action"]).status_code == 404
    assert drafts.kept(cast.users["amina"].pk, thread)
    answer = amina.post(form["action"], follow=True)
    assert "Draft discarded." in check(answer).get_text()
    assert "You have no drafts" in check(answer).main.get_text()
    assert drafts.kept(cast.users["amina"].pk, thread) is None
    assert amina.post(form["action"]).status_code == 302  # pressed twice


@pytest.mark.row("B1")
@pytest.mark.row("H45")
def test_what_the_person_may_no_longer_open_is_not_listed(cast, client_of, task, thread) -> None:
    _keep(cast, "amina", thread)
    _keep(cast, "amina", f"/tasks/{task.pk}/unable/", reason=TYPED)
    _keep(cast, "amina", f"/cases/{cast.birch_case.reference}/messages/new/")
    _keep(cast, "amina", f"/casework{thread}")
    for nowhere in ("/gone/", f"/tasks/{10**30}/unable/", "/tasks/0/unable/", "/", f"{thread}?task={10**30}"):
        _keep(cast, "amina", nowhere)
    amina = client_of("amina")
    shown = {row.a["href"] for row in _main(amina, "/drafts/").select(".portal-notice")}
    assert shown == {thread, f"/tasks/{task.pk}/unable/", f"{thread}?task={10**30}"}
    for kind in (Case, Task, Thread):
        kind.objects.all().update(landlord=cast.birch)
    main = _main(amina, "/drafts/")
    assert "You have no drafts" in main.get_text()
    assert TYPED not in main.get_text()


def test_a_draft_on_a_closed_case_can_still_be_read(cast, client_of, thread) -> None:
    _keep(cast, "amina", thread)
    close(cast, cast.case)
    text = _main(client_of("amina"), "/drafts/").get_text()
    assert TYPED in text
    assert "The case is closed, so this cannot be sent." in text


@pytest.mark.row("B1")
def test_a_draft_whose_page_is_gone_is_listed_to_be_copied_without_a_way_on(cast, client_of) -> None:
    case, dev = scene.drafted(cast), client_of("dev")
    start, part = f"/casework/cases/{case.reference}/determination", "/determination/draft"
    row, order = Complaint.objects.first(), Order.objects.first()
    for address in (f"{start}/draft/complaints/{row.pk}/", f"{start}/draft/orders/{order.pk}/"):
        _keep(cast, "dev", address, words=TYPED)
    assert {row.a["href"] for row in _main(dev, "/drafts/").select(".portal-notice") if part in row.a["href"]}
    assert GONE not in _main(dev, "/drafts/").get_text()
    drafting.discard_draft(case, shown=drafting.the_draft(case).version_token, by=cast.esi)
    two = statements(lambda: dev.get("/drafts/"))
    for number in range(5):
        _keep(cast, "dev", f"{start}/draft/orders/{10**6 + number}/", words=TYPED)
    assert statements(lambda: dev.get("/drafts/")) == two
    rows = _main(dev, "/drafts/").select(".portal-notice")
    assert len(rows) == 7
    for shown in rows:
        assert GONE in shown.get_text()
        assert TYPED in shown.get_text()
        assert {link["href"] for link in shown.find_all("a")} == {f"/casework/cases/{case.reference}/"}
        assert shown.form


@pytest.mark.row("B1")
def test_the_list_leads_to_the_pages_that_open_and_to_no_others(cast, client_of) -> None:
    there = world.build(cast)
    gone = {name: 10**6 if name.endswith("_id") else value for name, value in there.items()}
    for person in ("amina", "dev", "gwen", "farid"):
        client = client_of(person)
        for route in routes():
            if not hasattr(route.view, "drafted") or not route.view.guard.admits(cast.actors[person]):
                continue
            for values in (there, gone):
                address = reverse(route.name, kwargs={name: values[name] for name in route.parameters})
                Draft.objects.all().delete()
                drafts.keep(cast.users[person].pk, address, {"text": TYPED})
                shown = _main(client, "/drafts/").select_one(".portal-notice")
                is_offered = shown is not None and address in {link["href"] for link in shown.find_all("a")}
                assert is_offered == (client.get(address).status_code < 400), address


def test_a_long_draft_can_be_read_whole_in_the_list(cast, client_of, thread) -> None:
    _keep(cast, "amina", thread, body=f"{TYPED}\n" * 30 + "The end.")
    row = _main(client_of("amina"), "/drafts/").select_one(".portal-notice")
    assert "The end." in row.details.get_text()
    row.details.decompose()
    assert "The end." not in row.get_text()


def test_a_draft_sealed_with_another_key_breaks_no_list(cast, client_of, thread) -> None:
    _keep(cast, "amina", thread)
    Draft.objects.update(sealed="not ours")
    check(client_of("amina").get("/drafts/"))


def test_the_list_and_the_marks_take_the_same_few_statements_however_many_drafts(cast, client_of) -> None:
    amina = client_of("amina")
    made = open_cases(cast, 12)

    def ask(address: str):
        def asked() -> None:
            Session.objects.update(last_active_at=clock.now() - timedelta(minutes=2))
            assert amina.get(address).status_code == 200

        return asked

    task, tab = Task.objects.on_case(made[0].pk).get(), f"/cases/{made[0].reference}/messages/"
    most = {"/": 9, "/drafts/": 9, "/tasks/": 10, tab: 12, f"/tasks/{task.pk}/": 12}

    def keep(cases) -> None:
        for case in cases:
            task = Task.objects.on_case(case.pk).get()
            _keep(cast, "amina", f"/tasks/{task.pk}/unable/", reason=TYPED)
            _keep(cast, "amina", f"/cases/{case.reference}/messages/new/")
            begun = messaging.start_thread(case, subject="More", body="Please.", by=cast.dev)
            _keep(cast, "amina", f"/cases/{case.reference}/messages/{begun.pk}/")

    keep(made[:1])
    few = {address: statements(ask(address)) - 1 for address in most}
    keep(made[1:])
    assert {address: statements(ask(address)) - 1 for address in most} == few
    assert {address: few[address] for address in most if few[address] > most[address]} == {}


def test_on_a_closed_case_the_draft_is_shown_to_be_copied_and_can_be_discarded(cast, client_of, thread) -> None:
    _keep(cast, "amina", thread, body=f"{TYPED}\n\nSee <b>below</b>.")
    close(cast, cast.case)
    main = _main(client_of("amina"), thread)
    notice = main.select_one("[data-draft-notice]")
    assert "It can no longer be sent from this page." in notice.get_text()
    assert "in the form below" not in notice.get_text()
    assert TYPED in notice.get_text()
    assert "See <b>below</b>." in notice.get_text()
    assert not main.find("textarea")
    client_of("amina").post(thread, {"discard-draft": "1"})
    assert not Draft.objects.exclude(sealed="").exists()

"""Setting tasks and working on them: deadlines typed or counted, letters, checking, answering, old dates shown."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.documents.models import Document, Visibility
from portal.lib import clock
from portal.lib.version_tokens import Stale
from portal.lib.working_days import WorkingCalendar
from portal.pages.design.wording import long_date
from portal.tasks import actions
from portal.tasks.models import Task, TaskKind, TaskState
from tests.cast import Cast, in_days
from tests.conftest import Browser
from tests.pages import casework_scene
from tests.pages.casework_scene import PDF, letter, new_task
from tests.well_formed import check

NEW = "/casework/cases/202601234/tasks/new/"
GIVEN = {"kind": "respond-to-request", "title": "Send the log", "details": "All of 2025.", "working_days": "10"}


def parts(day: date, name: str = "due_on") -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def errors(page) -> str:
    summary = page.select_one(".govuk-error-summary")
    return summary.get_text(" ", strip=True) if summary else ""


def banner(page) -> str:
    return page.select_one(".govuk-notification-banner").get_text(" ", strip=True)


@pytest.mark.row("C10")
@pytest.mark.row("D14")
def test_a_task_is_set_with_working_days_and_the_answer_names_the_date(cast: Cast, client_of: Browser) -> None:
    page = check(client_of("dev").post(NEW, GIVEN, follow=True))
    task = Task.objects.get()
    assert task.due_on == WorkingCalendar().add(clock.today(), 10)
    assert banner(page).endswith(f"Task set: “Send the log”, due {long_date(task.due_on)}.")
    assert (task.title, task.details, task.set_by_name) == ("Send the log", "All of 2025.", "Dev Patel")


@pytest.mark.row("D14")
def test_the_form_shows_where_the_usual_working_days_lead(cast: Cast, client_of: Browser) -> None:
    page = check(client_of("dev").get(NEW))
    end = WorkingCalendar().add(clock.today(), 10)
    assert f"10 is {end:%A} {end.day} {end:%B}" in page.select_one("#id_working_days-hint").get_text()


@pytest.mark.row("S60")
@pytest.mark.row("D14")
@pytest.mark.parametrize(
    ("deadline", "words"),
    [
        ({}, "Enter the date the task is due, or a number of working days"),
        ({"working_days": "ten"}, "whole number"),
        ({"working_days": "0"}, "from 1 to 250"),
        ({"working_days": "10", **parts(date(clock.today().year + 2, 1, 4))}, "do not agree"),
        (parts(date(2020, 1, 4)), "today or later"),
        ({"due_on-day": "3", "due_on-year": "2027"}, "must include a month"),
        ({"due_on-day": "31", "due_on-month": "2", "due_on-year": "2027"}, "real date"),
    ],
)
def test_a_deadline_that_cannot_be_is_refused_and_everything_typed_stays(
    cast: Cast, client_of: Browser, deadline: dict[str, str], words: str
) -> None:
    given = {name: value for name, value in GIVEN.items() if name != "working_days"}
    page = check(client_of("dev").post(NEW, {**given, **deadline}))
    assert words in errors(page)
    assert not Task.objects.exists()
    assert page.select_one("#id_details").get_text().strip() == "All of 2025."
    assert page.select_one("input[name=kind][checked]")["value"] == "respond-to-request"
    for name, value in deadline.items():
        assert page.select_one(f"input[name={name}]")["value"] == value


@pytest.mark.row("D14")
def test_a_date_and_working_days_that_agree_are_taken(cast: Cast, client_of: Browser) -> None:
    end = WorkingCalendar().add(clock.today(), 10)
    client_of("dev").post(NEW, {**GIVEN, **parts(end)})
    assert Task.objects.get().due_on == end


@pytest.mark.row("S63")
def test_for_information_takes_a_new_letter_in_the_same_form(cast: Cast, client_of: Browser) -> None:
    given = {**GIVEN, "kind": "for-information", "letter_file": SimpleUploadedFile("Our letter.pdf", PDF)}
    page = check(client_of("dev").post(NEW, given, follow=True))
    document = Document.objects.get()
    assert Task.objects.get().letter == document
    assert document.name == "Our letter.pdf"
    assert page.select_one(f'main a[href="/casework/cases/202601234/documents/{document.pk}/"]')
    assert client_of("amina").get(f"/cases/202601234/documents/{document.pk}/").status_code == 200


@pytest.mark.row("S63")
def test_for_information_takes_a_document_of_the_case(cast: Cast, client_of: Browser) -> None:
    ours = letter(cast.case, cast.dev)
    client_of("dev").post(NEW, {**GIVEN, "kind": "for-information", "letter": ours.pk})
    assert Task.objects.get().letter == ours


@pytest.mark.row("S63")
def test_for_information_without_a_letter_is_refused(cast: Cast, client_of: Browser) -> None:
    page = check(client_of("dev").post(NEW, {**GIVEN, "kind": "for-information"}))
    assert "Choose the letter" in page.select_one("#id_letter-error").get_text()


@pytest.mark.row("S81")
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("a.zip", b"PK\3\4" + b"\0" * 40, "a.zip"), ("a.pdf", b"", "a.pdf"), ("a.exe", b"MZ" + b"\0" * 99, "a.exe")],
)
def test_a_letter_that_is_refused_keeps_what_was_typed_and_says_that_the_file_is_gone(
    cast: Cast, client_of: Browser, name: str, content: bytes, words: str
) -> None:
    given = {**GIVEN, "kind": "for-information", "letter_file": SimpleUploadedFile(name, content)}
    page = check(client_of("dev").post(NEW, given))
    assert words in page.select_one("#id_letter_file-error").get_text()
    assert "Choose the file again" in page.get_text()
    assert page.select_one("#id_title")["value"] == "Send the log"
    assert page.select_one("#id_working_days")["value"] == "10"
    assert not Task.objects.exists()
    assert not Document.objects.exists()


@pytest.mark.row("H44")
def test_the_letters_of_other_cases_and_of_the_service_are_neither_offered_nor_taken(
    cast: Cast, client_of: Browser
) -> None:
    own = letter(cast.case, cast.dev)
    foreign = letter(cast.birch_case, cast.dev)
    hidden = letter(cast.case, cast.dev, visibility=Visibility.STAFF)
    dev = client_of("dev")
    offered = [option["value"] for option in check(dev.get(NEW)).select("#id_letter option")]
    assert offered == ["", str(own.pk)]
    for wrong in (foreign.pk, hidden.pk, 999999, "x"):
        page = check(dev.post(NEW, {**GIVEN, "kind": "for-information", "letter": wrong}))
        assert "Choose a document of this case" in page.select_one("#id_letter-error").get_text()
    assert not Task.objects.exists()


def test_a_letter_and_a_document_at_once_are_refused(cast: Cast, client_of: Browser) -> None:
    own = letter(cast.case, cast.dev)
    page = check(
        client_of("dev").post(NEW, {**GIVEN, "letter": own.pk, "letter_file": SimpleUploadedFile("b.pdf", PDF)})
    )
    assert "not both" in errors(page)
    assert Document.objects.count() == 1


@pytest.mark.row("H4")
def test_a_form_without_its_token_sets_no_task(cast: Cast) -> None:
    from tests.signing_in import sign_in

    client = Client(enforce_csrf_checks=True)
    sign_in(client, cast.users["dev"])
    assert client.post(NEW, GIVEN).status_code == 403
    assert not Task.objects.exists()


@pytest.mark.row("C12")
@pytest.mark.row("S68")
def test_a_completed_task_shows_both_dates_and_is_accepted(cast: Cast, client_of: Browser) -> None:
    task = casework_scene.build(cast).checking
    dev, address = client_of("dev"), f"/casework/tasks/{task.pk}/"
    text = check(dev.get(address)).get_text()
    assert f"Completed on {long_date(task.completed_on)}" in text
    assert "Amina Yusuf told us on" in text
    page = check(dev.post(f"{address}accept/", follow=True))
    assert "Task accepted" in banner(page)
    assert not page.select("main form")
    again = check(dev.post(f"{address}accept/", follow=True))
    assert "Only a task that the landlord has completed can be accepted" in banner(again)


@pytest.mark.row("C12")
@pytest.mark.row("D16")
def test_a_completed_task_is_returned_with_a_reason_and_a_new_deadline(cast: Cast, client_of: Browser) -> None:
    task = casework_scene.build(cast).checking
    dev, address = client_of("dev"), f"/casework/tasks/{task.pk}/"
    refused = check(dev.post(f"{address}return/", {"reason": "", "working_days": "5"}))
    assert "Enter what is missing" in errors(refused)
    refused = check(dev.post(f"{address}return/", {"reason": "Page 3."}))
    assert "Enter the date" in errors(refused)
    assert refused.select_one("#id_reason").get_text().strip() == "Page 3."
    old = task.due_on
    text = check(
        dev.post(f"{address}return/", {"reason": "Page 3 is missing.", "working_days": "5"}, follow=True)
    ).get_text()
    task.refresh_from_db()
    assert (task.state, task.due_on) == (TaskState.OUTSTANDING, WorkingCalendar().add(clock.today(), 5))
    assert "Earlier deadlines" in text
    assert long_date(old) in text
    assert "Page 3 is missing." in client_of("amina").get(f"/tasks/{task.pk}/").content.decode()


@pytest.mark.row("S70")
@pytest.mark.parametrize(
    ("step", "given", "state"),
    [
        ("extend", {"working_days": "40", "reason": "Agreed."}, TaskState.OUTSTANDING),
        ("change", {"title": "Only photographs", "details": "Of the bedroom."}, TaskState.OUTSTANDING),
        ("cancel", {"reason": "No longer needed."}, TaskState.CANCELLED),
        ("answer", {"answer": "Please send what you have."}, TaskState.OUTSTANDING),
    ],
)
def test_unable_to_complete_is_answered_in_four_ways_and_the_reason_stays_readable(
    cast: Cast, client_of: Browser, step: str, given: dict[str, str], state: TaskState
) -> None:
    task = casework_scene.build(cast).unable
    dev, address = client_of("dev"), f"/casework/tasks/{task.pk}/"
    assert "Our surveyor is away." in check(dev.get(address)).get_text()
    assert "Our surveyor is away." in check(dev.get(f"{address}{step}/")).get_text()
    page = check(dev.post(f"{address}{step}/", given, follow=True))
    task.refresh_from_db()
    assert task.state == state
    assert "Our surveyor is away." in page.get_text()
    for words in {"answer", "reason"} & set(given):
        assert given[words] in page.get_text()


@pytest.mark.row("C11")
@pytest.mark.row("D16")
def test_an_extension_shows_the_old_date_the_reason_and_who(cast: Cast, client_of: Browser) -> None:
    task = new_task(cast.case, cast.dev, due_on=in_days(10))
    later, latest = (WorkingCalendar().add(clock.today(), days) for days in (30, 35))
    dev, address = client_of("farid"), f"/casework/tasks/{task.pk}/"
    page = check(dev.post(f"{address}extend/", {**parts(later), "reason": "Christmas."}, follow=True))
    row = page.select_one("table tbody tr").get_text(" ", strip=True)
    assert all(words in row for words in (long_date(in_days(10)), long_date(later), "Christmas.", "Farid Haddad"))
    assert "Enter why the deadline changes" in errors(check(dev.post(f"{address}extend/", parts(latest))))
    assert "deadline already" in errors(check(dev.post(f"{address}extend/", {**parts(later), "reason": "x"})))


def test_the_steps_of_a_task_fit_its_state(cast: Cast, client_of: Browser) -> None:
    scene, dev = casework_scene.build(cast), client_of("dev")
    cancelled = actions.cancel_task(new_task(cast.case, cast.dev), reason="x", by=cast.dev)

    def steps(task: Task) -> list[str]:
        page = check(dev.get(f"/casework/tasks/{task.pk}/"))
        return [button.get_text(strip=True) for button in page.select("main .govuk-button-group .govuk-button")]

    assert steps(scene.outstanding) == ["Change deadline", "Change task", "Cancel task"]
    assert steps(scene.unable) == ["Answer", "Change deadline", "Change task", "Cancel task"]
    assert steps(scene.checking) == ["Accept task", "Return task", "Cancel task"]
    assert steps(cancelled) == []


def test_a_step_that_comes_too_late_says_so(cast: Cast, client_of: Browser) -> None:
    task = actions.cancel_task(new_task(cast.case, cast.dev), reason="x", by=cast.dev)
    page = check(client_of("dev").post(f"/casework/tasks/{task.pk}/extend/", {"working_days": "9", "reason": "y"}))
    assert "not outstanding any more" in errors(page)


@pytest.mark.row("H8")
def test_what_people_typed_is_never_markup(cast: Cast, client_of: Browser) -> None:
    task = new_task(cast.case, cast.dev, "<script>alert(1)</script> & O’Neil")
    actions.report_unable(task, reason="<img src=x onerror=alert(1)>", by=cast.amina)
    page = check(client_of("dev").get(f"/casework/tasks/{task.pk}/"))
    assert "<script>alert(1)</script> & O’Neil" in page.select_one("h1").get_text()
    assert not page.select("main img")


@pytest.mark.row("S5")
def test_messages_about_a_task_stand_on_its_page_and_lead_back(cast: Cast, client_of: Browser) -> None:
    task = new_task(cast.case, cast.dev)
    dev = client_of("dev")
    page = check(dev.get(f"/casework/tasks/{task.pk}/"))
    link = page.find("a", string="Send a message about this task")["href"]
    answer = dev.post(link, {"subject": "About it", "body": "Please hurry.", "do": "send"})
    page = check(dev.get(answer["Location"]))
    assert page.select_one(f'main a[href="/casework/tasks/{task.pk}/"]')
    assert "About it" in check(dev.get(f"/casework/tasks/{task.pk}/")).get_text()


@pytest.mark.parametrize("kind", list(TaskKind))
def test_every_kind_can_be_chosen_beforehand(cast: Cast, client_of: Browser, kind: TaskKind) -> None:
    page = check(client_of("dev").get(f"{NEW}?kind={kind.value}"))
    assert page.select_one("input[name=kind][checked]")["value"] == kind.value


@pytest.mark.row("S2")
@pytest.mark.row("S59")
def test_a_task_that_a_caseworker_sets_appears_for_that_landlord_only_under_the_title_that_was_typed(
    cast: Cast, client_of: Browser
) -> None:
    check(client_of("dev").post(NEW, {**GIVEN, "title": "Send the log of the lift"}, follow=True))
    task = Task.objects.get()
    for address in ("/", "/tasks/", "/cases/202601234/", "/cases/202601234/tasks/"):
        for who in ("amina", "ben"):
            assert "Send the log of the lift" in client_of(who).get(address).content.decode(), (address, who)
        assert "Send the log of the lift" not in client_of("carys").get(address).content.decode(), address
    assert client_of("carys").get(f"/tasks/{task.pk}/").status_code == 404


# In the words of the guide, not of the code.
KINDS = {
    "record-complaint": "Record complaint and update",
    "escalate-complaint": "Escalate complaint and update",
    "for-information": "For information",
    "respond-to-request": "Respond to information/evidence request",
    "confirm-compliance": "Confirm compliance",
}


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=pytest.mark.row(f"S{61 + n}")) for n, kind in enumerate(KINDS)]
)
def test_each_kind_is_chosen_by_the_words_of_the_guide_which_stand_as_title_when_none_is_typed(
    cast: Cast, client_of: Browser, kind: str
) -> None:
    dev = client_of("dev")
    choice = check(dev.get(NEW)).select_one(f"input[name=kind][value={kind}]")
    assert choice.find_next("label").get_text(strip=True) == KINDS[kind]
    shared = {"letter": str(letter(cast.case, cast.dev).pk)} if kind == "for-information" else {}
    check(dev.post(NEW, {**GIVEN, **shared, "kind": kind, "title": ""}, follow=True))
    task = Task.objects.get()
    assert (task.kind, task.title) == (kind, KINDS[kind])
    assert check(client_of("amina").get(f"/tasks/{task.pk}/")).h1.get_text(strip=True) == KINDS[kind]


@pytest.mark.parametrize("step", ["change", "extend", "cancel", "return"])
def test_a_form_from_before_a_colleagues_change_changes_nothing_and_shows_it(cast: Cast, client_of, step: str) -> None:
    task = casework_scene.new_task(cast.case, cast.dev)
    if step == "return":
        task = actions.complete_task(task, completed_on=clock.today(), by=cast.amina)
    address, esi = f"/casework/tasks/{task.pk}/{step}/", client_of("esi")
    page = check(esi.get(address))
    seen = page.select_one("input[name=seen]")["value"]
    assert seen
    if step == "return":
        actions.return_task(task, reason="A page is missing.", due_on=in_days(30), by=cast.dev)
        actions.complete_task(Task.objects.get(pk=task.pk), completed_on=clock.today(), by=cast.amina)
    else:
        actions.change_task(task, title="Send the log of 2026", details="All of it.", by=cast.dev)
    typed = {"title": "Old title", "details": "Old details", "reason": "Because.", "working_days": "10", "seen": seen}
    before = Task.objects.filter(pk=task.pk).values().get()
    page = check(esi.post(address, typed))
    assert (
        "Somebody has changed this task since you opened this page"
        in page.select_one(".govuk-error-summary").get_text()
    )
    assert Task.objects.filter(pk=task.pk).values().get() == before
    assert before["title"] in page.main.get_text()
    assert page.select_one("input[name=seen]")["value"] == Task.objects.get(pk=task.pk).version_token
    assert "Because." in str(page) or "Old details" in str(page)


def test_an_answer_from_before_the_landlord_wrote_again_is_not_sent(cast: Cast, client_of: Browser) -> None:
    task = casework_scene.build(cast).unable
    address, esi = f"/casework/tasks/{task.pk}/answer/", client_of("esi")
    seen = check(esi.get(address)).select_one("input[name=seen]")["value"]
    actions.answer_unable(task, answer="Send it on Monday.", by=cast.dev)
    actions.report_unable(Task.objects.get(pk=task.pk), reason="Not before Friday.", by=cast.amina)
    before = Task.objects.filter(pk=task.pk).values().get()
    page = check(esi.post(address, {"answer": "Send what you have.", "seen": seen}))
    assert "Somebody has changed this task" in errors(page)
    assert "Not before Friday." in page.main.get_text()
    assert "Send what you have." in page.textarea.get_text()
    assert Task.objects.filter(pk=task.pk).values().get() == before


def test_a_completion_that_nobody_has_looked_at_is_not_accepted(cast: Cast, client_of: Browser) -> None:
    task = casework_scene.build(cast).checking
    address, esi = f"/casework/tasks/{task.pk}/", client_of("esi")
    seen = check(esi.get(address)).select_one(f"form[action$='/{task.pk}/accept/'] input[name=seen]")["value"]
    actions.return_task(task, reason="A page is missing.", due_on=in_days(30), by=cast.dev)
    actions.complete_task(Task.objects.get(pk=task.pk), completed_on=clock.today(), by=cast.amina)
    page = check(esi.post(f"{address}accept/", {"seen": seen}, follow=True))
    assert "Somebody has changed this task" in page.get_text()
    assert Task.objects.get(pk=task.pk).state == TaskState.CHECKING


def test_a_completion_that_arrives_meanwhile_is_not_cancelled(cast: Cast) -> None:
    task = casework_scene.new_task(cast.case, cast.dev)
    seen = task.version_token
    actions.complete_task(task, completed_on=clock.today(), by=cast.amina)
    with pytest.raises(Stale, match="Somebody has changed this task"):
        actions.cancel_task(task, reason="Not needed.", by=cast.dev, seen=seen)
    assert Task.objects.get(pk=task.pk).state == TaskState.CHECKING


def test_opening_a_task_makes_no_form_out_of_date(cast: Cast) -> None:
    task = casework_scene.new_task(cast.case, cast.dev)
    seen = task.version_token
    actions.open_task(task.pk, by=cast.amina)
    actions.assign_task(task, colleague_id=cast.ben.user_id, by=cast.amina)
    assert Task.objects.get(pk=task.pk).version_token == seen

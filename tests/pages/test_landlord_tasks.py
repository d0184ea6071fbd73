"""My tasks, a task's page, and what a landlord does with a task."""

from datetime import date, datetime, timedelta

import pytest

from portal.accounts.models import Session
from portal.content.words import working_calendar
from portal.documents import actions as documents
from portal.documents.models import Visibility
from portal.lib import clock
from portal.lib.clock import LONDON
from portal.tasks import actions as tasks
from portal.tasks.models import Task, TaskKind, TaskState
from tests.cast import in_days
from tests.pages.landlord_rows import close, open_cases, statements, task_on
from tests.well_formed import check

pytestmark = pytest.mark.both  # filters


def titles(response) -> list[str]:
    return [link.get_text() for link in check(response).select("main .portal-task__title")]


def tag_of(client, task: Task) -> str:
    return check(client.get("/tasks/")).select_one(f"#task-{task.pk} .govuk-tag").get_text()


def letter(cast):
    """A letter that the landlord may read."""
    return documents.share_document(
        cast.case,
        name="Our letter.txt",
        content=b"Dear landlord, this is our letter.\n",
        category="correspondence",
        visibility=Visibility.BOTH,
        by=cast.dev,
    )


@pytest.mark.row("S25")
@pytest.mark.row("S56")
@pytest.mark.row("S2")
def test_my_tasks_are_all_outstanding_tasks_of_the_landlord_by_deadline(cast, client_of) -> None:
    later, soon = task_on(cast, title="Later", due_on=in_days(40)), task_on(cast, title="Soon", due_on=in_days(20))
    task_on(cast, cast.birch_case, title="Only Birch’s")
    tasks.complete_task(task_on(cast, title="Done"), completed_on=clock.today(), by=cast.amina)
    tasks.report_unable(later, reason="No access to the loft.", by=cast.amina)
    assert titles(client_of("amina").get("/tasks/")) == [soon.title, later.title]
    assert titles(client_of("ben").get("/tasks/")) == [soon.title, later.title]
    assert titles(client_of("carys").get("/tasks/")) == ["Only Birch’s"]


@pytest.mark.row("S58")
@pytest.mark.row("D3")
def test_the_text_beside_the_colour_is_new_then_pending_then_approaching_then_overdue(cast, client_of) -> None:
    due = working_calendar().add(clock.today(), 20)
    task = task_on(cast, due_on=due)
    amina = client_of("amina")
    assert tag_of(amina, task) == "New"
    amina.get(f"/tasks/{task.pk}/")
    assert tag_of(amina, task) == "Pending"
    for when, words in (
        (working_calendar().add(due, -6), "Pending"),
        (working_calendar().add(due, -5), "Approaching"),
        (due, "Approaching"),
        (due + timedelta(days=1), "Overdue"),
    ):
        with clock.moved_to(datetime(when.year, when.month, when.day, 23, 59, tzinfo=LONDON)):
            assert tag_of(client_of("amina"), task) == words, when


@pytest.mark.row("S57")
def test_an_arrow_at_the_left_of_the_status_folds_out_the_details_without_scripts(cast, client_of) -> None:
    task = task_on(cast, details="The log since January, as a spreadsheet.")
    row = check(client_of("amina").get("/tasks/")).select_one(f"#task-{task.pk}")
    summary = row.select_one("details > summary")
    assert [part.name for part in summary.find_all(["svg", "strong"], recursive=False)] == ["svg", "strong"]
    assert "The log since January" in row.select_one("details .portal-disclosure__panel").get_text()


@pytest.mark.row("S66")
@pytest.mark.row("S67")
def test_the_three_dots_hold_exactly_task_completed_and_unable_to_complete(cast, client_of) -> None:
    task = task_on(cast)
    row = check(client_of("amina").get("/tasks/")).select_one(f"#task-{task.pk}")
    menu = row.select_one(".portal-menu--dots")
    assert menu.summary.get_text(strip=True) == f"Options for {task.title}"
    links = [(link.get_text(strip=True), link["href"]) for link in menu.select("li a")]
    assert links == [
        ("Task completed", f"/tasks/{task.pk}/completed/"),
        ("Unable to complete", f"/tasks/{task.pk}/unable/"),
    ]


@pytest.mark.row("D7")
def test_completed_tasks_stand_in_a_view_of_their_own_without_the_three_dots(cast, client_of) -> None:
    task = task_on(cast, title="Done")
    tasks.complete_task(task, completed_on=clock.today(), by=cast.amina)
    soup = check(client_of("amina").get("/tasks/?show=checking"))
    row = soup.select_one(f"#task-{task.pk}")
    assert row.select_one(".govuk-tag").get_text() == "Completed, being checked"
    assert not row.select(".portal-menu--dots")
    tasks.accept_task(task, by=cast.dev)
    assert titles(client_of("amina").get("/tasks/?show=checking")) == []
    assert titles(client_of("amina").get("/tasks/?show=ended")) == ["Done"]


@pytest.mark.row("D5")
@pytest.mark.row("S31")
def test_my_tasks_can_be_filtered_and_the_filter_is_shown(cast, client_of) -> None:
    other = open_cases(cast, 1)[0]
    mine = task_on(cast, title="Mine", due_on=in_days(60))
    tasks.assign_task(mine, colleague_id=cast.ben.user_id, by=cast.amina)
    task_on(cast, title="Near", due_on=in_days(0), kind=TaskKind.CONFIRM_COMPLIANCE)
    ben = client_of("ben")
    for query, expected in (
        ("assigned=me", ["Mine"]),
        ("nearness=approaching", ["Near", f"Task of {other.reference}"]),
        ("nearness=overdue", []),
        ("kind=confirm-compliance", ["Near"]),
        (f"case={other.reference}", [f"Task of {other.reference}"]),
        ("assigned=me&kind=confirm-compliance", []),
        ("nearness=whatever", ["Near", f"Task of {other.reference}", "Mine"]),
    ):
        assert titles(ben.get(f"/tasks/?{query}")) == expected, query
    soup = check(ben.get("/tasks/?assigned=me&kind=for-information"))
    chips = [chip.get_text().replace("Remove this filter: ", "") for chip in soup.select(".portal-applied li")]
    assert chips == ["Assigned to me", "Kind of task: For information"]
    assert soup.select_one(".portal-applied li a")["href"] == "/tasks/?kind=for-information"


KINDS_OF_THE_GUIDE = {
    TaskKind.RECORD_COMPLAINT: "Record complaint and update",
    TaskKind.ESCALATE_COMPLAINT: "Escalate complaint and update",
    TaskKind.FOR_INFORMATION: "For information",
    TaskKind.RESPOND_TO_REQUEST: "Respond to information/evidence request",
    TaskKind.CONFIRM_COMPLIANCE: "Confirm compliance",
}


@pytest.mark.row("S61")
@pytest.mark.row("S62")
@pytest.mark.row("S64")
@pytest.mark.row("S65")
@pytest.mark.parametrize(("kind", "named"), KINDS_OF_THE_GUIDE.items())
def test_each_of_the_five_kinds_is_named_and_explained(cast, client_of, kind: TaskKind, named: str) -> None:
    paper = letter(cast) if kind == TaskKind.FOR_INFORMATION else None
    task = task_on(cast, title="", kind=kind, letter=paper)
    soup = check(client_of("amina").get(f"/tasks/{task.pk}/"))
    assert soup.h1.get_text() == named
    assert named in soup.select_one(".govuk-summary-list").get_text()
    assert bool(soup.find("a", string="Our letter.txt")) == bool(paper)


@pytest.mark.row("S60")
@pytest.mark.row("D16")
def test_a_tasks_page_says_until_when_the_deadline_is_met_and_keeps_every_earlier_one(cast, client_of) -> None:
    task = task_on(cast, due_on=date(clock.today().year + 1, 3, 2))
    tasks.extend_task(task, due_on=date(clock.today().year + 1, 3, 9), reason="Bank holiday.", by=cast.dev)
    text = check(client_of("amina").get(f"/tasks/{task.pk}/")).main.get_text(" ", strip=True)
    assert f"9 March {clock.today().year + 1} , until 23:59 on that day (London time)" in text
    assert f"2 March {clock.today().year + 1}, changed to 9 March" in text
    assert "by Dev Patel: Bank holiday." in text


@pytest.mark.row("S5")
@pytest.mark.row("S64")
def test_a_tasks_page_leads_to_documents_and_to_a_message_about_it(cast, client_of) -> None:
    task = task_on(cast)
    soup = check(client_of("amina").get(f"/tasks/{task.pk}/"))
    assert soup.find("a", string="Upload documents on this case")["href"] == "/cases/202601234/documents/"
    assert (
        soup.find("a", string="Send a message about this task")["href"]
        == f"/cases/202601234/messages/new/?task={task.pk}"
    )


@pytest.mark.row("D7")
def test_a_returned_task_says_what_is_missing(cast, client_of) -> None:
    task = task_on(cast)
    tasks.complete_task(task, completed_on=clock.today(), by=cast.amina)
    tasks.return_task(task, reason="March is missing.", due_on=in_days(5), by=cast.dev)
    soup = check(client_of("amina").get(f"/tasks/{task.pk}/"))
    assert "March is missing." in soup.select_one(".govuk-inset-text").get_text()
    history = [title.get_text() for title in soup.select(".moj-timeline__title")]
    assert [words.split(" ")[1].strip(",:") for words in history] == ["returned", "completed", "task"]


@pytest.mark.row("D5")
def test_a_task_is_assigned_to_a_colleague_on_its_page(cast, client_of) -> None:
    task = task_on(cast)
    answer = client_of("amina").post(f"/tasks/{task.pk}/assign/", {"colleague": cast.ben.user_id}, follow=True)
    assert "Task assigned to Ben Carter." in check(answer).main.get_text()
    assert Task.objects.get(pk=task.pk).colleague_id == cast.ben.user_id


@pytest.mark.row("H44")
def test_a_task_cannot_be_assigned_to_somebody_who_is_no_colleague(cast, client_of) -> None:
    task = task_on(cast)
    for stranger in (cast.carys.user_id, cast.dev.user_id, 999999, "x"):
        answer = client_of("amina").post(f"/tasks/{task.pk}/assign/", {"colleague": stranger})
        assert "Choose one of your own colleagues" in check(answer).select_one(".govuk-error-summary").get_text()
    assert Task.objects.get(pk=task.pk).colleague_id is None


def on(day: date) -> dict[str, str]:
    return {"completed_on-day": str(day.day), "completed_on-month": str(day.month), "completed_on-year": str(day.year)}


@pytest.mark.row("S68")
@pytest.mark.row("D7")
def test_task_completed_keeps_the_date_that_was_given_and_the_moment_it_was_told(cast, client_of) -> None:
    task, amina = task_on(cast), client_of("amina")
    form = check(amina.get(f"/tasks/{task.pk}/completed/"))
    assert [field.get("value", "") for field in form.select("main input[inputmode=numeric]")] == ["", "", ""]
    yesterday = clock.today() - timedelta(days=1)
    answer = amina.post(f"/tasks/{task.pk}/completed/", on(yesterday), follow=True)
    assert "Completed, being checked" in check(answer).main.get_text()
    task.refresh_from_db()
    assert (task.state, task.completed_on, task.completed_by_name) == (TaskState.CHECKING, yesterday, "Amina Yusuf")
    assert task.completed_at.date() >= yesterday


@pytest.mark.row("S63")
@pytest.mark.row("D7")
def test_for_information_ends_at_once(cast, client_of) -> None:
    task = task_on(cast, kind=TaskKind.FOR_INFORMATION, letter=letter(cast))
    answer = client_of("amina").post(f"/tasks/{task.pk}/completed/", on(clock.today()), follow=True)
    assert "Task completed." in check(answer).main.get_text()
    assert Task.objects.get(pk=task.pk).state == TaskState.COMPLETED


@pytest.mark.row("S68")
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (
            {"completed_on-day": "", "completed_on-month": "", "completed_on-year": ""},
            "Enter the date you completed the task",
        ),
        ({"completed_on-day": "3", "completed_on-month": "", "completed_on-year": "2026"}, "must include a month"),
        ({"completed_on-day": "31", "completed_on-month": "2", "completed_on-year": "2026"}, "must be a real date"),
        ({"completed_on-day": "1", "completed_on-month": "1", "completed_on-year": "1926"}, "Check the year"),
    ],
)
def test_a_date_that_cannot_be_is_refused_and_what_was_typed_stays(
    cast, client_of, typed: dict[str, str], words: str
) -> None:
    task = task_on(cast)
    soup = check(client_of("amina").post(f"/tasks/{task.pk}/completed/", typed))
    assert words in soup.select_one(".govuk-error-summary").get_text()
    assert {field["name"]: field.get("value", "") for field in soup.select("input[name^=completed_on]")} == typed
    assert Task.objects.get(pk=task.pk).state == TaskState.OUTSTANDING


@pytest.mark.row("S68")
def test_a_date_in_the_future_is_refused(cast, client_of) -> None:
    task = task_on(cast)
    soup = check(client_of("amina").post(f"/tasks/{task.pk}/completed/", on(in_days(1))))
    assert "must be today or in the past" in soup.select_one(".govuk-error-summary").get_text()
    assert Task.objects.get(pk=task.pk).completed_on is None


@pytest.mark.row("S69")
@pytest.mark.row("S70")
def test_unable_to_complete_takes_a_reason_and_leaves_the_task_open(cast, client_of) -> None:
    task, amina = task_on(cast), client_of("amina")
    assert (
        "2000" in check(amina.get(f"/tasks/{task.pk}/unable/")).select_one(".govuk-character-count")["data-maxlength"]
    )
    answer = amina.post(f"/tasks/{task.pk}/unable/", {"reason": "The surveyor comes on Monday."}, follow=True)
    assert "We are looking at your reason" in check(answer).main.get_text()
    task.refresh_from_db()
    assert (task.state, task.unable_reason) == (TaskState.UNABLE, "The surveyor comes on Monday.")
    assert titles(amina.get("/tasks/")) == [task.title]


@pytest.mark.row("S69")
@pytest.mark.parametrize(
    ("reason", "words"), [("", "Enter why"), ("  \n ", "Enter why"), ("x" * 2001, "2,000 characters or fewer")]
)
def test_a_missing_or_too_long_reason_is_refused_and_nothing_typed_is_lost(
    cast, client_of, reason: str, words: str
) -> None:
    task = task_on(cast)
    soup = check(client_of("amina").post(f"/tasks/{task.pk}/unable/", {"reason": reason}))
    assert words in soup.select_one(".govuk-error-summary").get_text()
    assert soup.textarea.get_text().strip() == reason.strip()
    assert Task.objects.get(pk=task.pk).state == TaskState.OUTSTANDING


def test_a_task_that_is_not_outstanding_any_more_refuses_both_answers_in_words(cast, client_of) -> None:
    task, amina = task_on(cast), client_of("amina")
    tasks.cancel_task(task, reason="Not needed.", by=cast.dev)
    answer = amina.post(f"/tasks/{task.pk}/completed/", on(clock.today()))
    assert "not outstanding any more" in check(answer).select_one(".govuk-error-summary").get_text()
    answer = amina.post(f"/tasks/{task.pk}/unable/", {"reason": "Late."})
    assert "not outstanding any more" in check(answer).select_one(".govuk-error-summary").get_text()
    for step in ("completed", "unable"):
        answer = amina.get(f"/tasks/{task.pk}/{step}/", follow=True)
        assert "There is nothing to do on this task: Cancelled." in check(answer).main.get_text()
    assert Task.objects.get(pk=task.pk).state == TaskState.CANCELLED


@pytest.mark.row("S103")
def test_the_task_of_a_closed_case_can_be_read_only(cast, client_of) -> None:
    task = task_on(cast)
    close(cast, cast.case)
    soup = check(client_of("amina").get(f"/tasks/{task.pk}/"))
    assert not soup.main.find("form")
    assert not soup.find("a", string="Send a message about this task")


@pytest.mark.row("S1")
@pytest.mark.row("H45")
@pytest.mark.parametrize("step", ["", "completed/", "unable/", "assign/"])
def test_another_landlords_task_does_not_exist(cast, client_of, step: str) -> None:
    task, carys = task_on(cast), client_of("carys")
    if step != "assign/":
        assert carys.get(f"/tasks/{task.pk}/{step}").status_code == 404
    if step:
        given = {"reason": "No", "colleague": str(cast.carys.user_id), **on(clock.today())}
        assert carys.post(f"/tasks/{task.pk}/{step}", given).status_code == 404
    task.refresh_from_db()
    assert (task.state, task.colleague_id, task.opened_at) == (TaskState.OUTSTANDING, None, None)


def test_my_tasks_take_the_same_few_statements_however_many_rows(cast, client_of) -> None:
    amina = client_of("amina")

    def ask() -> None:
        Session.objects.update(last_active_at=clock.now() - timedelta(minutes=2))
        assert amina.get("/tasks/").status_code == 200

    for made in open_cases(cast, 3):
        tasks.assign_task(task_on(cast, made), colleague_id=cast.ben.user_id, by=cast.amina)
    few = statements(ask) - 1
    for made in open_cases(cast, 30, start=10):
        tasks.assign_task(task_on(cast, made), colleague_id=cast.ben.user_id, by=cast.amina)
    assert statements(ask) - 1 == few
    assert few <= 10  # with the colleagues to filter by and the saved filters

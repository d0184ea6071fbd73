"""What a task is, how near its deadline is, and the two ways to answer it."""

# ruff: noqa: E501 (a sentence is easier to read and to compare on one line)

from portal.pages.guide import figures
from portal.pages.guide.blocks import Block, Section, Shown, Text, points
from portal.tasks.models import TaskKind


def tasks() -> Section:
    return Section("managing-tasks", "Managing tasks", (*_seeing(), *_answering()))


def _seeing() -> tuple[Block, ...]:
    return (
        points(
            "you see your tasks on the homepage, and under **My tasks** on the bar at the top of the screen",
            "the arrow to the left of a task’s status opens more details of the task",
            "the caseworker gives the task its title, which depends on the action that we need from you",
            "every task has a deadline: the date by which you need to respond. You meet it when your answer reaches us "
            "by 23:59 on that day, London time. If we change a deadline, the task’s page keeps the earlier date, the reason and who changed it",
            "**Who does this task**, on the task’s page, assigns it to one of your colleagues. Everybody still sees it",
        ),
        Shown("tasks"),
        Text("A task’s status has a colour and says in words how close the deadline is:"),
        figures.nearness(),
        Text("These are the kinds of task:"),
        figures.task_kinds(),
    )


def _answering() -> tuple[Block, ...]:
    return (
        Text("To complete a task, or to tell us why you could not:"),
        points(
            "select the three dots to the right of the task. Its own page has the same two options as buttons",
            "select **Task completed** to tell us the date on which you completed it",
            "select **Unable to complete** to send us a short message that explains why you have not been able to do what we asked. "
            "The caseworker reads it and contacts you about the next steps. Until then the task and its deadline stay",
        ),
        Shown("task-options"),
        Shown("task-completed"),
        Shown("task-unable"),
        Text(
            f"A task that you have completed leaves your list and stands under “{figures.being_checked()}”. The caseworker accepts it, or returns it with a "
            f"reason and a new deadline. “{TaskKind.FOR_INFORMATION.label}” ends at once."
        ),
    )

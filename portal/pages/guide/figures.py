"""The numbers and lists of the guide, read from the code that obeys them: so the guide cannot say something else."""

from datetime import timedelta

from django.conf import settings

from portal.access.roles import ROLES, Role
from portal.cases.statuses import Status
from portal.content import words as content
from portal.content.words import words
from portal.files.inspection import LIMIT_BYTES
from portal.landlords.models import SUB_ACCOUNT_LIMIT
from portal.lib.amounts import file_size, in_time, plural
from portal.notifications.topics import paces_for
from portal.pages.guide.blocks import Terms
from portal.tasks.deadlines import APPROACHING_WORKING_DAYS, Nearness
from portal.tasks.deadlines import in_words as working_days
from portal.tasks.models import TaskKind, TaskState
from portal.teams.models import Team


def statuses() -> Terms:
    return Terms(tuple((status.label, words(f"status.{status.value}")) for status in Status))


def teams() -> Terms:
    return Terms(tuple((team.label, words(f"team.{team.value}")) for team in Team))


def task_kinds() -> Terms:
    return Terms(tuple((kind.label, words(f"task.{kind.value}")) for kind in TaskKind))


def nearness() -> Terms:
    """What the coloured status of a task says (D3, D16)."""
    near = working_days(APPROACHING_WORKING_DAYS)
    return Terms(
        (
            (Nearness.NEW, "Blue. Nobody at your organisation has opened the task yet."),
            (Nearness.PENDING, f"Blue. The task has been opened and its deadline is more than {near} away."),
            (Nearness.APPROACHING, f"Yellow. The deadline is {near} away or less."),
            (
                Nearness.OVERDUE,
                "Red. The deadline has passed. A task becomes overdue at the start of the day after its deadline.",
            ),
        )
    )


def being_checked() -> str:
    return TaskState.CHECKING.label


def document_limit() -> str:
    """20 MB (20,971,520 bytes)."""
    return f"{file_size(LIMIT_BYTES)} ({LIMIT_BYTES:,} bytes)"


def files_at_once() -> str:
    return plural(settings.FILES_IN_ONE_FORM, "document")


def categories() -> str:
    return " · ".join(text for _, text in content.categories())


def sub_accounts() -> int:
    """How many a landlord may have unless the portal team has agreed on more (D4)."""
    return SUB_ACCOUNT_LIMIT


def role(key: Role) -> str:
    return ROLES[key].words


def password_link_life() -> str:
    return in_time(settings.PASSWORD_LINK_LIFE)


def code_life() -> str:
    return in_time(timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT))


def code_tries() -> str:
    return in_words(settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS)


def waiting_life() -> str:
    """How long a file waits in the list for “Upload documents”."""
    return in_time(settings.UPLOAD_KEPT_FOR)


def draft_life() -> str:
    """How long what somebody typed waits to be sent."""
    return plural(settings.DRAFT_KEPT_FOR.days, "day")


def administrators_paces() -> str:
    """at once, or once a day, all in one e-mail (D2)."""
    first, *others = (pace.label for pace in paces_for(Role.ADMINISTRATOR))
    return ", or ".join([first.lower(), *(other[0].lower() + other[1:] for other in others)])


def sending_hours() -> str:
    """When notification e-mails leave, as a whole sentence of a list."""
    hours = settings.SENDING_HOURS
    if not hours:
        return "they leave at any time of any day"
    return f"they leave between {hours[0]:%H:%M} and {hours[1]:%H:%M} on working days, unless you choose to have them at any time"


def review_days() -> str:
    """three weeks, or the days where they are no whole weeks."""
    weeks, rest = divmod(settings.REVIEW_DAYS, 7)
    return plural(settings.REVIEW_DAYS, "day") if rest else f"{in_words(weeks)} {'week' if weeks == 1 else 'weeks'}"


def in_words(number: int) -> str:
    """Numbers up to nine as a sentence writes them."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[number] if number < len(words) else str(number)


def idle() -> str:
    return in_time(settings.SESSION_IDLE)


def in_all() -> str:
    return in_time(settings.SESSION_IN_ALL)

"""A worked-on case for the tests of the caseworkers' pages: a task in each state, an upload, exchanges both ways."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.access.actor import Actor
from portal.cases.models import Case
from portal.documents import actions as documents
from portal.documents.models import Document, Submission, Visibility
from portal.files import actions as files
from portal.lib import clock
from portal.messaging import actions as messaging
from portal.messaging.models import Thread
from portal.tasks import actions as tasks
from portal.tasks.models import Task, TaskKind
from tests.cast import Cast, in_days

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"  # noqa: E501


@dataclass(frozen=True)
class Scene:
    """What stands on a case."""

    outstanding: Task
    overdue: Task
    unable: Task
    checking: Task
    submission: Submission
    letter: Document
    staff_only: Document
    thread: Thread
    unread: Thread


def new_task(case: Case, by: Actor, title: str = "Send the repair log", due_on: date | None = None) -> Task:
    return tasks.set_task(case, kind=TaskKind.RESPOND_TO_REQUEST, title=title, due_on=due_on or in_days(30), by=by)


def overdue_task(case: Case, by: Actor, title: str = "Late answer") -> Task:
    with clock.moved_to(clock.now() - timedelta(days=30)):
        return new_task(case, by, title, due_on=in_days(10))


def upload(case: Case, by: Actor, name: str = "log.pdf") -> Submission:
    sent = files.receive(name, [PDF], target=documents.target_of(case), by=by)
    return documents.submit_documents(case, categories={sent.pk: "repairs"}, by=by)


def letter(case: Case, by: Actor, name: str = "letter.pdf", visibility: Visibility = Visibility.BOTH) -> Document:
    return documents.share_document(
        case, name=name, content=PDF, category="correspondence", visibility=visibility, by=by
    )


def build(cast: Cast) -> Scene:
    """On Alder's case, by Dev and Amina."""
    case, dev, amina = cast.case, cast.dev, cast.amina
    unable = tasks.report_unable(new_task(case, dev, "Unable one"), reason="Our surveyor is away.", by=amina)
    checking = tasks.complete_task(new_task(case, dev, "Checked one"), completed_on=clock.today(), by=amina)
    return Scene(
        outstanding=new_task(case, dev, due_on=in_days(0)),
        overdue=overdue_task(case, dev),
        unable=unable,
        checking=checking,
        submission=upload(case, amina),
        letter=letter(case, dev),
        staff_only=letter(case, dev, "note.pdf", Visibility.STAFF),
        thread=messaging.start_thread(case, subject="From us", body="Please read.", by=dev),
        unread=messaging.start_thread(case, subject="From Alder", body="A question.", by=amina),
    )

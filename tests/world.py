"""One record of every kind on Alder's case, for tests that walk every route."""

from allauth.mfa.totp.internal.auth import TOTP

from portal.content.models import Closure
from portal.determinations import drafting
from portal.documents import actions as documents
from portal.drafts import actions as drafts
from portal.files import actions as files
from portal.filters import actions as filters
from portal.filters.models import List
from portal.landlords.models import Membership
from portal.lib import clock
from portal.messaging import actions as messaging
from portal.notifications.fan_out import fan_out_one
from portal.restrictions.models import Restriction
from portal.support import actions as support
from portal.support import notices, receiving
from portal.tasks import actions as tasks
from portal.tasks.models import TaskKind
from portal.teams.models import StaffMember
from tests import determination_scene as scene
from tests.cast import Cast, in_days
from tests.support_scene import reported


def build(cast: Cast, *, is_determined: bool = True) -> dict[str, object]:
    """The values that a route's parameters take, by the parameter's name. All belong to Alder Homes."""
    task = tasks.set_task(
        cast.case,
        kind=TaskKind.RESPOND_TO_REQUEST,
        title="Send the repair log",
        details="Since January.",
        due_on=in_days(10),
        by=cast.dev,
    )
    thread = messaging.start_thread(cast.case, subject="Access", body="Please arrange access.", by=cast.dev, task=task)
    target = documents.target_of(cast.case)
    sent = files.receive("Repair log.txt", [b"1 March: leak reported\n"], target=target, by=cast.amina)
    submission = documents.submit_documents(cast.case, categories={sent.pk: "repairs"}, by=cast.amina)
    waiting = files.receive("Photograph.txt", [b"a picture in words\n"], target=target, by=cast.amina)
    while fan_out_one(clock.now()):
        pass
    return {
        "reference": cast.case.reference,
        "task_id": task.pk,
        "thread_id": thread.pk,
        "document_id": submission.documents.get().pk,
        "submission_id": submission.pk,
        "upload_id": waiting.pk,
        "draft_id": _draft(cast),
        "landlord_id": cast.alder.pk,
        "member_id": Membership.objects.get(user_id=cast.ben.user_id).pk,
        "staff_id": StaffMember.objects.get(user_id=cast.dev.user_id).pk,
        "factor_id": TOTP.activate(cast.users["amina"], "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").instance.pk,
        "user_id": cast.users["ben"].pk,
        "restriction_id": Restriction.objects.get().pk,
        "word": "status.closed",
        "code": "repairs",
        "filter_id": filters.save_filter(List.TASKS, name="Mine", query="assigned=me", by=cast.amina).pk,
        "closure_id": Closure.objects.create(day=in_days(7), reason="Staff conference").pk,
        **_support(cast),
        **(_determination(cast) if is_determined else {}),
    }


def _draft(cast: Cast) -> int:
    drafts.keep(cast.users["amina"].pk, "/help/chat/", {"text": "How do I"})
    return drafts.unsent(cast.users["amina"].pk)[0].pk


def _determination(cast: Cast) -> dict[str, object]:
    """Alder's case is determined, one order is confirmed, a review asked for, and a new version is being drafted."""
    determination = scene.determined(cast)
    first, second = determination.orders.select_related("case")
    scene.confirmed(second, cast.amina)
    scene.asked(cast, cast.case)
    draft = drafting.start_draft(cast.case, by=cast.dev)
    return {
        "order_id": first.pk,
        "recommendation_id": determination.recommendations.get().pk,
        "part": "orders",
        "to": "landlord",
        "row_id": draft.orders.latest("id").pk,
    }


def _support(cast: Cast) -> dict[str, object]:
    """Amina's fault report with a screenshot, an e-mail that fits none, a notice."""
    ticket = support.refer(reported(cast).pk, by=cast.gwen)
    mail = receiving.receive(b"From: somebody@elsewhere.example\r\nSubject: Help\r\n\r\nIt does not work.\r\n")
    notice = notices.put_up(
        kind="known-issue", text="Sorting is slow.", starts_at=None, ends_at=None, is_banner=False, by=cast.gwen
    )
    return {
        "report_id": ticket.pk,  # as its reporter sees it
        "ticket_id": ticket.pk,  # as the desk sees it
        "file_id": ticket.posts.get().files.get().pk,
        "incoming_id": mail.pk,
        "notice_id": notice.pk,
    }

"""How each action that takes a reference is rightly called, and which foreign values each of its parameters must refuse (H44)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portal.access.levels import Level
from portal.accounts import actions as accounts
from portal.accounts import factors
from portal.accounts.models import Session
from portal.cases import actions as cases
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.determinations import actions as determinations
from portal.determinations import drafting, orders, reviews, version_tokens
from portal.determinations.drafting import Part
from portal.determinations.models import Determination, Order
from portal.documents import actions as documents
from portal.documents import withdrawing
from portal.documents.models import Document, Visibility
from portal.files import actions as files
from portal.filters import actions as filters
from portal.filters.models import List
from portal.landlords import main_account, sub_accounts
from portal.landlords.main_account import Former
from portal.landlords.models import Membership
from portal.lib import clock
from portal.messaging import actions as messaging
from portal.messaging.models import Thread
from portal.restrictions import actions as restrictions
from portal.support import actions as support
from portal.tasks import actions as tasks
from portal.tasks.models import Task, TaskKind
from portal.teams.models import Team
from tests import determination_scene as determined
from tests.cast import Cast, in_days
from tests.pages.casework_scene import letter
from tests.pages.landlord_rows import task_on
from tests.second_factors import give_app
from tests.signing_in import sign_in
from tests.support_scene import reported

CHECKED = "Called back on the number in the register."


@dataclass
class Scene:
    """The cast, and what stands on a case of Alder's, of Birch's, and on another case of Alder's."""

    cast: Cast

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cast, name)

    @cached_property
    def sibling(self) -> Case:
        """Another case of Alder's, released: what stands there is foreign to the first one all the same."""
        return cases.release_case(self.cast.hidden, by=self.cast.dev)

    @cached_property
    def elsewhere(self) -> list[Case]:
        return [self.cast.birch_case, self.sibling]

    def person_of(self, case: Case) -> Any:
        return self.cast.carys if case.landlord_id == self.cast.birch.pk else self.cast.amina

    def thread(self, case: Case | None = None) -> Thread:
        return messaging.start_thread(case or self.cast.case, subject="Access", body="Please.", by=self.cast.dev)

    def upload(self, case: Case | None = None, by: str = "amina", thread: Thread | None = None) -> int:
        case = case or self.cast.case
        target = messaging.target_of(case, thread) if thread else documents.target_of(case)
        return files.receive("log.txt", [b"1 March\n"], target=target, by=self.cast.actors[by]).pk

    def document(self, case: Case, by: Any = None) -> Document:
        return determined.proof(case, by or self.person_of(case))

    @cached_property
    def determination(self) -> Determination:
        return determined.determined(self.cast)

    def determinations(self, of: list[Case]) -> list[Determination]:
        return [determined.determined(self.cast, case) for case in of]

    def task(self, case: Case | None = None, **given: Any) -> Task:
        return task_on(self.cast, case, **given)

    def replacement(self, document: Document, by: str = "amina") -> int:
        return files.receive(
            "new.txt", [b"2 March\n"], target=withdrawing.target_of(document), by=self.cast.actors[by]
        ).pk

    def saved_filter(self, name: str) -> int:
        return filters.save_filter(List.OPEN_CASES, name="Mine", query="team=triage", by=self.cast.actors[name]).pk

    def member(self, name: str) -> int:
        return Membership.objects.get(user=self.cast.users[name]).pk

    def session(self, name: str) -> int:
        from django.test import Client

        sign_in(Client(), self.cast.users[name])
        return Session.objects.filter(user=self.cast.users[name]).latest("pk").pk

    def factor(self, name: str) -> int:
        give_app(self.cast.users[name])
        return factors.factors_of(self.cast.users[name].pk)[0].id

    def drafted_row(self, case: Case) -> int:
        determined.drafted(self.cast, case)
        return Determination.objects.get(case=case).orders.latest("pk").pk


Given = dict[str, Any]
Good = Callable[[Scene], Given]
WORDS = {"subject": "Access", "body": "We can come on Monday."}


def _landlord_task(s: Scene) -> Given:
    return {"task": s.task(), "by": s.amina}


def _completed(s: Scene) -> Task:
    return tasks.complete_task(s.task(), completed_on=clock.today(), by=s.amina)


def _on(s: Scene, **more: Any) -> Given:
    return {"case": s.case, "by": s.amina, **more}


def _new_case(s: Scene) -> Given:
    home = {"resident_name": "R", "resident_address": "1 Road"}
    return {
        "reference": "202600001",
        "landlord": s.alder,
        "team": Team.TRIAGE,
        "owner_id": s.dev.user_id,
        "by": s.dev,
    } | home


def _confirmation(s: Scene) -> Given:
    order = s.determination.orders.first()
    proof = s.document(s.case)
    return {"order": order, "done": "Done.", "done_on": clock.today(), "document_ids": [proof.pk], "by": s.amina}


def _with_row(s: Scene) -> Given:
    return {"case": s.case, "row_id": s.drafted_row(s.case), "by": s.dev}


def _with_row_shown(s: Scene) -> Given:
    given = _with_row(s)
    return given | {"shown": version_tokens.of_row(Order.objects.get(pk=given["row_id"]))}


def _reply(s: Scene) -> Given:
    thread = s.thread()
    return {"thread": thread, "body": "Yes.", "upload_ids": [s.upload(thread=thread)], "by": s.amina}


def _new_thread(s: Scene) -> Given:
    sent = messaging.receive_attachment(s.case, "a.txt", [b"a\n"], by=s.amina)
    return {**_on(s), **WORDS, "task": s.task(), "upload_ids": [sent.pk]}


def _moved(s: Scene) -> Given:
    return {
        "case": s.case,
        "to": Status.REFERRAL_ASSESSMENT,
        "reason": "Next.",
        "team": Team.TRIAGE,
        "owner_id": s.dev.user_id,
        "by": s.dev,
    }


def _restricted(s: Scene) -> Given:
    member = Membership.objects.get(user=s.users["ben"])
    return {
        "member": member,
        "level": Level.READ_ONLY,
        "reason": "Shouted.",
        "appeal": "Write to us.",
        "approver_id": s.farid.user_id,
        "review_on": in_days(60),
        "by": s.gwen,
    }


def _uploaded(s: Scene, **more: Any) -> Given:
    return {"document": s.document(s.case), "by": s.amina, **more}


def _replaced(s: Scene) -> Given:
    given = _uploaded(s, reason="The wrong month.")
    s.replacement(given["document"])
    return given


def _replacement_discarded(s: Scene) -> Given:
    given = _uploaded(s)
    return given | {"upload_id": s.replacement(given["document"])}


def _due(task: Task, s: Scene) -> Given:
    return {"task": task, "due_on": in_days(60), "reason": "More time.", "by": s.dev}


# Each action that takes a reference, rightly called.
GOOD: dict[Callable[..., Any], Good] = {
    cases.create_case: _new_case,
    cases.move_case: _moved,
    cases.hand_over: lambda s: {"case": s.case, "team": Team.TRIAGE, "owner_id": s.farid.user_id, "by": s.dev},
    cases.assign_colleague: lambda s: _on(s, colleague_id=s.ben.user_id),
    cases.open_case: lambda s: {"reference": "202601234", "by": s.amina},
    documents.find_case: lambda s: {"reference": "202601234", "by": s.amina},
    documents.receive_document: lambda s: _on(s, name="a.txt", sent=[b"a\n"]),
    documents.waiting_documents: lambda s: _on(s),
    documents.waiting_now: lambda s: _on(s),
    documents.discard_document: lambda s: _on(s, upload_id=s.upload()),
    documents.submit_documents: lambda s: _on(s, categories={s.upload(): "repairs"}),
    documents.open_document: lambda s: {"reference": "202601234", "document_id": s.document(s.case).pk, "by": s.amina},
    documents.open_receipt: lambda s: _on(s, submission_id=s.document(s.case).submission_id),
    withdrawing.find_document: lambda s: _on(s, document_id=s.document(s.case).pk),
    withdrawing.withdraw_document: lambda s: _uploaded(s, reason="The wrong case."),
    withdrawing.change_category: lambda s: _uploaded(s, category="rent"),
    withdrawing.receive_replacement: lambda s: _uploaded(s, name="a.txt", sent=[b"a\n"]),
    withdrawing.waiting_replacements: lambda s: _uploaded(s),
    withdrawing.discard_replacement: _replacement_discarded,
    withdrawing.replace_document: _replaced,
    filters.change_filter: lambda s: {"filter_id": s.saved_filter("amina"), "name": "Ours", "by": s.amina},
    filters.delete_filter: lambda s: {"filter_id": s.saved_filter("amina"), "by": s.amina},
    tasks.set_task: lambda s: {
        "case": s.case,
        "kind": TaskKind.FOR_INFORMATION,
        "title": "Read this",
        "due_on": in_days(30),
        "letter": letter(s.case, s.dev),
        "by": s.dev,
    },
    tasks.open_task: lambda s: {"task_id": s.task().pk, "by": s.amina},
    tasks.mark_opened: lambda s: {"tasks": [s.task()], "by": s.amina},
    tasks.complete_task: lambda s: _landlord_task(s) | {"completed_on": clock.today()},
    tasks.report_unable: lambda s: _landlord_task(s) | {"reason": "The surveyor is away."},
    tasks.assign_task: lambda s: _landlord_task(s) | {"colleague_id": s.ben.user_id},
    messaging.receive_attachment: lambda s: _on(s, name="a.txt", sent=[b"a\n"], thread=s.thread()),
    messaging.waiting_attachments: lambda s: _on(s, thread=s.thread()),
    messaging.attachments_now: lambda s: _on(s, thread=s.thread()),
    messaging.discard_attachment: lambda s: _on(
        s, upload_id=messaging.receive_attachment(s.case, "a.txt", [b"a\n"], by=s.amina).pk
    ),
    messaging.task_of: lambda s: _on(s, task_id=s.task().pk),
    messaging.start_thread: _new_thread,
    messaging.reply: _reply,
    messaging.open_thread: lambda s: _on(s, thread_id=s.thread().pk),
    determinations.open_determinations: lambda s: _on(s, case=s.determination.case),
    determinations.find_order: lambda s: _on(s, order_id=s.determination.orders.first().pk),
    determinations.find_recommendation: lambda s: _on(s, recommendation_id=s.determination.recommendations.get().pk),
    determinations.orders_of_task: lambda s: {"task": s.determination.task, "by": s.amina},
    determinations.orders_owed: lambda s: _on(s, case=s.determination.case),
    determinations.unanswered_of_task: lambda s: {"task": s.determination.task, "by": s.amina},
    determinations.reviews_of: lambda s: _on(s, case=determined.asked(s.cast, s.determination.case).case),
    determinations.pending_review: lambda s: _on(s, case=determined.asked(s.cast, s.determination.case).case),
    drafting.write_order: lambda s: (
        _with_row_shown(s) | {"kind": "repairs", "words": "Mend it.", "due_on": in_days(30)}
    ),
    drafting.remove_row: lambda s: _with_row_shown(s) | {"part": Part.ORDERS},
    drafting.find_row: lambda s: _with_row(s) | {"part": Part.ORDERS},
    orders.possible_evidence: lambda s: _on(s, case=s.document(s.case).case),
    orders.confirm_order: _confirmation,
    orders.answer_recommendation: lambda s: {
        "one": s.determination.recommendations.get(),
        "feedback": "accepted",
        "by": s.amina,
    },
    reviews.ask_review: lambda s: _on(s, case=s.determination.case, on_new_evidence=True, on_facts=False, text="New."),
    restrictions.impose: _restricted,
    restrictions.change_level: lambda s: {
        **{key: value for key, value in _restricted(s).items() if key not in {"member", "appeal"}},
        "restriction_id": restrictions.impose(**_restricted(s)).pk,
        "level": Level.MESSAGE_BLOCK,
    },
    support.reply: lambda s: {"ticket_id": reported(s.cast).pk, "text": "Still so.", "by": s.amina},
    support.own_ticket: lambda s: {"ticket_id": reported(s.cast).pk, "by": s.amina},
    support.answer: lambda s: {
        "ticket_id": support.refer(reported(s.cast).pk, by=s.gwen).pk,
        "text": "Hm.",
        "by": s.ines,
    },
    support.resolve: lambda s: {
        "ticket_id": support.refer(reported(s.cast).pk, by=s.gwen).pk,
        "text": "So.",
        "by": s.ines,
    },
    support.open_ticket: lambda s: {"ticket_id": support.refer(reported(s.cast).pk, by=s.gwen).pk, "by": s.ines},
    main_account.change_address: lambda s: {
        "landlord": s.alder,
        "member_id": s.member("ben"),
        "email": "b@alder.example",
        "checked": CHECKED,
        "by": s.gwen,
    },
    main_account.hand_over: lambda s: {
        "landlord": s.alder,
        "successor_id": s.member("ben"),
        "former": Former.STAYS,
        "checked": CHECKED,
        "href": str,
        "by": s.gwen,
    },
    sub_accounts.reset_password: lambda s: {"member_id": s.member("ben"), "href": str, "by": s.amina},
    sub_accounts.deactivate: lambda s: {"member_id": s.member("ben"), "by": s.amina},
    sub_accounts.reactivate: lambda s: {
        "member_id": sub_accounts.deactivate(s.member("ben"), by=s.amina).pk,
        "href": str,
        "by": s.amina,
    },
    accounts.end_one_session: lambda s: {"session_id": s.session("amina"), "by": s.amina},
    factors.remove: lambda s: {
        "user": s.users["amina"],
        "factor_id": s.factor("amina"),
        "by": s.amina,
        "session_key": None,
    },
}

# What each parameter must refuse, whoever acts: other people, records of the cases `elsewhere`, what does not exist.
# Elsewhere is another landlord's case, and another of one's own where the action says which case it is about.
FOREIGN: dict[str, Callable[[Scene, list[Case]], list[Any]]] = {
    "owner_id": lambda s, elsewhere: [s.users[name].pk for name in ("amina", "carys", "gwen", "hana")] + [0],
    "colleague_id": lambda s, elsewhere: [s.users[name].pk for name in ("carys", "dev", "gwen")] + [0],
    "approver_id": lambda s, elsewhere: [s.users[name].pk for name in ("amina", "carys", "dev", "gwen")] + [0],
    "member_id": lambda s, elsewhere: [s.member("carys"), 0],
    "successor_id": lambda s, elsewhere: [s.member("carys"), s.member("amina"), 0],
    "reference": lambda s, elsewhere: ["202609999", "202605678", "202600000"],
    "case": lambda s, elsewhere: [s.birch_case, s.hidden],
    "upload_id": lambda s, elsewhere: [s.upload(by="ben"), s.upload(s.birch_case, "carys"), s.upload(s.sibling), 0],
    "upload_ids": lambda s, elsewhere: [
        [s.upload(by="ben")],
        [s.upload(s.birch_case, "carys")],
        [s.upload(s.sibling)],
        [0],
    ],
    "categories": lambda s, elsewhere: [{value: "repairs"} for (value,) in FOREIGN["upload_ids"](s, elsewhere)],
    "document_id": lambda s, elsewhere: [
        *(s.document(case).pk for case in elsewhere),
        letter(s.case, s.dev, "staff.pdf", Visibility.STAFF).pk,
        0,
    ],
    "document": lambda s, elsewhere: [
        *(s.document(case) for case in elsewhere),
        letter(s.case, s.dev, "staff.pdf", Visibility.STAFF),
    ],
    "document_ids": lambda s, elsewhere: [[value] for value in FOREIGN["document_id"](s, elsewhere)],
    "submission_id": lambda s, elsewhere: [*(s.document(case).submission_id for case in elsewhere), 0],
    "letter": lambda s, elsewhere: [
        *(letter(case, s.dev) for case in elsewhere),
        letter(s.case, s.dev, "staff.pdf", Visibility.STAFF),
    ],
    "task": lambda s, elsewhere: [s.task(case) for case in elsewhere],
    "task_id": lambda s, elsewhere: [*(s.task(case).pk for case in elsewhere), 0],
    "tasks": lambda s, elsewhere: [[s.task(s.birch_case)]],
    "thread": lambda s, elsewhere: [s.thread(case) for case in elsewhere],
    "thread_id": lambda s, elsewhere: [*(s.thread(case).pk for case in elsewhere), 0],
    "order": lambda s, elsewhere: [one.orders.first() for one in s.determinations(elsewhere)],
    "order_id": lambda s, elsewhere: [*(one.orders.first().pk for one in s.determinations(elsewhere)), 0],
    "one": lambda s, elsewhere: [one.recommendations.get() for one in s.determinations(elsewhere)],
    "recommendation_id": lambda s, elsewhere: [
        *(one.recommendations.get().pk for one in s.determinations(elsewhere)),
        0,
    ],
    "row_id": lambda s, elsewhere: [*(s.drafted_row(case) for case in elsewhere), 0],
    "ticket_id": lambda s, elsewhere: [
        reported(s.cast, "Theirs.", by="carys").pk,
        reported(s.cast, "His.", by="ben").pk,
        0,
    ],
    "restriction_id": lambda s, elsewhere: [0],  # who may change one may change any
    "filter_id": lambda s, elsewhere: [s.saved_filter("ben"), s.saved_filter("carys"), 0],
    "session_id": lambda s, elsewhere: [s.session("ben"), s.session("carys"), 0],
    "factor_id": lambda s, elsewhere: [s.factor("ben"), s.factor("carys"), 0],
}

"""One demo case being lived: the primitives of which its story is told, each one call of a real action.

A story is a generator. It yields the moment of the next act and is resumed when the clock stands there, so that all
cases together happen in the order of time and every id, bell and audit row lies as in a portal that was used.
"""

from collections.abc import Generator, Sequence
from datetime import date, datetime, timedelta
from random import Random

from portal.access.actor import Actor
from portal.cases import actions as cases
from portal.cases.lifecycle import DETERMINATIONS
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.demo import wording
from portal.demo.papers import Paper, Papers
from portal.demo.people import Crew
from portal.demo.plan import SEED, CasePlan, Extra
from portal.demo.working_hours import WorkingHours
from portal.determinations import drafting, issuing, orders, reviews
from portal.determinations.kinds import OrderState, ReviewState
from portal.determinations.models import Determination, Order
from portal.documents import actions as documents
from portal.documents import withdrawing
from portal.documents.models import Document, Visibility
from portal.files import actions as files
from portal.lib import clock
from portal.messaging import actions as messaging
from portal.messaging.models import Thread
from portal.tasks import actions as tasks
from portal.tasks.models import Task, TaskKind
from portal.teams.models import Team

Beats = Generator[datetime, None, None]
LETTERS = {TaskKind.FOR_INFORMATION: "note", TaskKind.RESPOND_TO_REQUEST: "request"}


class Life:
    """The case, who works on it, and when something last happened to it."""

    case: Case

    def __init__(self, plan: CasePlan, crew: Crew, hours: WorkingHours, papers: Papers) -> None:
        self.plan, self.crew, self.hours, self.papers = plan, crew, hours, papers
        self.rng = Random(f"{SEED}/life/{plan.landlord}/{plan.number}")
        self.company = crew.companies[plan.landlord]
        self.worker = self._one_of(Team.DISPUTE_SUPPORT)
        self.last: datetime | None = None
        self.determination: Determination | None = None
        self.due_on: date | None = None  # of the orders that a determination will make; ten working days when not said

    def has(self, extra: Extra) -> bool:
        return extra in self.plan.extras

    def on(self, ago: int) -> datetime:
        """A moment of the working day `ago` days before today, later than everything that happened before."""
        wanted = self.hours.moment(ago, self.rng)
        if self.last is not None and wanted <= self.last:
            wanted = self.hours.next_after(self.last, self.rng)
        self.last = wanted
        return wanted

    def person(self) -> Actor:
        """One of the landlord's people; most of the work is the administrator's."""
        first, *others = self.company.actors
        return self.rng.choice(others) if others and self.rng.random() < 0.45 else first

    def _one_of(self, team: Team) -> Actor:
        """Who of the team works on the case."""
        people = self.crew.teams[team]
        return people[0] if self.company.has_own_caseworkers else self.rng.choice(people)

    # the case

    def create(self, ago: int) -> Beats:
        long = self.has(Extra.LONG_NAMES)
        yield self.on(ago)
        self.case = cases.create_case(
            by=self.worker,
            reference=self.plan.reference,
            landlord=self.company.landlord,
            resident_name=wording.LONG_RESIDENT if long else wording.resident(self.rng),
            resident_address=wording.LONG_ADDRESS if long else wording.address(self.rng),
            summary=self.rng.choice(wording.COMPLAINTS),
            owner_id=None if self.has(Extra.NO_OWNER) else self.worker.user_id,
        )

    def release(self, ago: int) -> Beats:
        yield self.on(ago)
        self.case = cases.release_case(self.case, by=self.worker)

    def move(self, ago: int, to: Status) -> Beats:
        """The status changes, and with the team the owner; the manager of the new team hands the case over."""
        early = to == Status.CLOSED and len(self.plan.path) < 5
        reason = self.rng.choice(wording.EARLY_CLOSURES) if early else wording.MOVE_REASONS[to.value]
        if to in DETERMINATIONS:
            yield from self.determine(ago, with_remedies=to == Status.DETERMINED_AWAITING_ACTION)
        elif to == Status.REVIEW:
            yield from self.ask_review(ago)
        else:
            yield self.on(ago)
            self.case = cases.move_case(self.case, to=to, reason=reason, by=self.worker)
        team = Team(self.case.team)
        if self.worker.team != team:
            self.worker = self._one_of(team)
            yield self.on(ago)
            by = self.crew.managers[team]
            self.case = cases.hand_over(self.case, team=team, owner_id=self.worker.user_id, by=by)

    # the determination

    def determine(self, ago: int, *, with_remedies: bool) -> Beats:
        """Drafted over a few saves, then issued; its task waits for the chapter that follows."""
        due_on = self.due_on
        for finding, words in self.rng.sample(wording.FINDINGS[with_remedies], self.rng.randint(1, 3)):
            yield self.on(ago + 1)
            drafting.write_complaint(self.case, words=words, finding=finding, by=self.worker)
        if with_remedies:
            for kind, words in self.rng.sample(wording.ORDERS, self.rng.randint(1, 4)):
                yield self.on(ago)
                until = due_on or self._in_days(10)
                drafting.write_order(self.case, kind=kind, words=words, due_on=until, by=self.worker)
            for kind, words in self.rng.sample(wording.RECOMMENDATIONS, self.rng.randint(0, 2)):
                drafting.write_recommendation(self.case, kind=kind, words=words, by=self.worker)
        yield self.on(ago)
        self.determination = issuing.issue(self.case, shown=drafting.the_draft(self.case).version_token, by=self.worker)
        self.case.refresh_from_db()
        yield self.on(max(1, ago - 1))
        issuing.record_sent_to_resident(self.determination, how="post", on=clock.today(), by=self.worker)

    def ask_review(self, ago: int) -> Beats:
        """The landlord asks, late if the three weeks are over; then DR2 Review takes the request on."""
        by = self.person()
        yield self.on(ago)
        reason = (
            wording.REVIEW_LATE if self.determination and reviews.is_late(self.determination, clock.today()) else ""
        )
        review = reviews.ask_review(
            self.case, on_new_evidence=True, on_facts=False, text=wording.REVIEW_TEXT, late_reason=reason, by=by
        )
        if review.state == ReviewState.LATE:
            yield self.on(ago)
            reviews.decide_lateness(review, take=True, by=self.rng.choice(self.crew.teams[Team.REVIEW]))
        self.case.refresh_from_db()

    def confirm_orders(self, by: Actor) -> None:
        """Each order that is owed, shown by the documents that the landlord sent last."""
        if self.determination is None:
            return
        proofs = list(orders.possible_evidence(self.case, by=by)[:2])
        for order in self._orders(OrderState.OWED):
            orders.confirm_order(
                order,
                done=self.rng.choice(wording.COMPLIED),
                done_on=clock.today(),
                document_ids=[proof.pk for proof in proofs],
                by=by,
            )
        for one in self.determination.recommendations.filter(feedback="").select_related("case"):
            orders.answer_recommendation(one, feedback="accepted", by=by)

    def _orders(self, state: OrderState) -> list[Order]:
        if self.determination is None:
            return []
        return list(self.determination.orders.filter(state=state).select_related("case"))

    def assign_case(self, ago: int) -> Beats:
        """The landlord notes which colleague looks after the case."""
        first, *others = self.company.actors
        if others:
            yield self.on(ago)
            cases.assign_colleague(self.case, colleague_id=self.rng.choice(others).user_id, by=first)

    # documents

    def share(self, ago: int, letter: str) -> Generator[datetime, None, Document]:
        """A letter of the service is put on the case."""
        paper = self.papers.letters[letter]
        yield self.on(ago)
        return documents.share_document(
            self.case,
            name=f"{paper.title} {self.plan.reference}.{paper.extension}",
            content=paper.content,
            category=paper.category,
            visibility=Visibility.BOTH,
            by=self.worker,
        )

    def upload(self, ago: int, papers: Sequence[Paper]) -> Beats:
        """One batch of documents of the landlord, each with its category."""
        by = self.person()
        yield self.on(ago)
        categories = {self._receive(paper, documents.target_of(self.case), by): paper.category for paper in papers}
        documents.submit_documents(self.case, categories=categories, by=by)

    def put_right(self, ago: int) -> Beats:
        """Of what it sent last, the landlord replaces one document and withdraws another, which nobody has opened yet."""
        by = self.person()
        yield self.on(ago)
        sent = Document.objects.visible_to(by).on_case(self.case.pk).in_place().filter(by_landlord=True)
        outdated, strange = sent.filter(opened_by_service_at__isnull=True, submission__isnull=False).order_by("-id")[:2]
        self._receive(self.rng.choice(self.papers.evidence), withdrawing.target_of(outdated), by)
        withdrawing.replace_document(outdated, reason=wording.OUTDATED, by=by)
        withdrawing.withdraw_document(strange, reason=wording.OF_ANOTHER_CASE, by=by)

    def look_at_uploads(self, ago: int) -> Beats:
        """The caseworker opens one of the documents and has seen the list."""
        yield self.on(ago)
        found = Document.objects.visible_to(self.worker).on_case(self.case.pk).filter(by_landlord=True).last()
        if found is not None:
            documents.open_document(self.case.reference, found.pk, by=self.worker)[1].close()
        documents.mark_uploads_seen(self.case, by=self.worker)

    def evidence(self, count: int) -> list[Paper]:
        """`count` papers, as different as the pool allows."""
        pool = self.papers.evidence
        return [*self.rng.sample(pool, min(count, len(pool))), *self.rng.choices(pool, k=max(0, count - len(pool)))]

    def proofs(self) -> list[Paper]:
        return self.rng.sample(self.papers.proofs, 2)

    def _receive(self, paper: Paper, target: str, by: Actor) -> int:
        name = paper.named(self.rng, clock.now())
        return files.receive(name, [paper.content], target=target, by=by).pk

    # messages

    def exchange(self, ago: int, topic: wording.Exchange, *, read: bool = True, task: Task | None = None) -> Beats:
        """The whole of an exchange within a few hours or days. With `read` False nobody has opened the last message."""
        thread, from_service = None, topic.service_begins
        for number, text in enumerate(topic.texts):
            by = self.worker if from_service else self.person()
            yield self.on(max(1, ago - number // 2))
            if thread is None:
                thread = messaging.start_thread(self.case, subject=topic.subject, body=text, by=by, task=task)
            else:
                self._answer(thread, text, by, with_paper=not from_service and self.rng.random() < 0.2)
            from_service = not from_service
        if read and thread is not None:
            reader = self.worker if from_service else self.person()
            yield self.on(max(1, ago - len(topic.texts) // 2))
            messaging.open_thread(self.case, thread.pk, by=reader)

    def _answer(self, thread: Thread, text: str, by: Actor, *, with_paper: bool) -> None:
        messaging.open_thread(self.case, thread.pk, by=by)
        uploads: list[int] = []
        if with_paper:
            uploads = [self._receive(self.rng.choice(self.papers.evidence), messaging.target_of(self.case, thread), by)]
        messaging.reply(thread, body=text, by=by, upload_ids=uploads)

    def topic(self, *, last_from_service: bool) -> wording.Exchange:
        """An exchange whose last message comes from the side that is asked for."""
        fitting = [one for one in wording.EXCHANGES if self._ends_with_service(one) == last_from_service]
        return self.rng.choice(fitting)

    @staticmethod
    def _ends_with_service(topic: wording.Exchange) -> bool:
        return topic.service_begins == (len(topic.texts) % 2 == 1)

    # tasks

    def ask(self, ago: int, kind: TaskKind, due_on: date | None = None) -> Generator[datetime, None, Task]:
        """A task, due in ten working days unless said otherwise, with its letter where the kind has one. That of a
        determination was set when it was issued."""
        if kind == TaskKind.CONFIRM_COMPLIANCE and self.determination is not None and self.determination.task:
            return self.determination.task
        letter = None
        if kind in LETTERS:
            letter = yield from self.share(ago, LETTERS[kind])
        yield self.on(ago)
        long = self.has(Extra.LONG_NAMES) and kind == TaskKind.RESPOND_TO_REQUEST
        return tasks.set_task(
            self.case,
            kind=kind,
            title=wording.LONG_TITLE if long else self.rng.choice(wording.TITLES[kind.value]),
            details=wording.DETAILS[kind.value],
            due_on=due_on or self._in_days(10),
            letter=letter,
            by=self.worker,
        )

    def open(self, ago: int, task: Task) -> Beats:
        by = self.person()
        yield self.on(ago)
        tasks.open_task(task.pk, by=by)

    def assign(self, ago: int, task: Task) -> Beats:
        first, *others = self.company.actors
        if others:
            yield self.on(ago)
            tasks.assign_task(task, colleague_id=self.rng.choice(others).user_id, by=first)

    def complete(self, ago: int, task: Task) -> Beats:
        """The date that the landlord gives is the day itself or the day before, never before the task was set."""
        by = self.person()
        yield self.on(ago)
        if self._is_determinations(task):
            self.confirm_orders(by)
        given = clock.today() - timedelta(days=self.rng.randint(0, 1))
        tasks.complete_task(task, completed_on=max(given, task.set_at.date()), by=by)

    def unable(self, ago: int, task: Task) -> Beats:
        by = self.person()
        yield self.on(ago)
        tasks.report_unable(task, reason=self.rng.choice(wording.UNABLE), by=by)

    def answer(self, ago: int, task: Task) -> Beats:
        yield self.on(ago)
        tasks.answer_unable(task, answer=self.rng.choice(wording.ANSWERS), by=self.worker)

    def extend(self, ago: int, task: Task, due_on: date | None = None) -> Beats:
        yield self.on(ago)
        until = due_on or self._in_days(10)
        if self._is_determinations(task):
            for order in self._orders(OrderState.OWED):
                later = max(until, self.hours.calendar.add(order.due_on, 1))
                orders.extend_order(order, due_on=later, reason=self.rng.choice(wording.EXTENSIONS), by=self.worker)
            return
        tasks.extend_task(task, due_on=until, reason=self.rng.choice(wording.EXTENSIONS), by=self.worker)

    def change(self, ago: int, task: Task) -> Beats:
        yield self.on(ago)
        tasks.change_task(task, title=task.title, details="Please send what you hold yourselves.", by=self.worker)

    def accept(self, ago: int, task: Task) -> Beats:
        yield self.on(ago)
        if self._is_determinations(task):
            for order in self._orders(OrderState.CONFIRMED):
                orders.accept_order(order, by=self.worker)
            return
        tasks.accept_task(task, by=self.worker)

    def give_back(self, ago: int, task: Task, due_on: date | None = None) -> Beats:
        yield self.on(ago)
        until = due_on or self._in_days(5)
        if self._is_determinations(task):
            first, *_ = self._orders(OrderState.CONFIRMED)
            until = max(until, first.due_on)
            orders.return_order(first, reason=self.rng.choice(wording.ORDER_RETURNS), due_on=until, by=self.worker)
            return
        tasks.return_task(task, reason=self.rng.choice(wording.RETURNS), due_on=until, by=self.worker)

    def cancel(self, ago: int, task: Task) -> Beats:
        yield self.on(ago)
        tasks.cancel_task(task, reason=self.rng.choice(wording.CANCELLATIONS), by=self.worker)

    def _is_determinations(self, task: Task) -> bool:
        return self.determination is not None and self.determination.task_id == task.pk

    def _in_days(self, days: int) -> date:
        return self.hours.calendar.add(clock.today(), days)

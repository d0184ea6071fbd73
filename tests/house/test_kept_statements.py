"""A kept statement gives what its queryset gives, to each person their own, whoever asked before: a wall like `visible_to`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db.models import Model
from django.urls import get_resolver

from portal.access.kept import every
from portal.accounts.models import Session
from portal.cases.querysets import CaseQuerySet
from portal.documents import actions as documents
from portal.drafts import actions as drafts
from portal.filters.models import List
from portal.lib import clock
from portal.lib.claims import ClaimState
from portal.mail import outbox
from portal.mail.models import OutgoingMail
from portal.messaging import actions as messaging
from portal.notifications.fan_out import fan_out_one
from portal.notifications.models import Delivery
from portal.pages.casework.worklist.queues import Whose
from portal.pages.shared.horizon import today
from portal.pages.shared.lists.documents import labels_now
from portal.search.holding import Form, listed, spelt, written
from portal.search.models import Entry
from portal.search.tokens import Spot, forms_of
from portal.tasks import actions as tasks
from tests import world
from tests.cast import Cast, in_days
from tests.indexed import indexed

pytestmark = pytest.mark.both  # the SQL that is kept is each database's own

WHO = ("amina", "carys", "ben", "ike", "amina", "dev", "farid", "gwen", "hana", "ines", "esi", "carys")


@dataclass(frozen=True)
class Asked:
    """Arguments by position and by name. `of_nobody`: the statement takes no actor."""

    shape: tuple[Any, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    of_nobody: bool = False


def _asked(cast: Cast, made: dict[str, Any]) -> dict[str, list[Asked]]:
    thread, routes = (
        {"thread_id": made["thread_id"]},
        ("landlord:open_cases", "landlord:closed_cases", "landlord:cases"),
    )
    bells = [Asked((unread, topic)) for unread in (True, False) for topic in ("", "tasks")]
    bells += [Asked((False, ""), {"reference": one.reference}) for one in (cast.case, cast.birch_case)]
    since, seen, case, other = drafts.kept_since(), today(), cast.case, cast.birch_case
    return {
        "restrictions.access_state.sessions": [
            Asked((), {"key_digest": digest}, of_nobody=True)
            for digest in (*Session.objects.values_list("key_digest", flat=True), "none")
        ],
        "landlords.people.names_of": [
            Asked((), {"landlord_id": one.pk}, of_nobody=True) for one in (cast.alder, cast.birch, cast.alder)
        ],
        "landlords.people.names_at": [
            Asked((), {"landlord_id": one.pk}, of_nobody=True) for one in (cast.alder, cast.birch, cast.alder)
        ],
        "teams.people.owner_names": [Asked(of_nobody=True)],
        "pages.shared.layout._waiting": [Asked((), {"since": since})],
        "pages.shared.layout._waiting_at": [
            Asked((kind,), {"case_id": one.pk, "since": since, **number})
            for kind, number in (("task", {}), ("overview", {}), ("task", {"number": made["task_id"]}))
            for one in (case, other)
        ],
        "pages.shared.lists.saved_filters._saved": [Asked((of,)) for of in (List.TASKS, List.SERVICE_CASES)],
        "drafts.actions.unsent": [
            Asked((), {"user_id": cast.actors[who].user_id, "since": since}, of_nobody=True) for who in ("amina", "ben")
        ],
        "drafts.actions._unsent_at": [
            Asked((), {"user_id": cast.actors[who].user_id, "key": "/help/chat/", "since": since}, of_nobody=True)
            for who in ("amina", "ben", "amina")
        ],
        "cases.actions._seen": [Asked((), {"reference": one.reference}) for one in (case, other, cast.hidden, case)],
        "cases.actions._held": [Asked((), {"case_id": one.pk}) for one in (case, other, case)],
        "messaging.actions._held": [
            Asked((), {"case_id": one.pk, "thread_id": made["thread_id"]}) for one in (case, other, case)
        ],
        "tasks.actions.deadlines_of": [Asked((), {"task_id": made["task_id"]}, of_nobody=True)],
        "tasks.actions._seen": [Asked((), {"task_id": made["task_id"]}), Asked((), {"task_id": 2**40})],
        "files.actions._waiting": [Asked((), {"target": documents.target_of(case), "now": clock.now()})],
        "messaging.actions._seen": [
            Asked((), {"case_id": one.pk, "thread_id": made["thread_id"]}) for one in (case, other, case)
        ],
        "messaging.actions._recent": [
            Asked((), {**thread, "author_id": who, "body": body, "after": after, "since": since}, of_nobody=True)
            for body in ("See the file.", "Other words")
            for after, who in ((0, cast.amina.user_id), (2**40, cast.ben.user_id))
        ],
        "pages.shared.threads._newest": [
            Asked((False,), {"number": made["thread_id"]}, of_nobody=True),
            *(Asked((True,), {"number": one.pk}, of_nobody=True) for one in (case, other)),
        ],
        "pages.shared.threads._part": [
            Asked((), thread, of_nobody=True),
            Asked((), {**thread, "before": 2**40}, of_nobody=True),
        ],
        "pages.shared.threads._around": [Asked((), {**thread, "first": 0, "last": 1}, of_nobody=True)],
        "pages.shared.threads._attached": [Asked((), {**thread, "first": 0, "last": 2**40}, of_nobody=True)],
        "pages.shared.timeline._length": [Asked((), {"case_id": one.pk}) for one in (case, other, case)],
        "pages.shared.timeline._entries": [Asked((0, 20), {"case_id": one.pk}) for one in (case, other, case)],
        "pages.shared.timeline._of_task": [
            Asked((), {"case_id": one.pk, "task_id": made["task_id"]}) for one in (case, other)
        ],
        "pages.shared.notifications._length": bells[2:],
        "pages.shared.notifications._entries": [Asked((0, 25, *one.shape), one.values) for one in bells],
        "pages.casework.worklist.queues._lengths": [Asked((whose, seen)) for whose in Whose],
        "pages.casework.cases.lists._length": [Asked()],
        "pages.casework.cases.lists._rows": [Asked((0, 25, sort)) for sort in ("", "-owner", "team")],
        "pages.landlord.cases.lists._length": [Asked((route,)) for route in routes],
        "pages.landlord.cases.lists._rows": [
            Asked((0, 25, route, sort)) for route in routes for sort in ("", "-owner")
        ],
        "pages.landlord.cases.case._upcoming": [Asked((), {"case_id": one.pk}) for one in (case, other, case)],
        "pages.shared.lists.documents._length": [Asked((), {"case_id": one.pk}) for one in (case, other)],
        "pages.shared.lists.documents._documents": [
            Asked((0, 25, sort, labels_now()), {"case_id": one.pk})
            for one in (case, other)
            for sort in ("", "category")
        ],
        "pages.landlord.tasks.views._length": [Asked()],
        "pages.landlord.tasks.views._rows": [Asked((0, 25, sort)) for sort in ("", "-assigned", "kind")],
        "pages.landlord.home._numbers": [Asked((seen,), {"since": since})],
        "pages.landlord.home._open_cases": [Asked((0, 25)), Asked((1, 2))],
        "pages.landlord.home._nearest_tasks": [Asked()],
        "pages.landlord.home._newest_threads": [Asked()],
        "pages.landlord.cases.rows._due_on": [
            Asked((), {"case_ids": ids}) for ids in ([case.pk], [other.pk, case.pk], [])
        ],
        "pages.casework.tasks.views._threads": [
            Asked((), {"case_id": one.pk, "task_id": made["task_id"]}) for one in (case, other)
        ],
        "pages.casework.documents.views._new_uploads": [Asked((), {"case_id": one.pk}) for one in (case, other)],
        "notifications.delivery_log._failed": [
            Asked((), {"case_id": one.pk, "since": since}, of_nobody=True) for one in (case, other)
        ],
        "notifications.delivery_log._about_messages": [
            Asked((), {"case_id": one.pk, "first": 0, "last": 2**40}, of_nobody=True) for one in (case, other)
        ],
        **_asked_by_search(cast),
    }


def _asked_by_search(cast: Cast) -> dict[str, list[Asked]]:
    """“damp” stands in Alder's case and “birch” in Birch's; each is asked for as of either landlord and of the service."""
    ids, words, things = (
        [cast.case.pk, cast.birch_case.pk],
        [" damp", " birch"],
        list(Entry.objects.values_list("pk", flat=True)),
    )
    asks = [
        (forms_of(owner, (Spot.ANYWHERE, Spot.ASKED), (Form(word, begins=True),)),)
        for owner in (cast.alder.pk, cast.birch.pk, None)
        for word in ("damp", "birch")
    ]
    ordered, latest = [], []
    for ask in asks:
        parts, shown = spelt(ask)
        given = {"sure": shown, "besides": (cast.hidden.pk,)}
        ordered += [
            Asked((narrowing, 10, wanted, parts), {**given, "steps": [written(ask)] * 2})
            for narrowing in (CaseQuerySet.all, CaseQuerySet.open)
            for wanted in ((1,), (0, 1))
        ]
        latest.append(Asked((CaseQuerySet.all, 10, 100, parts, parts), {**given, "asks": shown}))
    return {
        "search.ranking._ordered": ordered,
        "search.ranking._latest": latest,
        "search.ranking._planned": [Asked((), {"steps": [written(ask) for ask in asks]})],
        "search.finding._near": [Asked((), {"near": "damp birch", "sounds": "TMP"})],
        "pages.shared.search._cases": [Asked((), {"ids": listed(ids)}), Asked((), {"ids": listed(ids[::-1])})],
        "pages.shared.search._numbered": [Asked((), {"ids": listed(ids), "words": words})],
        "pages.shared.search._things": [Asked((), {"ids": listed(things)}, of_nobody=True)],
    }


def test_each_gives_everybody_what_its_queryset_gives_them(cast: Cast, client_of: Callable[[str], Any]) -> None:
    get_resolver().url_patterns  # noqa: B018 - loads every view, and with them every statement
    client_of("amina"), client_of("dev")
    asked, statements = _asked(cast, _world(cast)), {_name(one): one for one in _ours()}
    assert set(asked) == set(statements)
    for name, statement in statements.items():
        found = 0
        for one in asked[name]:
            for by in [None] if one.of_nobody else [cast.actors[who] for who in WHO]:
                first = () if by is None else (by,)
                kept = _plain(statement(by, *one.shape, **one.values))
                assert kept == _plain(statement.plainly(*first, *one.shape, **one.values)), (name, by)
                found += len(kept)
        assert found, f"{name} was tried with nothing that anybody can see"


@pytest.mark.parametrize("who", ["amina", "carys"])
def test_no_row_is_another_landlords(cast: Cast, who: str) -> None:
    get_resolver().url_patterns  # noqa: B018
    asked, actor = _asked(cast, _world(cast)), cast.actors[who]
    for statement in _ours():
        for one in asked[_name(statement)]:
            if not one.of_nobody:
                statement(cast.actors["carys" if who == "amina" else "amina"], *one.shape, **one.values)
                rows = statement(actor, *one.shape, **one.values)
                assert {getattr(row, "landlord_id", actor.landlord_id) for row in rows} <= {actor.landlord_id}


def test_a_statement_does_not_keep_the_time(cast: Cast) -> None:
    statement = next(one for one in _ours() if _name(one) == "pages.shared.layout._waiting")
    with pytest.raises(TypeError, match="None makes another statement"):
        statement(cast.amina, since=None)
    with pytest.raises(RuntimeError, match="pass the time as a value"):
        type(statement)(lambda actor: drafts.unsent(actor.user_id))(cast.amina)


def _world(cast: Cast) -> dict[str, Any]:
    """One record of every kind, a changed deadline, and a message with a file."""
    made: dict[str, Any] = world.build(cast)
    task = tasks.open_task(made["task_id"], by=cast.dev)
    tasks.extend_task(task, due_on=in_days(30), reason="The surveyor is ill.", by=cast.dev)
    thread = messaging.open_thread(cast.case, made["thread_id"], by=cast.dev)
    sent = messaging.receive_attachment(cast.case, "Visit.txt", [b"On Monday.\n"], by=cast.dev, thread=thread)
    messaging.reply(thread, body="See the file.", by=cast.dev, upload_ids=[sent.pk])
    _could_not_be_delivered(cast)
    indexed()
    return made


def _could_not_be_delivered(cast: Cast) -> None:
    """An e-mail about the case."""
    while fan_out_one(clock.now()):
        pass
    mail = outbox.post(to="amina@alder.example", subject="New", body="See the portal.", kind="test")
    OutgoingMail.objects.filter(pk=mail.pk).update(claim_state=ClaimState.FAILED)
    delivery = Delivery.objects.filter(entry__case=cast.case).first()
    Delivery.objects.filter(pk=delivery.pk).update(mail=mail)


def _ours() -> list[Any]:
    return [one for one in every() if one.plainly.__module__.startswith("portal.")]


def _name(statement: Any) -> str:
    return f"{statement.plainly.__module__.removeprefix('portal.')}.{statement.plainly.__qualname__}"


def _plain(rows: Any) -> list[Any]:
    """Rows that can be compared: a record with all that was read beside it."""
    return [_values(row) if isinstance(row, Model) else row for row in rows]


def _values(record: Model, depth: int = 2) -> dict[str, Any]:
    own = {name: value for name, value in vars(record).items() if name != "_state"}
    joined = record._state.fields_cache.items() if depth else ()
    own["_state"] = record._state.adding, record._state.db
    return {**own, **{f"{name}.": _values(one, depth - 1) for name, one in joined if isinstance(one, Model)}}

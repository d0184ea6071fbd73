"""Every action that takes a reference refuses a foreign one in each field that takes one, and changes nothing (H44, H45).

The actions are found by their signatures, so that a new one cannot be forgotten: it is in GOOD, STAFF_ONLY or CHECKED_ABOVE.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Model, QuerySet

from portal.access.permissions import Permission
from portal.access.roles import Role
from portal.accounts.models import AttemptCount, Session
from portal.audit.models import AuditRow
from portal.cases.models import Case
from portal.lib.errors import NotAllowed, RuleBroken
from tests.cast import Cast, in_days
from tests.house.foreign_references import FOREIGN, GOOD, Given, Scene
from tests.house.reviewed_actions import NEEDED

PACKAGES = [
    "cases",
    "documents",
    "tasks",
    "messaging",
    "determinations",
    "support",
    "restrictions",
    "notifications",
    "landlords",
    "teams",
    "accounts",
    "filters",
]
UNWATCHED = (AuditRow, AttemptCount, Session)  # a refusal may be recorded and counted
# Only the service's people may, and they see every case: no case, task or order is foreign to them. A landlord's person
# is refused whatever they pass.
STAFF_ONLY = {
    "cases.actions.release_case",
    "documents.actions.share_document",
    "documents.actions.mark_uploads_seen",
    "tasks.actions.accept_task",
    "tasks.actions.return_task",
    "tasks.actions.extend_task",
    "tasks.actions.change_task",
    "tasks.actions.answer_unable",
    "tasks.actions.cancel_task",
    "determinations.drafting.start_draft",
    "determinations.drafting.discard_draft",
    "determinations.drafting.write_complaint",
    "determinations.drafting.write_recommendation",
    "determinations.issuing.issue",
    "determinations.issuing.preview_letter",
    "determinations.issuing.record_sent_to_resident",
    "determinations.orders.accept_order",
    "determinations.orders.return_order",
    "determinations.orders.extend_order",
    "determinations.reviews.record_review",
    "determinations.reviews.decide_lateness",
    "determinations.reviews.decide_review",
    "support.actions.refer",
    "support.actions.reopen",
    "support.actions.not_spam",
    "support.actions.discard",
    "support.notices.change",
    "support.notices.take_down",
    "support.receiving.add_to_ticket",
    "support.receiving.settle",
    "restrictions.actions.review",
    "restrictions.actions.lift",
    "restrictions.actions.open_restriction",
    "restrictions.actions.member_to_restrict",
    "landlords.actions.resend_invitation",
    "landlords.register.open_landlord",
    "landlords.sub_accounts.set_limit",
    "teams.actions.change_place",
    "teams.actions.reset_password",
    "teams.actions.deactivate",
    "teams.actions.reactivate",
    "accounts.factors.reset",
    "accounts.actions.change_address",
}
# What looks like a reference and is none.
NO_REFERENCE = {
    ("cases.actions.create_case", "reference"),  # a new one
    ("cases.actions.create_case", "landlord"),  # any
    ("accounts.factors.remove", "user"),  # the page gives the signed-in person
}
# Parts of actions: what they are given was looked up for this actor by the action or page above, which is tried here.
CHECKED_ABOVE = {
    "cases.actions.follow_determination": "called by determinations alone, which locks the case for the actor",
    "cases.actions.lock": "is the check itself",
    "cases.actions.require_visible": "is the check itself",
    "cases.diary_writer.write": "part of an action that holds the case",
    "cases.diary_writer.tell_at_release": "part of release_case",
    "documents.actions.attach": "part of messaging, with uploads that it took for the actor",
    "documents.actions.lodge": "part of submit_documents and replace_document, with uploads that they took for the actor",
    "tasks.actions.lock": "is the check itself",
    "tasks.actions.record": "part of an action that holds the task",
    "tasks.parts.follow": "called by determinations alone",
    "determinations.actions.follow": "part of an action that holds the order",
    "determinations.actions.lock_order": "is the check itself",
    "determinations.drafting.may_draft": "answers a question about a case that the actor has opened",
    "determinations.issuing.may_issue": "answers a question about a case that the actor has opened",
    "restrictions.approving.approver_named": "part of impose and change_level",
    "support.actions.open_file": "of a ticket that own_ticket or open_ticket gave",
    "accounts.actions.change_password": "the page gives the signed-in person",
    "accounts.actions.reset_password": "sub_accounts and teams say whose account it is",
    "accounts.actions.deactivate": "sub_accounts and teams say whose account it is",
    "accounts.actions.reactivate": "sub_accounts and teams say whose account it is",
    "accounts.actions.signed_in": "records what has happened",
    "accounts.factors.add_app": "the page gives the signed-in person",
    "accounts.factors.add_passkey": "the page gives the signed-in person",
    "accounts.factors.make_recovery_codes": "the page gives the signed-in person",
}


def _name(action: Callable[..., Any]) -> str:
    return f"{action.__module__.removeprefix('portal.')}.{action.__name__}"


def _references(action: Callable[..., Any]) -> list[str]:
    found = inspect.signature(action).parameters.values()
    return [one.name for one in found if one.name in FOREIGN or one.name.endswith(("_id", "_ids")) or _is_record(one)]


def _is_record(parameter: inspect.Parameter) -> bool:
    kinds = getattr(parameter.annotation, "__args__", (parameter.annotation,))
    return any(isinstance(kind, type) and issubclass(kind, Model) for kind in kinds)


def _actions() -> Iterator[Callable[..., Any]]:
    for package in PACKAGES:
        for module in iter_modules(import_module(f"portal.{package}").__path__):
            if module.ispkg or module.name in {"models", "apps"}:
                continue
            found = vars(import_module(f"portal.{package}.{module.name}")).items()
            for name, one in found:
                if name.startswith("_") or not inspect.isfunction(one) or not one.__module__.endswith(module.name):
                    continue
                if "by" in inspect.signature(one).parameters and _references(one):
                    yield one


ACTIONS = {_name(action): action for action in _actions()}
TRIED = {_name(action): good for action, good in GOOD.items()}


def test_every_action_that_takes_a_reference_is_tried() -> None:
    assert set(ACTIONS) == set(TRIED) | STAFF_ONLY | set(CHECKED_ABOVE)
    assert len(TRIED) + len(STAFF_ONLY) + len(CHECKED_ABOVE) == len(ACTIONS)


@pytest.mark.row("H44")
@pytest.mark.row("H45")
@pytest.mark.parametrize("name", TRIED)
def test_a_foreign_reference_in_any_field_is_refused_and_the_right_ones_are_taken(name: str, cast: Cast) -> None:
    scene, action = Scene(cast), ACTIONS[name]
    given = TRIED[name](scene)
    references = [one for one in _references(action) if one in given and _can_be_foreign(action, one, given)]
    assert references, "nothing of it is a reference"
    for reference in references:
        for foreign in FOREIGN[reference](scene, _elsewhere(scene, action, reference)):
            _is_refused(action, {**given, reference: foreign}, f"{reference}={foreign!r}")
    if given["by"].is_landlord:
        swapped = {"by": cast.carys} | ({"user": cast.users["carys"]} if "user" in given else {})
        _is_refused(action, {**given, **swapped}, "as another landlord")
    assert action(**given) is not NotImplemented  # what was refused was the reference, and nothing else


@pytest.mark.row("H44")
@pytest.mark.parametrize("name", sorted(STAFF_ONLY))
def test_what_only_the_service_does_is_refused_to_a_landlord_whatever_it_passes(name: str, cast: Cast) -> None:
    scene, action = Scene(cast), ACTIONS[name]
    given = {one.name: _something(one, scene) for one in inspect.signature(action).parameters.values()}
    for actor in (cast.amina, cast.carys):
        _is_refused(action, {**given, "by": actor}, f"as {actor.name}", only=NotAllowed)


def _asked_for(action: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(re.findall(r"by\.require\(Permission\.(\w+)\)", inspect.getsource(action)))


def test_each_action_asks_for_the_permission_of_the_reviewed_list() -> None:
    assert {name: asked for name, action in ACTIONS.items() if (asked := _asked_for(action))} == NEEDED


@pytest.mark.row("H44")
@pytest.mark.parametrize("name", sorted(NEEDED))
def test_an_action_asks_for_its_permission_before_anything_else(name: str, cast: Cast) -> None:
    scene, action = Scene(cast), ACTIONS[name]
    given = {one.name: _something(one, scene) for one in inspect.signature(action).parameters.values()}
    without = [actor for actor in cast.actors.values() if not any(actor.may(Permission[one]) for one in NEEDED[name])]
    assert without, f"everybody may {name}"
    for actor in (next((one for one in without if one.is_landlord is side), None) for side in (True, False)):
        if actor is not None:
            with pytest.raises(NotAllowed), transaction.atomic():
                action(**{**given, "by": actor})


def _elsewhere(scene: Scene, action: Callable[..., Any], reference: str) -> list[Case]:
    """What an action begins with is foreign if it is another landlord's; what comes with it, if it is another case's."""
    is_first = reference == next(iter(inspect.signature(action).parameters))
    return [scene.birch_case] if is_first else [scene.birch_case, scene.sibling]


def _can_be_foreign(action: Callable[..., Any], reference: str, given: Given) -> bool:
    """Not the case, task or landlord that somebody of the service acts on: they see all."""
    first = next(iter(inspect.signature(action).parameters.values()))
    is_open_to_service = not given["by"].is_landlord and reference == first.name and _is_record(first)
    return not is_open_to_service and (_name(action), reference) not in NO_REFERENCE


def _is_refused(action: Callable[..., Any], given: Given, what: str, only: type[Exception] = RuleBroken) -> None:
    """An error in words, or "there is no such record", or an empty answer; and nothing has changed."""
    before, answer = _everything(), None
    try:
        with transaction.atomic():
            answer = action(**given)
            answer = list(answer) if isinstance(answer, QuerySet) else answer
    except (only, ObjectDoesNotExist):
        pass
    else:
        assert only is RuleBroken, f"{_name(action)} went through {what}"
        assert not answer, f"{_name(action)} went through {what} and gave {answer}"
    assert _everything() == before, f"{_name(action)} changed something {what}"


def _everything() -> dict[str, list[tuple[Any, ...]]]:
    watched = [model for model in apps.get_models() if model.__module__.startswith(("portal", "allauth.mfa"))]
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for model in watched
        if model not in UNWATCHED
    }


def _something(parameter: inspect.Parameter, scene: Scene) -> Any:
    """A value of the parameter's kind: the right is asked for before anything else is looked at."""
    annotation = parameter.annotation
    if _is_record(parameter):
        model = next(kind for kind in getattr(annotation, "__args__", (annotation,)) if issubclass(kind, Model))
        return _record(model, scene)
    if parameter.name == "role":
        return Role.AUDITOR
    known = {str: "words", int: 1, bool: True, bytes: b"words"}
    return known.get(annotation, in_days(30) if "date" in str(annotation) else None)


def _record(model: type[Model], scene: Scene) -> Model:
    made = {
        "Case": lambda: scene.case,
        "Task": scene.task,
        "Landlord": lambda: scene.alder,
        "User": lambda: scene.users["ben"],
        "Order": lambda: scene.determination.orders.first(),
        "Determination": lambda: scene.determination,
    }
    return made[model.__name__]() if model.__name__ in made else model._default_manager.first() or model()

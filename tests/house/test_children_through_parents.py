"""A child is reached through its own parent only: each address with a case and a child's id, asked of another case (H45)."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from portal.cases import actions as cases
from tests import determination_scene as scene
from tests import world
from tests.cast import Cast
from tests.house.resolver import Route, routes
from tests.signing_in import sign_in

PARENTS = {
    "reference": ("202609999", "202605678"),  # Birch's case, and another of Alder's own
    "landlord_id": ("birch",),
    "report_id": ("another",),
    "ticket_id": ("another",),
}
# Parameters that name no child of the parent before them.
NO_CHILDREN = {"part"}


def _nested(route: Route) -> bool:
    parent, *children = route.parameters or ("",)
    return parent in PARENTS and bool(set(children) - NO_CHILDREN)


NESTED = {route.name: route for route in routes() if _nested(route)}
WHO = {
    "landlord": ("amina", "carys"),
    "casework": ("dev", "gwen", "farid"),
    "office": ("dev", "gwen", "farid"),
    "help": ("amina",),
}


def test_there_are_addresses_with_children() -> None:
    assert {"landlord:document", "landlord:thread", "casework:thread", "help:ticket_file"} <= set(NESTED)


@pytest.mark.row("H45")
@pytest.mark.parametrize("name", sorted(NESTED))
def test_a_child_is_not_found_under_another_parent(name: str, cast: Cast) -> None:
    route, values = NESTED[name], world.build(cast)
    others = _others(cast, route.parameters[0])
    for other in others:
        address = reverse(name, kwargs={one: values[one] for one in route.parameters} | {route.parameters[0]: other})
        for who in WHO[name.split(":")[0]]:
            for verb in ("get", "post"):
                answer = _ask(cast, who, verb, address)
                assert answer.status_code in _refusals(name), f"{verb} {address} as {who}: {answer.status_code}"


def _others(cast: Cast, parent: str) -> list[object]:
    """The other parents, as complete as the first one, so that only the child is foreign."""
    if parent == "landlord_id":
        return [cast.birch.pk]
    if parent in {"report_id", "ticket_id"}:
        return [world.reported(cast, "Another one.").pk]
    sibling = cases.release_case(cast.hidden, by=cast.dev)
    for case in (cast.birch_case, sibling):
        scene.determined(cast, case)
    return [cast.birch_case.reference, sibling.reference]


# “Remove” says nothing when there is nothing to remove, whoever asks: it leads back, and nothing has changed.
# So does the letter of a draft where there is no draft.
LEADS_BACK = {"landlord:document_upload_remove", "casework:draft_row_remove", "casework:draft_letter"}


def _refusals(name: str) -> set[int]:
    return {403, 404, 405} | ({302} if name in LEADS_BACK else set())


def _ask(cast: Cast, who: str, verb: str, address: str):
    client = Client()
    with transaction.atomic():
        sign_in(client, cast.users[who])
        answer = getattr(client, verb)(address)
        transaction.set_rollback(True)
    return answer

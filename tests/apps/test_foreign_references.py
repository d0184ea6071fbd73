"""An id of somebody or something foreign, in each field that takes one, is refused by the actions themselves (H44).

The fields that name people of a landlord's main account stand in tests/pages/test_casework_accounts.py, roles and teams in
tests/pages/test_casework_people.py.
"""

from collections.abc import Callable

import pytest

from portal.cases import actions as cases
from portal.cases.models import Case
from portal.documents import actions as documents
from portal.files import actions as files
from portal.landlords.models import Membership
from portal.lib.errors import RuleBroken
from portal.messaging import actions as messaging
from portal.tasks import actions as tasks
from portal.tasks.models import Task, TaskKind
from portal.teams.models import Team
from tests import cast as the_cast
from tests.cast import Cast, in_days
from tests.pages.casework_scene import letter
from tests.pages.landlord_rows import task_on

Try = Callable[[Cast], object]


def own_upload(cast: Cast, case: Case, by: str) -> int:
    return files.receive("log.txt", [b"1 March\n"], slot=documents.slot_of(case), by=cast.actors[by]).pk


def set_task(cast: Cast, **given) -> Task:
    return tasks.set_task(
        cast.case, kind=TaskKind.FOR_INFORMATION, title="Read this", due_on=in_days(30), by=cast.dev, **given
    )


def create(cast: Cast, **given) -> Case:
    return cases.create_case(
        reference="202600001",
        resident_name="R",
        resident_address="1 Road",
        by=cast.dev,
        **{"landlord": cast.alder, "team": Team.TRIAGE, **given},
    )


TRIES: dict[str, Try] = {
    "case's colleague of another landlord": lambda c: cases.assign_colleague(
        c.case, colleague_id=c.carys.user_id, by=c.amina
    ),
    "case's colleague of the service": lambda c: cases.assign_colleague(c.case, colleague_id=c.dev.user_id, by=c.amina),
    "case's colleague that nobody is": lambda c: cases.assign_colleague(c.case, colleague_id=0, by=c.amina),
    "another landlord's case": lambda c: cases.assign_colleague(c.birch_case, colleague_id=c.ben.user_id, by=c.amina),
    "task's colleague of another landlord": lambda c: tasks.assign_task(
        task_on(c), colleague_id=c.carys.user_id, by=c.amina
    ),
    "another landlord's task": lambda c: tasks.assign_task(
        task_on(c, c.birch_case), colleague_id=c.ben.user_id, by=c.amina
    ),
    "case's owner of a landlord": lambda c: cases.hand_over(
        c.case, team=Team.TRIAGE, owner_id=c.amina.user_id, by=c.dev
    ),
    "case's owner outside the teams": lambda c: cases.hand_over(
        c.case, team=Team.TRIAGE, owner_id=c.gwen.user_id, by=c.dev
    ),
    "new case's owner of a landlord": lambda c: create(c, owner_id=c.amina.user_id),
    "task's letter on another landlord's case": lambda c: set_task(c, letter=letter(c.birch_case, c.dev)),
    "message about another landlord's task": lambda c: messaging.start_thread(
        c.case, subject="s", body="b", by=c.amina, task=task_on(c, c.birch_case)
    ),
    "message about a task of another case": lambda c: messaging.start_thread(
        c.case, subject="s", body="b", by=c.dev, task=task_on(c, c.birch_case)
    ),
    "reply in another landlord's thread": lambda c: messaging.reply(
        messaging.start_thread(c.birch_case, subject="s", body="b", by=c.dev), body="b", by=c.amina
    ),
    "a colleague's waiting upload": lambda c: documents.submit_documents(
        c.case, categories={own_upload(c, c.case, "ben"): "repairs"}, by=c.amina
    ),
    "another landlord's waiting upload": lambda c: documents.submit_documents(
        c.case, categories={own_upload(c, c.birch_case, "carys"): "repairs"}, by=c.amina
    ),
    "documents for another landlord's case": lambda c: documents.submit_documents(
        c.birch_case, categories={own_upload(c, c.birch_case, "amina"): "repairs"}, by=c.amina
    ),
}


@pytest.mark.row("H44")
@pytest.mark.row("H45")
@pytest.mark.parametrize("what", TRIES)
def test_a_foreign_reference_is_refused(cast: Cast, what: str) -> None:
    with pytest.raises(RuleBroken):
        TRIES[what](cast)


@pytest.mark.row("H44")
@pytest.mark.row("H47")
def test_somebody_who_moved_to_another_landlord_is_nobodys_colleague_here(cast: Cast) -> None:
    Membership.objects.filter(user_id=cast.ben.user_id).update(landlord=cast.birch)
    with pytest.raises(RuleBroken):
        cases.assign_colleague(cast.case, colleague_id=cast.ben.user_id, by=cast.amina)
    assert the_cast.landlord_people.colleague_name(cast.ben.user_id, landlord_id=cast.birch.pk) == "Ben Carter"

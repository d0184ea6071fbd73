"""The demo's plan as data: how many cases, which statuses, how long ago. The full demo is looked at here, unbuilt."""

from collections import Counter
from datetime import date
from itertools import pairwise

from portal.cases.lifecycle import MOVES
from portal.cases.statuses import Status
from portal.demo.people import ORGANISATIONS, SERVICE_PEOPLE, organisations
from portal.demo.plan import OUTCOMES, PATHS, Extra, Outcome, make_plan
from portal.demo.stories import ENDINGS
from portal.demo.working_hours import WORKING_DAYS_TOLD, WorkingHours
from portal.lib.references import is_case_reference
from portal.lib.working_days import WorkingCalendar
from portal.teams.models import Team

TODAY = date(2026, 11, 23)


def hours(today=TODAY):
    return WorkingHours(today, WorkingCalendar())


def test_the_full_demo_has_eight_landlords_from_3_to_115_cases():
    plans = make_plan(hours(), small=False)
    cases = Counter(plan.landlord for plan in plans)
    assert len(cases) == 8
    assert (min(cases.values()), max(cases.values()), len(plans)) == (3, 115, 225)


def test_the_lists_of_the_largest_landlord_are_longer_than_a_page():
    page = 25
    plans = [plan for plan in make_plan(hours(), small=False) if plan.landlord == "meridian"]
    closed = [plan for plan in plans if plan.status is Status.CLOSED]
    asked = [plan for plan in plans if plan.outcome is not Outcome.NOTHING_ASKED]
    assert min(len(closed), len(plans) - len(closed), len(asked)) > page


def test_each_landlord_has_an_administrator_and_at_most_three_sub_accounts():
    assert {len(one.people) for one in ORGANISATIONS} == {1, 2, 3, 4}


def test_the_service_has_a_dozen_caseworkers_and_a_manager_in_each_team():
    roles = Counter(person.role.value for person in SERVICE_PEOPLE)
    assert roles["caseworker"] + roles["enquiry officer"] == 12
    managed = {person.team for person in SERVICE_PEOPLE if person.role == "team manager"}
    assert managed == set(Team)
    assert (roles["portal team"], roles["auditor"]) == (1, 1)


def test_addresses_are_unique_plain_and_fictional():
    people = [*SERVICE_PEOPLE, *(person for one in ORGANISATIONS for person in one.persons())]
    addresses = [person.email for person in people]
    assert len(set(addresses)) == len(addresses)
    assert all(address.endswith(".example") and address.isascii() for address in addresses)


def test_both_demos_show_every_status_outcome_and_extra():
    for small in (False, True):
        plans = make_plan(hours(), small=small)
        assert {plan.status for plan in plans} == set(Status)
        assert {plan.outcome for plan in plans} == set(Outcome)
        assert {extra for plan in plans for extra in plan.extras} == set(Extra)


def test_the_small_demo_has_three_landlords():
    assert len(organisations(small=True)) == 3
    assert len(make_plan(hours(), small=True)) == 42


def test_references_are_valid_unique_and_grow_with_time():
    references = [plan.reference for plan in make_plan(hours(), small=False)]
    assert all(is_case_reference(reference) for reference in references)
    assert len(set(references)) == len(references)
    assert references[0][:4] <= references[-1][:4] == "2026"


def test_every_path_follows_the_table_of_moves():
    for status, paths in PATHS.items():
        for path in paths:
            assert path[0] == Status.INITIAL_ASSESSMENT
            assert path[-1] == status
            assert all(to in MOVES[before] for before, to in pairwise(path))


def test_every_case_enters_its_statuses_in_order_within_the_time_told():
    for plan in make_plan(hours(), small=False):
        assert list(plan.entered_ago) == sorted(plan.entered_ago, reverse=True)
        assert len(plan.entered_ago) == len(plan.path)
        assert 1 < plan.entered_ago[-1] <= plan.entered_ago[0] <= WORKING_DAYS_TOLD
        assert plan.status == Status.CLOSED or plan.asked_ago < plan.entered_ago[-1]


def test_a_hidden_case_asks_the_landlord_for_nothing():
    hidden = [plan for plan in make_plan(hours(), small=False) if Extra.HIDDEN in plan.extras]
    assert hidden
    assert {plan.outcome for plan in hidden} == {Outcome.NOTHING_ASKED}
    assert {plan.status for plan in hidden} == {Status.INITIAL_ASSESSMENT}


def test_every_outcome_that_a_status_may_have_is_told():
    assert {one for each in OUTCOMES.values() for one in each} - {Outcome.NOTHING_ASKED} <= set(ENDINGS)
    assert set(ENDINGS) == set(Outcome) - {Outcome.NOTHING_ASKED}


def test_the_plan_is_the_same_for_the_same_day_only():
    assert make_plan(hours(), small=False) == make_plan(hours(), small=False)
    assert make_plan(hours(), small=True) != make_plan(hours(date(2026, 12, 1)), small=True)

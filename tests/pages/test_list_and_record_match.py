"""For random cases and people: what is in a list can be opened, what can be opened is in the list, and the numbers say so."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.access.levels import Level
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.landlords.models import Membership
from portal.lib import clock
from portal.pages.casework.worklist import queues
from portal.restrictions.models import Restriction
from portal.teams.models import Team
from tests.cast import LANDLORD_PEOPLE, SERVICE_PEOPLE, Cast, restrict
from tests.signing_in import sign_in
from tests.well_formed import check

pytestmark = pytest.mark.both  # filters

LANDLORDS = ("alder", "birch")
SOME_CASES = st.lists(
    st.fixed_dictionaries(
        {
            "landlord": st.sampled_from(LANDLORDS),
            "released": st.booleans(),
            "status": st.sampled_from(Status),
            "team": st.sampled_from(Team),
            "owner": st.sampled_from([None, "dev", "esi", "farid"]),
            "colleague": st.sampled_from([None, "amina", "ben"]),
        }
    ),
    max_size=8,
)
RANDOM = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def make(cast: Cast, plans: list[dict]) -> list[Case]:
    now = clock.now() - timedelta(days=3)
    return [
        Case.objects.create(
            reference=f"2024{number:05d}",
            landlord=getattr(cast, plan["landlord"]),
            resident_name=f"Resident {number}",
            resident_address="1 High Street",
            status=plan["status"],
            team=plan["team"],
            owner=plan["owner"] and cast.users[plan["owner"]],
            colleague=plan["colleague"] and cast.users[plan["colleague"]],
            released_at=now if plan["released"] else None,
            closed_at=now if plan["status"] == Status.CLOSED else None,
        )
        for number, plan in enumerate(plans)
    ]


def client_as(cast: Cast, who: str) -> Client:
    client = Client()
    sign_in(client, cast.users[who])
    return client


def listed(client: Client, address: str) -> set[str]:
    """The references of a list that fits one page; nothing for somebody who has no such list."""
    answer = client.get(address)
    if answer.status_code != 200:
        assert answer.status_code in {302, 403}
        return set()
    return {link.get_text(strip=True) for link in check(answer).select("tbody th a")}


def opened(client: Client, area: str, made: list[Case]) -> set[str]:
    return {case.reference for case in made if client.get(f"{area}/cases/{case.reference}/").status_code == 200}


@pytest.mark.row("H41")
@pytest.mark.row("H42")
@pytest.mark.row("S22")
@pytest.mark.row("S24")
@RANDOM
@given(
    plans=SOME_CASES,
    who=st.sampled_from(sorted(LANDLORD_PEOPLE)),
    level=st.sampled_from([None, *Level]),
    home=st.sampled_from(LANDLORDS),
)
def test_a_landlords_person_lists_opens_and_counts_the_same_cases(cast: Cast, plans, who, level, home) -> None:
    with transaction.atomic():
        made = [*make(cast, plans), cast.case, cast.hidden, cast.birch_case]
        Restriction.objects.filter(user=cast.users[who]).delete()
        if level:
            restrict(cast.users[who], cast.alder, level, approver=cast.users["farid"])
        Membership.objects.filter(user=cast.users[who], role="sub account").update(landlord=getattr(cast, home))
        place = Membership.objects.get(user=cast.users[who]).landlord
        client = client_as(cast, who)
        shut_out = level in {Level.FULL_BLOCK, Level.WARN}  # a warning stands before every page until it was read
        theirs = {case.reference for case in made if case.landlord_id == place.pk and case.released_at and not shut_out}
        still_open, closed = listed(client, "/cases/open/"), listed(client, "/cases/closed/")
        assert opened(client, "", made) == theirs
        assert listed(client, "/cases/") == theirs
        assert still_open | closed == theirs
        assert not still_open & closed
        assert listed(client, "/") == still_open
        if not shut_out:
            number = check(client.get("/")).select_one(".portal-figure__number").get_text()
            assert int(number) == len(still_open)
        transaction.set_rollback(True)


@pytest.mark.row("H41")
@pytest.mark.row("H42")
@RANDOM
@given(plans=SOME_CASES, who=st.sampled_from(sorted(SERVICE_PEOPLE)))
def test_one_of_the_services_people_lists_opens_and_counts_the_same_cases(cast: Cast, plans, who) -> None:
    with transaction.atomic():
        made = [*make(cast, plans), cast.case, cast.hidden, cast.birch_case]
        client, actor = client_as(cast, who), cast.actors[who]
        theirs = {case.reference for case in made} if who not in {"gwen", "ines"} else set()
        assert opened(client, "/casework", made) == theirs
        assert listed(client, "/casework/cases/?show=all") == theirs
        still_open = listed(client, "/casework/cases/")
        assert still_open | listed(client, "/casework/cases/?show=closed") == theirs
        for whose in queues.choices_of(actor) if theirs else ():
            link = check(client.get(f"/casework/?whose={whose}")).select_one("a[data-queue=cases]")
            shown = listed(client, link["href"])
            assert int(link.get_text().split(":")[-1]) == len(shown)
            assert shown <= still_open
        transaction.set_rollback(True)

"""For anybody and any cases: in my list ⇔ I can open it ⇔ it is found ⇔ it is counted, and I am only told of such (H41, H42).

The same for documents in each sharing mode. The expected set comes from the rule in words, not from the portal's own code.
"""

import re
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.cases import actions as cases
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.documents import actions as documents
from portal.documents.models import Visibility
from portal.lib import clock
from portal.messaging import actions as messaging
from portal.notifications.fan_out import fan_out_one
from portal.teams.models import Team
from tests.cast import Cast
from tests.indexed import indexed
from tests.signing_in import sign_in

pytestmark = pytest.mark.long

LANDLORDS = {"amina": "alder", "ben": "alder", "ike": "alder", "carys": "birch"}
SEE_ALL = ("dev", "esi", "farid", "hana")
SEE_NONE = ("gwen", "ines")


@dataclass(frozen=True)
class Drawn:
    """A case as drawn: whose, whether its landlord may know of it, whether it is over, and how its document is shared."""

    landlord: str
    is_released: bool
    is_closed: bool
    document: Visibility


drawn_cases = st.lists(
    st.builds(Drawn, st.sampled_from(["alder", "birch"]), st.booleans(), st.booleans(), st.sampled_from(Visibility)),
    min_size=1,
    max_size=5,
)
people = st.sampled_from([*LANDLORDS, *SEE_ALL, *SEE_NONE])


def _made(cast: Cast, number: int, drawn: Drawn) -> tuple[Case, int]:
    case = cases.create_case(
        by=cast.dev,
        reference=f"20241{number:04d}",
        landlord=getattr(cast, drawn.landlord),
        resident_name=f"Resident {number}",
        resident_address=f"{number} High Street, Leeds LS1 1AA",
        summary=f"Canaryword{number:04d}",
        team=Team.TRIAGE,
        owner_id=cast.dev.user_id,
    )
    if drawn.is_released:
        case = cases.release_case(case, by=cast.dev)
    shared = documents.share_document(
        case, name=f"n{number}.txt", content=b"Words", category="other", visibility=drawn.document, by=cast.dev
    )
    messaging.start_thread(case, subject=f"About {number}", body="Please read.", by=cast.dev)
    if drawn.is_closed:
        case = cases.move_case(case, to=Status.CLOSED, reason="Withdrawn.", by=cast.dev)
    return case, shared.pk


def _sees(name: str, case: Case, drawn: Drawn) -> bool:
    """The rule in words: a landlord's people see its released cases, caseworkers and auditors all, nobody else any."""
    if name in LANDLORDS:
        return LANDLORDS[name] == drawn.landlord and drawn.is_released
    return name in SEE_ALL


def _references(client: Client, address: str) -> set[str]:
    """Over all pages of a list."""
    answer = client.get(address)
    if answer.status_code == 403:
        return set()
    soup = BeautifulSoup(answer.content, "html.parser")
    found = {link.get_text(strip=True) for link in soup.select("main tbody th a")}
    following = soup.select_one(".govuk-pagination__next a")
    return found | (_references(client, address.split("?")[0] + following["href"]) if following else set())


@pytest.mark.row("H41")
@pytest.mark.row("H42")
@pytest.mark.row("S1")
def test_what_is_listed_is_what_opens_is_found_and_is_counted(cast: Cast) -> None:
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
    @given(drawn=drawn_cases, names=st.lists(people, min_size=2, max_size=4, unique=True))
    def holds(drawn: list[Drawn], names: list[str]) -> None:
        with transaction.atomic():
            made = [(*_made(cast, number, one), one) for number, one in enumerate(drawn)]
            while fan_out_one(clock.now()):
                pass
            indexed()
            for name in names:
                _agrees(cast, name, made)
            transaction.set_rollback(True)

    holds()


def _agrees(cast: Cast, name: str, made: list[tuple[Case, int, Drawn]]) -> None:
    client, area = Client(), "" if name in LANDLORDS else "/casework"
    sign_in(client, cast.users[name])
    all_of_them = f"{area}/cases/" if name in LANDLORDS else f"{area}/cases/?show=all"
    ours = {case.reference for case, _, _ in made}
    expected = {case.reference for case, _, drawn in made if _sees(name, case, drawn)}
    listed = _references(client, all_of_them)
    assert listed & ours == expected, name
    is_open = {case.reference for case, _, drawn in made if _sees(name, case, drawn) and not drawn.is_closed}
    assert _references(client, f"{area}/cases/open/" if name in LANDLORDS else f"{area}/cases/") & ours == is_open
    for case, document, drawn in made:
        _opens_and_is_found(client, area, case, document, drawn, is_seen=case.reference in expected)
    if name in LANDLORDS:
        home = client.get("/").content.decode()
        counted = int(re.search(r"(\d+)\s+open cases?", BeautifulSoup(home, "html.parser").get_text(" "))[1])
        assert counted == len(_references(client, "/cases/open/"))
    told = set(re.findall(r"\b20241\d{4}\b", client.get("/notifications/").content.decode()))
    assert told <= expected, f"{name} is told of what they cannot see"


def _opens_and_is_found(client: Client, area: str, case: Case, document: int, drawn: Drawn, *, is_seen: bool) -> None:
    page, tab = f"{area}/cases/{case.reference}/", f"{area}/cases/{case.reference}/documents/"
    answer = client.get(page)
    assert (answer.status_code == 200) is is_seen
    assert ("High Street" in answer.content.decode()) is is_seen
    show = "&show=all" if area else ""
    asked = [f"reference={case.reference}", f"resident=Resident {case.resident_name.split()[1]}"]
    for query in asked if area else [*asked, f"text={case.summary}"]:
        found = _references(client, f"{area}/cases/?{query}{show}")
        assert (case.reference in found) is is_seen, query
    is_shown = is_seen and (bool(area) or drawn.document == Visibility.BOTH)
    listing = client.get(tab)
    assert (f"documents/{document}/" in listing.content.decode()) is is_shown
    assert (client.get(f"{tab}{document}/").status_code == 200) is is_shown

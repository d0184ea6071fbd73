"""Reviews of a determination on the pages of both areas: asked for, decided, and what the landlord reads of them."""

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.cases import actions as cases
from portal.cases.statuses import Status
from portal.determinations.models import Complaint, Review
from portal.lib import clock
from tests import determination_scene as scene
from tests.cast import Cast, in_days
from tests.conftest import Browser
from tests.determination_scene import parts_of
from tests.pages.determination_pages import OURS, TAB, THEIRS, fresh, posted, pressed, text
from tests.signing_in import sign_in
from tests.well_formed import check


@pytest.mark.row("S41")
@pytest.mark.row("S50")
@pytest.mark.row("S103")
def test_the_landlord_asks_for_a_review_of_a_closed_case(cast: Cast, client_of: Browser) -> None:
    scene.settled(cast, scene.determined(cast))
    cases.move_case(cast.case, to=Status.CLOSED, reason="Complied.", by=cast.dev)
    amina, address = client_of("amina"), f"{THEIRS}/review/"
    assert "Ask for a review" in text(check(amina.get(THEIRS + TAB)))
    page = check(amina.get(address))
    assert not page.select("#id_late_reason")
    page = check(amina.post(address, {}))
    for name in ("grounds", "text"):
        assert page.select_one(f"#id_{name}-error")
    page = posted(amina, address, {"grounds": ["facts"], "text": "The dates are wrong."})
    assert "Review – case outcome" in text(page)
    assert "DR2 Review" in text(page)
    assert fresh(cast).status == Status.REVIEW
    page = check(amina.post(address, {"grounds": ["facts"], "text": "Again."}))
    assert "already" in text(page.select_one(".govuk-error-summary"))


@pytest.mark.row("S103")
def test_a_closed_case_names_the_last_day_for_a_review_as_the_setting_has_it(
    cast: Cast, client_of: Browser, settings
) -> None:
    settings.REVIEW_DAYS = 10
    scene.settled(cast, scene.determined(cast))
    cases.move_case(cast.case, to=Status.CLOSED, reason="Complied.", by=cast.dev)
    day, client = in_days(10), client_of("amina")
    for tab in ("/", TAB):
        words = text(check(client.get(THEIRS + tab)).main)
        assert f"can be asked for until {day.day} {day:%B %Y}" in words
        assert "three weeks" not in words


@pytest.mark.row("C20")
def test_a_late_request_asks_why_and_dr2_review_decides_and_records_the_outcome(cast: Cast, client_of: Browser) -> None:
    scene.determined(cast, ago=30)
    amina, address = client_of("amina"), f"{THEIRS}/review/"
    given = {"grounds": ["new-evidence"], "text": "An invoice."}
    assert "three weeks" not in text(check(amina.get(address)).select_one("h1"))
    page = check(amina.post(address, given))
    assert "too late" in text(page.select_one("#id_late_reason-error"))
    posted(amina, address, given | {"late_reason": "A flood."})
    assert fresh(cast).status == Status.DETERMINED_AWAITING_ACTION
    late = f"{OURS}/review/late/"
    assert client_of("dev").post(late, {"take": "yes"}).status_code == 403
    rhea = Client()
    sign_in(rhea, _user(scene.reviewer().user_id))
    assert check(rhea.get(OURS + TAB)).select_one(f"a[href='{late}']")
    assert check(rhea.post(late, {"take": "no"})).select_one("#id_answer-error")
    posted(rhea, late, {"take": "yes"})
    outcome = f"{OURS}/review/outcome/"
    check(rhea.get(outcome))
    page = posted(rhea, outcome, {"outcome": "upheld", "reason": "Nothing new in it."})
    assert "Nothing new in it." in text(page)
    assert fresh(cast).status == Status.DETERMINED_AWAITING_ACTION
    assert "Nothing new in it." in text(check(amina.get(THEIRS + TAB)))


def _user(user_id: int) -> User:
    return User.objects.get(pk=user_id)


@pytest.mark.row("S41")
def test_the_residents_words_are_the_services_alone(cast: Cast, client_of: Browser) -> None:
    scene.determined(cast)
    dev, address = client_of("dev"), f"{OURS}/review/new/"
    check(dev.get(address))
    given = {"grounds": ["facts"], "text": "My neighbour saw it."} | parts_of(clock.today(), "asked_on")
    page = posted(dev, address, given)
    assert "My neighbour saw it." in text(page)
    page = check(client_of("amina").get(THEIRS + TAB))
    assert "Review asked for by the resident" in text(page)
    assert "neighbour" not in text(page)
    assert Review.objects.get().asked_by_name == "Dev Patel"


@pytest.mark.row("C20")
def test_a_new_version_is_drafted_in_review_and_the_former_stays_readable(cast: Cast, client_of: Browser) -> None:
    scene.determined(cast)
    scene.asked(cast, cast.case)
    dev = client_of("dev")
    posted(dev, f"{OURS}/determination/draft/")
    row = Complaint.objects.filter(determination__version=2).first()
    address = f"{OURS}/determination/draft/complaints/{row.pk}/"
    pressed(dev, address, {"words": "Less damp.", "finding": "service-failure"})
    farid = client_of("farid")
    assert check(farid.post(f"{OURS}/determination/issue/", {})).select_one("#id_change-error")
    page = pressed(farid, f"{OURS}/determination/issue/", {"change": "The invoice changes the finding."})
    assert "Version 1, issued on" in text(page)
    page = text(check(client_of("amina").get(THEIRS + TAB)))
    for words in ("Less damp.", "Version 1, issued on", "The invoice changes the finding.", "was changed"):
        assert words in page

"""Back links keep the list as it was filtered; nothing but a list of ours is ever linked to; shared addresses are tidy."""

from urllib.parse import urlencode

import pytest

from portal.documents import actions as documents
from portal.documents.models import Visibility
from portal.messaging import actions as messaging
from portal.tasks import actions as tasks
from tests.indexed import indexed
from tests.pages.landlord_rows import close, open_cases, task_on
from tests.sent_files import sent
from tests.well_formed import check

CASE = "/cases/202601234/"
TAB = f"{CASE}documents/"
REVIEW = f"{TAB}review/"


def back_link(soup) -> tuple[str, str]:
    link = soup.select_one(".govuk-back-link")
    return link.get_text(strip=True), link["href"]


@pytest.mark.row("S31")
@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/cases/open/?team=triage&sort=reference", "Open cases"),
        ("/cases/?resident=Mary", "All cases"),
        ("/cases/open/?team=triage&page=2", "Open cases"),
    ],
)
def test_from_a_filtered_list_to_a_case_through_its_tabs_and_back(cast, client_of, address: str, words: str) -> None:
    if "page" in address:
        open_cases(cast, 26)
    indexed()
    amina = client_of("amina")
    case = check(amina.get(address)).select_one("tbody th a")["href"]
    soup = check(amina.get(case))
    assert back_link(soup) == (words, address)
    for tab in soup.select(".moj-sub-navigation a"):
        assert back_link(check(amina.get(tab["href"]))) == (words, address)


@pytest.mark.row("S25")
def test_from_filtered_tasks_to_a_task_and_back(cast, client_of) -> None:
    task_on(cast)
    amina = client_of("amina")
    address = "/tasks/?kind=respond-to-request"
    task = check(amina.get(address)).select_one(".portal-task__title")["href"]
    assert back_link(check(amina.get(task))) == ("My tasks", address)


@pytest.mark.row("S1")
@pytest.mark.parametrize(
    "given",
    [
        "https://evil.example/cases/open/",
        "//evil.example/cases/open/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/account/",
        "/cases/open/../../sign-out/",
        "http://[broken",
        "/cases/open/?" + "x" * 2000,
    ],
)
def test_a_way_back_that_is_no_list_of_ours_is_not_believed(client_of, given: str) -> None:
    soup = check(client_of("amina").get(f"{CASE}?{urlencode({'from': given})}"))
    assert back_link(soup) == ("Open cases", "/cases/open/")
    assert "evil" not in str(soup)
    assert {link["href"] for link in soup.select(".moj-sub-navigation a")} == {
        CASE,
        f"{CASE}tasks/",
        f"{CASE}documents/",
        f"{CASE}messages/",
    }


@pytest.mark.row("S31")
@pytest.mark.parametrize("address", ["/cases/open/", "/cases/closed/", "/cases/", "/tasks/"])
def test_empty_parameters_are_dropped_from_an_address_that_may_be_shared(client_of, address: str) -> None:
    amina = client_of("amina")
    response = amina.get(f"{address}?case=&resident=&kind=for-information&team=triage&text=+")
    assert (response.status_code, response["Location"]) == (302, f"{address}?kind=for-information&team=triage")
    assert amina.get(f"{address}?case=")["Location"] == address
    assert amina.get(f"{address}?team=triage").status_code == 200


@pytest.mark.row("S31")
@pytest.mark.parametrize(
    "text", ["boiler", "gurgles", "thermostat", "survey.txt", "LS11AA", "gurgles thermostat ls11aa", "LS1 1AA"]
)
def test_words_in_the_case_find_threads_messages_tasks_documents_and_addresses_without_spaces(
    cast, client_of, text: str
) -> None:
    wanted = open_cases(cast, 1)[0]
    messaging.start_thread(wanted, subject="The boiler", body="It gurgles.", by=cast.dev)
    task_on(cast, wanted, title="Replace the thermostat")
    documents.share_document(
        wanted, name="survey.txt", content=b"Seen.\n", category="repairs", visibility=Visibility.BOTH, by=cast.dev
    )
    documents.share_document(
        wanted, name="verdict.txt", content=b"Kept.\n", category="repairs", visibility=Visibility.STAFF, by=cast.dev
    )
    indexed()
    amina = client_of("amina")

    def found(words: str) -> list[str]:
        soup = check(amina.get("/cases/?" + urlencode({"text": words})))
        return [link.get_text(strip=True) for link in soup.select("tbody th a")]

    assert found(text) == [wanted.reference]
    assert found(f"{text} elsewhere") == []
    assert found("verdict") == []  # the service keeps it to itself
    carys = check(client_of("carys").get("/cases/?" + urlencode({"text": text})))
    assert wanted.reference not in carys.get_text()


@pytest.mark.row("S31")
def test_a_postcode_is_found_without_its_space_in_both_wings(cast, client_of) -> None:
    wanted = open_cases(cast, 1)[0]
    indexed()
    for who, address in (("amina", "/cases/?address=ls11aa"), ("dev", "/casework/cases/?resident=LS11AA")):
        soup = check(client_of(who).get(address))
        assert wanted.reference in soup.main.get_text()
        assert cast.case.reference not in soup.main.get_text()


@pytest.mark.row("S69")
@pytest.mark.row("S70")
def test_every_unanswered_reason_is_shown_with_its_date_and_the_lists_say_that_the_task_is_with_us(
    cast, client_of
) -> None:
    task, amina = task_on(cast), client_of("amina")
    tasks.report_unable(task, reason="The very first reason.", by=cast.ben)
    tasks.answer_unable(task, answer="Please try.", by=cast.dev)
    for reason in ("The surveyor is ill.", "The tenant is away."):
        tasks.report_unable(task, reason=reason, by=cast.ben)
    soup = check(amina.get(f"/tasks/{task.pk}/"))
    box = soup.select_one(".govuk-inset-text").get_text(" ", strip=True)
    assert box.index("The surveyor is ill.") < box.index("The tenant is away.")
    assert box.count("Ben Carter") == 2
    assert "very first" not in box
    assert [link.get_text() for link in soup.select("main a.govuk-button")] == ["Task completed", "Unable to complete"]
    for address in (f"/tasks/{task.pk}/", "/tasks/", "/", CASE, f"{CASE}tasks/"):
        assert "Unable to complete, with us" in check(amina.get(address)).main.get_text()
    tasks.answer_unable(task, answer="We understand.", by=cast.dev)
    assert "with us" not in check(amina.get("/tasks/")).main.get_text()


@pytest.mark.row("S71")
def test_the_case_number_is_a_link_on_threads_receipts_notifications_and_the_list_of_documents(cast, client_of) -> None:
    amina = client_of("amina")
    thread = messaging.start_thread(cast.case, subject="The boiler", body="It gurgles.", by=cast.dev)
    amina.post(TAB, {"files": [sent("a.txt", b"One.\n")]})
    addresses = [f"{CASE}messages/{thread.pk}/", f"{CASE}messages/new/", REVIEW]
    waiting = check(amina.get(REVIEW)).select_one("select")["name"]
    for address in addresses:
        assert check(amina.get(address)).select_one(f".govuk-caption-l a[href='{CASE}']").get_text() == "202601234"
    task = task_on(cast)
    receipt = check(amina.post(REVIEW, {waiting: "repairs"}, follow=True))
    assert receipt.select_one(".govuk-caption-l a")["href"] == CASE
    following = [link["href"] for link in receipt.find("h2", string="What to do next").find_next("ul").select("a")]
    assert following == [f"/tasks/{task.pk}/", CASE]


@pytest.mark.row("S76")
def test_the_same_category_is_the_first_that_was_chosen_in_any_row(client_of) -> None:
    amina = client_of("amina")
    amina.post(TAB, {"files": [sent("a.txt", b"One.\n"), sent("b.txt", b"Two.\n")]})
    first, second = (select["name"] for select in check(amina.get(REVIEW)).select("select"))
    soup = check(amina.post(REVIEW, {first: "", second: "repairs", "same-category": "on"}, follow=True))
    assert soup.h1.get_text() == "Receipt for 2 documents"


@pytest.mark.row("S77")
def test_removing_the_last_document_leads_back_to_the_tab(client_of) -> None:
    amina = client_of("amina")
    amina.post(TAB, {"files": [sent("a.txt", b"One.\n")]})
    button = check(amina.get(REVIEW)).select_one("button[name=remove]")
    response = amina.post(REVIEW, {"remove": button["value"]})
    assert (response.status_code, response["Location"]) == (302, TAB)


@pytest.mark.row("D6")
def test_an_empty_message_is_told_of_every_missing_field_at_once_in_one_style(client_of) -> None:
    soup = check(client_of("amina").post(f"{CASE}messages/new/", {"subject": "", "body": " ", "do": "send"}))
    said = [link.get_text() for link in soup.select(".govuk-error-summary a")]
    assert sorted(said) == ["Enter a subject", "Enter your message"]


@pytest.mark.row("S24")
def test_a_closed_case_leads_back_to_closed_cases(cast, client_of) -> None:
    made = close(cast, open_cases(cast, 1)[0])
    soup = check(client_of("amina").get(f"/cases/{made.reference}/"))
    assert back_link(soup) == ("Closed cases", "/cases/closed/")

"""The user guide holds every fact of the source guide, says what the code does, and can be linked and folded."""

import re
from datetime import time

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import Resolver404, resolve

from portal.cases.statuses import Status
from portal.content.defaults import CATEGORIES, DEFAULTS
from portal.content.models import Wording
from portal.files.inspection import LIMIT_BYTES
from portal.pages.guide import figures
from portal.pages.guide.blocks import Block, Note, Points, Section, Terms, Text, plain, runs
from portal.pages.guide.sections import sections
from portal.tasks.deadlines import Nearness
from portal.tasks.models import TaskKind
from portal.teams.models import Team
from tests.guide_words import words_of
from tests.house.layers import ROOT
from tests.pages.guide_facts import FACTS
from tests.well_formed import check

pytestmark = pytest.mark.django_db


def read(client: Client) -> BeautifulSoup:
    return check(client.get("/guide/"))


def every_section() -> list[Section]:
    return [one for section in sections() for one in (section, *section.sections)]


def marked_words(block: Block) -> list[str]:
    match block:
        case Text() | Note():
            return [block.words]
        case Points():
            return list(block.items)
        case Terms():
            return [words for _, words in block.rows]
        case _:
            return []


@pytest.mark.row("S102")
def test_the_guide_has_the_sections_of_the_source_guide_in_its_order(client: Client) -> None:
    soup = read(client)
    assert [tag.get_text(strip=True).lower() for tag in soup.select("h2.govuk-accordion__section-heading")] == [
        "introduction and support",
        "acceptable use of the portal",
        "accessing the portal and setting up your account",
        "using the portal",
        "managing the portal",
        "portal support",
        "portal guidance document",
    ]
    assert [tag.get_text(strip=True).lower() for tag in soup.select("#using-the-portal h3")] == [
        "account management",
        "main screen",
        "case status",
        "case details screen",
        "messages",
        "managing tasks",
        "providing documents and evidence",
        "determination, compliance and review",  # ours: the source guide stops before it
    ]


@pytest.mark.row("S3")
def test_the_guide_says_that_the_portal_is_the_only_way_for_cases(client: Client) -> None:
    note = read(client).select_one("#introduction-and-support .govuk-inset-text")
    assert note.get_text(strip=True) == "Use the portal, and only the portal, to communicate with us about cases."


@pytest.mark.row("S26")
def test_the_guide_holds_each_fact_of_the_source_guide(client: Client) -> None:
    soup = read(client)
    texts = {section: words_of(soup, section).lower() for section, _, _ in FACTS}
    missing = [
        (section, fact, word) for section, fact, words in FACTS for word in words if word.lower() not in texts[section]
    ]
    assert not missing
    assert len(FACTS) > 100


@pytest.mark.row("S26")
def test_every_page_links_to_the_guide_before_and_after_signing_in(client: Client, client_of) -> None:
    for person in (client, client_of("amina"), client_of("dev")):
        tools = check(person.get("/guide/")).select(".portal-header__tools a")
        assert "/guide/" in [link["href"] for link in tools]
        assert "/accessibility/" in [link["href"] for link in tools]
    sign_in = check(client.get("/sign-in/"))
    assert sign_in.select_one('.portal-header__tools a[href="/guide/"]').get_text(strip=True) == "User guide"


def test_who_is_signed_in_keeps_the_menu_and_the_bell(client_of) -> None:
    soup = check(client_of("amina").get("/guide/"))
    assert "My tasks" in soup.select_one(".portal-navigation").get_text()
    assert soup.select_one('.portal-header__tools a[href="/notifications/"]')
    assert "Amina Yusuf" in soup.select_one(".portal-menu--person").get_text()


@pytest.mark.row("S102")
def test_each_section_can_be_linked_and_is_listed_in_the_contents(client: Client) -> None:
    soup = read(client)
    ids = {tag["id"] for tag in soup.find_all(id=True)}
    listed = [link["href"].removeprefix("#") for link in soup.select("nav[aria-labelledby=contents] a")]
    assert listed == [section.id for section in every_section()]
    assert set(listed) <= ids


@pytest.mark.row("S102")
def test_without_script_nothing_is_folded_away(client: Client) -> None:
    accordion = read(client).select_one('[data-module="govuk-accordion"]')
    assert len(accordion.select(".govuk-accordion__section")) == 7
    assert not accordion.select("[hidden]")
    # The kit's script finds each content by this name.
    assert all(accordion.find(id=f"part-content-{number}") for number in range(1, 8))


def test_every_link_of_the_guide_leads_somewhere(client: Client) -> None:
    soup = read(client)
    ids = {tag["id"] for tag in soup.find_all(id=True)}
    links = soup.select("main a:not([href^='/static/guide/'])")
    assert len(links) > len(every_section())
    for link in links:
        href = link["href"]
        if href.startswith("#"):
            assert href[1:] in ids, href
        elif href.startswith("/"):
            assert client.get(href).status_code == 200, href
        elif not href.startswith("http://testserver"):
            assert re.match(r"(mailto:[^@]+@|https://)[a-z.]+\.example(/|$)", href), href


def test_the_marks_of_the_text_are_all_understood() -> None:
    for section in every_section():
        for block in section.blocks:
            for words in marked_words(block):
                assert not re.search(r"\*\*|\]\(", plain(words)), words
                assert all(run.href for run in runs(words) if "[" + run.words + "](" in words), words


@pytest.mark.parametrize(
    ("section", "labels"),
    [
        ("case-status", [status.label for status in Status]),
        ("case-details", [team.label for team in Team]),
        ("managing-tasks", [near.value for near in Nearness] + [kind.label for kind in TaskKind]),
    ],
)
def test_the_labels_are_the_codes_labels(client: Client, section: str, labels: list[str]) -> None:
    heading = read(client).find(id=section)
    found = [term.get_text(strip=True) for after in heading.find_next_siblings() for term in after.select("dt")]
    assert found[: len(labels)] == labels


def test_the_explanations_are_the_portal_teams_words(client: Client) -> None:
    Wording.objects.create(
        key="status.review", text="Words of **the** portal team, [even](javascript:bad) <b>these</b>."
    )
    text = words_of(read(client), "case-status")
    assert "Words of the portal team, even <b>these</b>." in text
    assert DEFAULTS["status.closed"] in text
    assert DEFAULTS["status.review"] not in text


def test_a_link_to_anything_but_a_page_is_only_words() -> None:
    assert [run.href for run in runs("[even](javascript:bad)")] == [""]
    assert [run.href for run in runs("[mail](mailto:a@b.example) [here](#x)")] == ["mailto:a@b.example", "", "#x"]


def test_the_numbers_are_those_that_the_code_obeys(client: Client, settings) -> None:
    text = words_of(read(client))
    assert LIMIT_BYTES == 20_971_520
    assert "20 MB (20,971,520 bytes)" in text
    assert all(category in text for _, category in CATEGORIES)
    assert figures.password_link_life() == "1 hour"
    assert (figures.idle(), figures.in_all(), figures.code_life()) == ("30 minutes", "12 hours", "10 minutes")
    assert figures.sub_accounts() == 3
    assert (figures.code_tries(), figures.waiting_life(), figures.review_days()) == ("three", "24 hours", "three weeks")


def test_the_sending_hours_are_the_operators(settings) -> None:
    settings.SENDING_HOURS = (time(7), time(19))
    assert figures.sending_hours().startswith("they leave between 07:00 and 19:00 on working days")
    settings.SENDING_HOURS, settings.REVIEW_DAYS = None, 20
    assert figures.sending_hours() == "they leave at any time of any day"
    assert figures.review_days() == "20 days"


def test_each_label_of_the_guide_stands_on_a_screen() -> None:
    """A button that is renamed is renamed in the guide."""
    pages = ROOT / "portal" / "pages"
    screens = [
        path
        for path in pages.rglob("*")
        if path.suffix in {".html", ".py"} and "guide" not in path.relative_to(pages).parts
    ]
    source = " ".join(path.read_text() for path in screens)
    labels = {
        run.words
        for section in every_section()
        for b in section.blocks
        for w in marked_words(b)
        for run in runs(w)
        if run.label
    }
    assert len(labels) > 20
    assert {label for label in labels if label not in source} == set()


def test_the_guide_names_no_real_organisation(client: Client) -> None:
    html = client.get("/guide/").content.decode().lower()
    assert "housing-ombudsman" not in html
    assert ".gov.uk" not in html
    assert ".org" not in html


def test_the_number_of_statements_is_small(client_of, django_assert_max_num_queries) -> None:
    amina = client_of("amina")
    with django_assert_max_num_queries(8):
        amina.get("/guide/")


@pytest.mark.parametrize("address", ["/guide/", "/guide/video/", "/acceptable-use/", "/accessibility/", "/contact/"])
def test_the_pages_only_answer_reading(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200
    with pytest.raises(Resolver404):
        resolve(address.rstrip("/") + "/nothing/here/")

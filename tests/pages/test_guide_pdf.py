"""The guide as a document: tagged, with bookmarks, and with the same headings and words as the page."""

import io
import shutil

import pytest
from django.test import Client
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from portal.content.models import Wording
from portal.pages.guide import pdf
from portal.pages.guide.pictures import PICTURED, Picture
from portal.pages.guide.sections import sections
from tests.pages.guide_facts import FACTS
from tests.well_formed import check

pytestmark = pytest.mark.django_db
ADDRESS = "/guide/landlord-portal-guide.pdf"


def document(client: Client) -> PdfReader:
    return PdfReader(io.BytesIO(client.get(ADDRESS).content))


def bookmarks(reader: PdfReader) -> list[str]:
    def walk(entries) -> list[str]:
        return [title for entry in entries for title in (walk(entry) if isinstance(entry, list) else [entry.title])]

    return walk(reader.outline)


def tags_of(node, found: list[str] | None = None) -> list[str]:
    """The kinds of all elements of the structure tree."""
    found = [] if found is None else found
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, list):
        for child in node:
            tags_of(child, found)
    elif isinstance(node, dict):
        found += [node["/S"]] if "/S" in node else []
        tags_of(node.get("/K", []), found)
    return found


@pytest.mark.row("S99")
def test_the_guide_downloads_as_a_pdf(client: Client) -> None:
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="landlord-portal-guide.pdf"'
    assert answer.content.startswith(b"%PDF-")
    links = [link["href"] for link in check(client.get("/guide/")).select("main a")]
    assert links.count(ADDRESS) == 2


@pytest.mark.row("B26")
@pytest.mark.row("S99")
def test_the_pdf_is_tagged_and_says_title_and_language(client: Client) -> None:
    reader = document(client)
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"].value is True
    assert catalog["/Lang"] == "en-GB"
    assert reader.metadata.title == "Portal user guide for landlords"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    tags = tags_of(catalog["/StructTreeRoot"])
    assert {"/H1", "/H2", "/P", "/L", "/LI", "/Link"} <= set(tags)
    assert pdf.made(sections(), {}).accessible


@pytest.mark.row("B26")
def test_each_section_has_a_bookmark_and_the_headings_are_the_pages(client: Client) -> None:
    soup = check(client.get("/guide/"))
    headings = [tag.get_text(" ", strip=True) for tag in soup.select(".govuk-accordion h2, .govuk-accordion h3")]
    assert bookmarks(document(client)) == headings


def test_the_pdf_holds_each_fact_too(client: Client) -> None:
    text = squeezed(" ".join(page.extract_text() for page in document(client).pages))
    missing = [(fact, word) for _, fact, words in FACTS for word in words if squeezed(word) not in text]
    assert not missing


def squeezed(text: str) -> str:
    """Without the breaks that lines and pages make."""
    return "".join(text.lower().split())


def test_the_same_content_is_set_only_once_and_changed_content_anew(client: Client) -> None:
    first = client.get(ADDRESS).content
    before = pdf._set.cache_info().misses
    assert client.get(ADDRESS).content == first
    assert pdf._set.cache_info().misses == before
    Wording.objects.create(key="status.closed", text="Entirely new words.")
    from portal.content import words

    words.forget()
    assert "Entirely new words." in " ".join(page.extract_text() for page in document(client).pages)


def test_words_are_set_as_they_are_and_never_as_markup(client: Client) -> None:
    Wording.objects.create(key="status.closed", text='#read("guide.typ") $x$ *a* <label> @b')
    text = squeezed(" ".join(page.extract_text() for page in document(client).pages))
    assert squeezed('#read("guide.typ") $x$ *a* <label> @b') in text


def test_a_letter_that_the_typeface_lacks_makes_a_plain_pdf_and_no_failure(client: Client, caplog) -> None:
    Wording.objects.create(key="status.closed", text="Closed 家 🏠")
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert "could not be made as PDF/UA" in caplog.text
    assert bookmarks(PdfReader(io.BytesIO(answer.content)))


@pytest.mark.row("S99")
@pytest.mark.row("B26")
def test_the_pictures_of_the_page_stand_in_the_pdf_each_with_its_alternative_text(client: Client) -> None:
    reader = document(client)
    alternatives = [picture["alt"] for picture in check(client.get("/guide/")).select("main figure img")]
    assert len(alternatives) == len(PICTURED)
    assert alternatives_in(reader.trailer["/Root"]["/StructTreeRoot"]) == alternatives
    text = squeezed(" ".join(page.extract_text() for page in reader.pages))
    assert all(squeezed(one.caption) in text for one in PICTURED)


def alternatives_in(node, found: list[str] | None = None) -> list[str]:
    """The alternative texts of all figures, in the order of the document."""
    found = [] if found is None else found
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, list):
        for child in node:
            alternatives_in(child, found)
    elif isinstance(node, dict):
        found += [node["/Alt"]] if node.get("/S") == "/Figure" and "/Alt" in node else []
        alternatives_in(node.get("/K", []), found)
    return found


@pytest.mark.row("S99")
def test_pictures_stand_in_the_pdf_with_their_alternative_text(tmp_path, monkeypatch) -> None:
    shutil.copy(pdf._FOLDER / "guide.typ", tmp_path)
    (tmp_path / "static" / "guide").mkdir(parents=True)
    Image.new("RGB", (8, 8), "teal").save(tmp_path / "static" / "guide" / "home.png")
    monkeypatch.setattr(pdf, "_FOLDER", tmp_path)
    made = pdf.made(sections(), {"home": Picture("home.png", "A caption", "What is seen", 8, 8)})
    assert made.accessible
    reader = PdfReader(io.BytesIO(made.content))
    assert "/Figure" in tags_of(reader.trailer["/Root"]["/StructTreeRoot"])
    assert sum(len(page.images) for page in reader.pages) == 1
    assert "A caption" in " ".join(page.extract_text() for page in reader.pages)

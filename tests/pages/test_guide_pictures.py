"""The guide's pictures: what was pictured still looks like that, and the guide shows those that are there."""

import io
import json

import pytest
from django.test import Client
from django.urls import resolve
from PIL import Image

from portal.pages.guide import pictures
from portal.pages.guide.blocks import Shown
from portal.pages.guide.pictures import PICTURED
from portal.pages.guide.sections import sections
from tests.guide_digest import digest, digests, filled_in
from tests.guide_images import small
from tests.well_formed import check

PAGE = """<header><a href="/">Portal</a></header><main><h1>Case 202601234</h1><button>Upload 3 documents</button>
<table><thead><tr><th>Due 4 March 2026</th></tr></thead>
<tbody><tr><th>Row</th><td><button>In a row</button>
<a class="portal-menu__item">Task completed</a></td></tr></tbody></table></main>"""


def test_a_digest_holds_headings_and_controls_without_data() -> None:
    assert digest(PAGE) == {
        "headings": ["Case #", "Due # # #"],
        "controls": ["Portal", "Upload # documents", "Task completed"],
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Upload", "Send"),
        ("Case", "File"),
        ("</main>", "<button>New</button></main>"),
        ("</main>", '<a href="/new/">New</a></main>'),
        ("Task completed", "Completed"),
    ],
)
def test_a_changed_heading_or_control_changes_the_digest(old: str, new: str) -> None:
    assert digest(PAGE.replace(old, new)) != digest(PAGE)


def test_another_row_or_date_does_not_change_the_digest() -> None:
    changed = (
        PAGE.replace("4 March 2026", "17 June 2027").replace("202601234", "202777777").replace("In a row", "In another")
    )
    assert digest(changed) == digest(PAGE)


def test_the_first_thing_that_a_page_links_to_most_stands_in_a_pictured_address() -> None:
    pages = {
        "/tasks/": '<a href="/cases/1/"><a href="/cases/2/"><a href="/cases/2/">',
        "/cases/2/messages/": '<a href="/cases/2/messages/new/"><a href="/cases/2/messages/9/"><a href="/cases/2/messages/8/">',
    }
    assert filled_in("/cases/{case}/messages/{thread}/", pages.__getitem__) == "/cases/2/messages/9/"
    assert filled_in("/users/", pages.__getitem__) == "/users/"
    with pytest.raises(AssertionError, match="links to no case"):
        filled_in("/cases/{case}/", {"/tasks/": "<p>None</p>"}.__getitem__)


@pytest.mark.django_db
def test_each_picture_has_its_place_in_the_guide_and_its_words() -> None:
    places = [b.slug for s in sections() for one in (s, *s.sections) for b in one.blocks if isinstance(b, Shown)]
    assert sorted(places) == sorted(one.slug for one in PICTURED)
    assert all(len(one.alt) > 30 and one.caption for one in PICTURED)


@pytest.mark.parametrize("one", PICTURED, ids=lambda one: one.slug)
def test_each_pictured_address_is_a_page(one: pictures.Pictured) -> None:
    assert resolve(one.address.format(case="202601234", thread="7", task="7"))


@pytest.mark.row("B26")
@pytest.mark.django_db
def test_no_picture_is_stale() -> None:
    """Each pictured page still has the headings and controls of its picture. Else: bin/guide pictures."""
    record, now = pictures.record(), digests()
    assert list(record) == list(now) == [one.slug for one in PICTURED]
    stale = [slug for slug, noted in record.items() if noted["digest"] != now[slug]]
    assert not stale, f"the pages of {', '.join(stale)} have changed: run bin/guide pictures"


def test_each_picture_is_as_wide_and_light_as_agreed() -> None:
    for slug, noted in pictures.record().items():
        file = pictures.FOLDER / f"{slug}.png"
        assert file.stat().st_size <= pictures.MOST_BYTES
        assert Image.open(file).size == (noted["width"], noted["height"])
        assert noted["width"] == pictures.WIDTH
        assert noted["height"] <= 1500  # it fits on a page of the PDF


@pytest.mark.row("B26")
@pytest.mark.django_db
def test_the_guide_shows_the_pictures_that_are_there_and_misses_none(client: Client, tmp_path, monkeypatch) -> None:
    Image.new("RGB", (1000, 760), "teal").save(tmp_path / "home.png")
    noted = {"width": 1000, "height": 760, "digest": {}}
    (tmp_path / "taken.json").write_text(json.dumps({"home": noted, "cases": noted}))
    monkeypatch.setattr(pictures, "FOLDER", tmp_path)
    monkeypatch.setattr(pictures, "TAKEN", tmp_path / "taken.json")
    images = check(client.get("/guide/")).select("main figure img")
    assert [(image["src"], image["width"], image["height"]) for image in images] == [
        ("/static/guide/home.png", "1000", "760")
    ]
    assert images[0]["alt"].startswith("The homepage of a landlord")
    caption = images[0].find_next("figcaption")
    assert caption.get_text().startswith("The homepage")
    assert caption.a["href"] == images[0]["src"]


@pytest.mark.django_db
def test_the_guide_is_right_without_any_picture(client: Client, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(pictures, "TAKEN", tmp_path / "none.json")
    assert not check(client.get("/guide/")).select("main figure, main img")


def test_a_picture_is_made_light_enough() -> None:
    noise = io.BytesIO()
    Image.effect_noise((1000, 220), 90).convert("RGB").save(noise, "PNG")
    light = small(noise.getvalue())
    assert len(light) <= pictures.MOST_BYTES < len(noise.getvalue())
    assert Image.open(io.BytesIO(light)).size == (1000, 220)

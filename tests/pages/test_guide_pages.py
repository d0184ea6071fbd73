"""Acceptable use, accessibility statement, ways to reach us, and the demonstration video."""

import pytest
from django.test import Client

from portal.content import words
from portal.content.models import Wording
from portal.pages.guide import scenes
from portal.pages.guide.scenes import SCENES
from portal.pages.guide.video import CAPTIONS, RECORDING
from tests import guide_video
from tests.well_formed import check

pytestmark = pytest.mark.django_db


def text_of(client: Client, address: str) -> str:
    return " ".join(check(client.get(address)).select_one("main").get_text(" ").split())


@pytest.mark.row("S7")
def test_acceptable_use_says_what_we_protect_and_names_the_policy(client: Client) -> None:
    text = text_of(client, "/acceptable-use/")
    for words_of_it in (
        "right to be heard, understood and respected",
        "without fear of abuse or harassment",
        "health and wellbeing",
        "the service that we give to others",
        "aggressive, abusive or otherwise unreasonable",
        "Unacceptable User Action Policy",
    ):
        assert words_of_it in text


@pytest.mark.row("S7")
def test_acceptable_use_is_linked_before_and_after_signing_in(client: Client, client_of) -> None:
    for person, address in ((client, "/sign-in/"), (client_of("amina"), "/guide/"), (client_of("dev"), "/guide/")):
        assert check(person.get(address)).select_one('footer a[href="/acceptable-use/"]')


@pytest.mark.row("S7")
def test_name_and_link_of_the_policy_are_the_portal_teams(client: Client) -> None:
    Wording.objects.create(key="name.unacceptable-actions-policy", text="Policy on how we treat each other")
    Wording.objects.create(key="link.unacceptable-actions-policy", text="https://www.ombudsman.example/new")
    for address in ("/acceptable-use/", "/guide/"):
        links = check(client.get(address)).find_all("a", href="https://www.ombudsman.example/new")
        assert {link.get_text() for link in links} == {"Policy on how we treat each other"}


@pytest.mark.row("S29")
def test_the_statement_is_linked_from_every_page_before_and_after_signing_in(client: Client, client_of) -> None:
    for person in (client, client_of("amina"), client_of("gwen")):
        assert check(person.get("/acceptable-use/")).select_one('header a[href="/accessibility/"]')


@pytest.mark.row("S100")
def test_contact_us_says_when_and_how_we_can_be_reached(client: Client) -> None:
    Wording.objects.create(key="contact.opening-hours", text="Tuesdays, 10am to noon")
    text = text_of(client, "/contact/")
    assert text.startswith("Contact us")
    for key in ("contact.opening-hours", "contact.telephone", "contact.address", "contact.website"):
        assert words.words(key) in text
    assert "Tuesdays, 10am to noon" in text
    assert "portal@ombudsman.example" in text
    assert check(client.get("/guide/")).select_one('main a[href="/contact/"]')
    for link in check(client.get("/contact/")).select("main a[href^='/']"):
        assert client.get(link["href"]).status_code in {200, 302}, link
    assert check(client.get("/contact/")).find("a", href="/help/chat/").get_text() == "Chat to us"


@pytest.mark.row("S94")
def test_the_address_for_technical_help_stands_on_the_guide_and_on_contact_us(client: Client) -> None:
    for address in ("/guide/", "/contact/"):
        assert check(client.get(address)).select_one('main a[href="mailto:portal@ombudsman.example"]')


@pytest.mark.row("S6")
def test_without_a_video_the_page_says_so_and_holds_the_transcript(client: Client, settings, tmp_path) -> None:
    settings.PORTAL_DATA = tmp_path
    soup = check(client.get("/guide/video/"))
    text = " ".join(soup.select_one("main").get_text(" ").split())
    assert "The video is not here yet" in text
    assert not soup.find("video")
    for scene in SCENES:
        assert scene.done in text
        assert all(caption in text for caption in scene.captions)
    assert client.get("/guide/video/landlord-portal.webm").status_code == 404
    assert client.get("/guide/video/captions.vtt").status_code == 404
    assert check(client.get("/guide/")).select_one('#introduction-and-support a[href="/guide/video/"]')


@pytest.mark.row("S6")
@pytest.mark.row("B26")
def test_the_video_is_served_with_its_captions_where_it_was_made(client: Client, settings, tmp_path) -> None:
    settings.PORTAL_DATA = tmp_path
    (tmp_path / "guide").mkdir()
    (tmp_path / "guide" / RECORDING).write_bytes(b"\x1aE\xdf\xa3 a recording")
    (tmp_path / "guide" / CAPTIONS).write_text(guide_video.webvtt([(0, 3.5, "Hello")]))
    answer = client.get("/guide/video/")
    video = check(answer).find("video")
    assert "media-src 'self'" in answer["Content-Security-Policy"]
    served = client.get(video.find("source")["src"])
    assert served["Content-Type"] == "video/webm"
    assert b"".join(served.streaming_content) == b"\x1aE\xdf\xa3 a recording"
    track = video.find("track")
    assert (track["kind"], track["srclang"]) == ("captions", "en")
    captions = client.get(track["src"])
    assert captions["Content-Type"].startswith("text/vtt")
    assert b"".join(captions.streaming_content).startswith(b"WEBVTT\n\n00:00:00.000 --> 00:00:03.500\nHello\n")


def test_the_video_takes_three_to_four_minutes_and_each_caption_has_its_act() -> None:
    assert 180 <= scenes.planned_seconds() <= 240
    acts = {key: len(of_scene) for key, of_scene in guide_video.ACTS.items()}
    assert acts == {scene.key: len(scene.captions) for scene in SCENES}
    assert (guide_video.RECORDING, guide_video.CAPTIONS) == (RECORDING, CAPTIONS)
    # Two lines of captions hold about so much.
    assert all(len(caption) <= 110 for scene in SCENES for caption in scene.captions)


def test_a_caption_says_hours_minutes_and_thousandths() -> None:
    assert "01:01:01.250 --> 01:01:02.000\nLate" in guide_video.webvtt([(3661.25, 3662, "Late")])


def test_captions_follow_the_recordings_clock() -> None:
    assert guide_video.shifted([(0.5, 3.0, "First"), (3.0, 6.0, "Then")], 0.5) == [
        (1, 3.5, "First"),
        (3.5, 6.5, "Then"),
    ]

"""Downloads of both areas: byte for byte what was sent, under its cleaned name, and never run on our origin."""

import csv
import hashlib
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.test import Client

from portal.audit.models import AuditRow
from portal.documents import actions as documents
from portal.documents.models import Document, Visibility
from portal.files.inspection import LIMIT_BYTES
from portal.files.inspection.reading import CHUNK
from portal.files.models import ScanState, StoredFile, Upload
from tests.cast import Cast
from tests.conftest import Browser
from tests.rules import made_documents as made
from tests.sent_files import sent, text_of
from tests.well_formed import check

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT.parent / "shared" / "samples"
TAB = "/cases/202601234/documents/"


def _through_the_pages(client: Client, name: str, content: bytes) -> Document:
    client.post(TAB, {"files": [sent(name, content)]})
    client.post(TAB + "review/", {f"category-{upload.pk}": "other" for upload in Upload.objects.all()})
    return Document.objects.latest("id")


def _download(client: Client, document: Document, area: str = "") -> bytes:
    response = client.get(f"{area}{TAB}{document.pk}/")
    assert response.status_code == 200
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert int(response["Content-Length"]) == len(content)
    return content


@pytest.mark.row("H1")
@pytest.mark.parametrize(
    "size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 2_621_440, 2_621_441, LIMIT_BYTES - 1, LIMIT_BYTES]
)
def test_a_file_of_any_size_comes_back_byte_for_byte(client_of: Browser, size: int) -> None:
    amina, content = client_of("amina"), text_of(size)
    document = _through_the_pages(amina, "log.txt", content)
    assert document.stored.sha256 == hashlib.sha256(content).hexdigest()
    for who, area in (("amina", ""), ("ben", ""), ("dev", "/casework")):
        fetched = _download(client_of(who), document, area)
        assert hashlib.sha256(fetched).hexdigest() == document.stored.sha256


def test_one_byte_over_the_limit_is_not_taken(client_of: Browser) -> None:
    client_of("amina").post(TAB, {"files": [sent("log.txt", text_of(LIMIT_BYTES + 1))]})
    assert Upload.objects.get().is_refused


def _accepted_samples() -> list[str]:
    listed = SAMPLES / "samples.tsv"
    rows = csv.DictReader(listed.open(encoding="utf-8"), delimiter="\t") if listed.exists() else []
    return [row["file"] for row in rows if row["verdict"] == "accept"]


@pytest.mark.row("H18")
def test_every_real_file_that_is_accepted_comes_back_byte_for_byte(client_of: Browser) -> None:
    amina = client_of("amina")
    kept = {
        "made.pdf": made.pdf(),
        "made.docx": made.docx_(),
        "made.xlsx": made.xlsx(),
        "made.jpg": made.picture("jpeg"),
    }
    kept |= {name: (SAMPLES / name).read_bytes() for name in _accepted_samples()}
    for name, content in kept.items():
        document = _through_the_pages(amina, name, content)
        assert document.name == name
        assert _download(amina, document) == content, name


@pytest.mark.row("H9")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.txt", b"Words, then <html><script>alert(document.domain)</script></html>"),
        ("vector.csv", b"name,picture\na,<svg onload=alert(1)>\n"),
        ("scan.pdf", made.pdf()),
        ("photo.jpg", made.picture("jpeg")),
    ],
)
def test_a_download_never_runs_on_our_origin(client_of: Browser, name: str, content: bytes) -> None:
    amina = client_of("amina")
    document = _through_the_pages(amina, name, content)
    for who, area in (("amina", ""), ("dev", "/casework")):
        response = client_of(who).get(f"{area}{TAB}{document.pk}/")
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response["Cache-Control"] == "no-store"
        assert response.streaming
        assert "html" not in response["Content-Type"]
        assert b"".join(response.streaming_content) == content


@pytest.mark.row("H9")
def test_html_and_svg_under_another_name_are_not_even_kept(client_of: Browser) -> None:
    amina = client_of("amina")
    for name in ("page.pdf", "page.jpg", "page.html", "page.svg"):
        amina.post(TAB, {"files": [sent(name, b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")]})
    assert Upload.objects.count() == 4
    assert not Upload.objects.exclude(stored=None).exists()


@pytest.mark.row("S83")
@pytest.mark.parametrize(
    "name", ["Réponse à l’étape 1.txt", "维修记录.txt", 'a "quoted" name; x=y.txt', "🏠.txt", "100%.txt"]
)
def test_a_download_bears_the_name_that_was_given(client_of: Browser, name: str) -> None:
    amina = client_of("amina")
    (upload,) = [
        documents.receive_document(documents.find_case("202601234", by=actor), name, [b"Words"], by=actor)
        for actor in [_amina()]
    ]
    amina.post(TAB + "review/", {f"category-{upload.pk}": "other"})
    header = amina.get(f"{TAB}{Document.objects.get().pk}/")["Content-Disposition"]
    assert "\n" not in header
    told = header.removeprefix("attachment; filename")
    plain = told.startswith("=")
    assert (told[2:-1].replace('\\"', '"') if plain else unquote(told.removeprefix("*=utf-8''"))) == name


def _amina():
    from portal.landlords import people

    return people.actor_of(people.Membership.objects.select_related("user", "landlord").get(user__name="Amina Yusuf"))


def test_each_download_is_recorded_with_who_and_from_where(client_of: Browser) -> None:
    document = _through_the_pages(client_of("amina"), "a.txt", b"Words")
    _download(client_of("ben"), document)
    _download(client_of("dev"), document, "/casework")
    rows = AuditRow.objects.filter(verb="document opened").order_by("id")
    assert [(row.actor_name, row.record_id, row.ip) for row in rows] == [
        ("Ben Carter", str(document.pk), "127.0.0.1"),
        ("Dev Patel", str(document.pk), "127.0.0.1"),
    ]
    assert all(row.request_id for row in rows)


@pytest.mark.row("H40")
@pytest.mark.row("H45")
def test_walking_ids_finds_only_what_the_person_may_see(cast: Cast, client_of: Browser) -> None:
    shown, internal, unreleased, theirs = (
        documents.share_document(
            case, name="a.txt", content=b"Words", category="other", visibility=visibility, by=cast.dev
        )
        for case, visibility in (
            (cast.case, Visibility.BOTH),
            (cast.case, Visibility.STAFF),
            (cast.hidden, Visibility.BOTH),
            (cast.birch_case, Visibility.BOTH),
        )
    )
    amina = client_of("amina")
    for case in (cast.case, cast.hidden, cast.birch_case):
        for document in (shown, internal, unreleased, theirs):
            expected = 200 if (case, document) == (cast.case, shown) else 404
            assert amina.get(f"/cases/{case.reference}/documents/{document.pk}/").status_code == expected
    assert client_of("gwen").get(f"/casework{TAB}{shown.pk}/").status_code in {403, 404}
    assert client_of("dev").get(f"{TAB}{shown.pk}/").status_code in {403, 404}
    assert amina.get(f"/casework{TAB}{shown.pk}/").status_code in {403, 404}
    assert Client().get(f"{TAB}{shown.pk}/").status_code == 302


def test_a_file_with_a_virus_is_refused_in_words(client_of: Browser) -> None:
    amina = client_of("amina")
    document = _through_the_pages(amina, "a.txt", b"Words")
    StoredFile.objects.update(scan_state=ScanState.INFECTED)
    response = amina.get(f"{TAB}{document.pk}/")
    assert response.status_code == 409
    assert "virus" in check(response).text

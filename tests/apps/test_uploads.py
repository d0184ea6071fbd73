"""Files that were sent and wait: kept before they are noted, seen by one person, gone after a day."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import override_settings

from portal.files import actions as files
from portal.files import orphans, storage
from portal.files.models import StoredFile, Upload
from portal.lib import clock
from portal.lib.errors import RuleBroken
from tests import cast as the_cast
from tests.cast import Cast
from tests.rules import made_documents as made
from tests.sent_files import text_of

TARGET = "documents:202601234"


def _folder() -> Path:
    return Path(storage.documents().path(""))


def _stored_names() -> set[str]:
    return {str(path.relative_to(_folder())) for path in _folder().rglob("*") if path.is_file()}


def test_a_received_file_waits_with_its_facts(cast: Cast) -> None:
    upload = files.receive("Repair log.pdf", [made.pdf()], target=TARGET, by=cast.amina)
    assert upload.stored is not None
    assert (upload.name, upload.stored.kind, upload.stored.size) == ("Repair log.pdf", "pdf", len(made.pdf()))
    with storage.documents().open(upload.stored.key) as kept:
        assert kept.read() == made.pdf()
    assert upload.expires_at - upload.received_at == timedelta(hours=24)


def test_a_refused_file_waits_in_words_and_is_not_stored(cast: Cast) -> None:
    before = _stored_names()
    upload = files.receive("log.zip", [made.zipped(("a.txt", "a"))], target=TARGET, by=cast.amina)
    assert upload.is_refused
    assert upload.refused_rule == "It is a compressed file."
    assert upload.refused_remedy
    assert _stored_names() == before


@pytest.mark.row("H7")
@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("/etc/shadow.txt", "shadow.txt"),
        ("a\x00b.txt", "ab.txt"),
        ("x" * 300 + ".txt", "x" * 251 + ".txt"),
        ("🏠" * 200 + ".txt", "🏠" * 62 + ".txt"),
        ("invoice\u202etxt.exe.txt", "invoicetxt.exe.txt"),
        ("...hidden.txt", "hidden.txt"),
        ("zero\u200bwidth.txt", "zerowidth.txt"),
    ],
)
def test_the_stored_key_never_derives_from_the_name(cast: Cast, sent: str, shown: str) -> None:
    upload = files.receive(sent, [b"The boiler was mended."], target=TARGET, by=cast.amina)
    assert upload.name == shown
    assert upload.stored is not None
    folder, name = upload.stored.key.split("/")
    assert len(folder) == 2
    assert len(name) == 32
    assert set(name) <= set("0123456789abcdef")
    assert name.startswith(folder)


@pytest.mark.row("H7")
def test_stored_files_are_readable_by_the_portal_alone(cast: Cast) -> None:
    upload = files.receive("a.txt", [b"The boiler was mended."], target=TARGET, by=cast.amina)
    assert upload.stored is not None
    path = Path(storage.documents().path(upload.stored.key))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.row("H19")
def test_an_upload_is_seen_taken_and_discarded_by_its_person_only(cast: Cast) -> None:
    upload = files.receive("a.txt", [b"The boiler was mended."], target=TARGET, by=cast.amina)
    for other in (cast.ben, cast.carys, cast.dev):
        assert not files.waiting(target=TARGET, by=other).exists()
        with pytest.raises(RuleBroken), transaction.atomic():
            files.take(target=TARGET, by=other, ids=[upload.pk])
        files.discard(upload.pk, target=TARGET, by=other)
    assert list(files.waiting(target=TARGET, by=cast.amina)) == [upload]
    assert not files.waiting(target="documents:202609999", by=cast.amina).exists()


@pytest.mark.row("H19")
def test_an_upload_nobody_submits_expires_with_its_file(cast: Cast) -> None:
    upload = files.receive("a.txt", [b"The boiler was mended."], target=TARGET, by=cast.amina)
    refused = files.receive("a.zip", [made.zipped(("a.txt", "a"))], target=TARGET, by=cast.amina)
    assert upload.stored is not None
    key, later = upload.stored.key, clock.now() + settings.UPLOAD_KEPT_FOR
    assert files.expire_uploads(later - timedelta(minutes=1)) == 0
    with clock.moved_to(later):
        assert not files.waiting(target=TARGET, by=cast.amina).exists()
        with pytest.raises(RuleBroken), transaction.atomic():
            files.take(target=TARGET, by=cast.amina, ids=[upload.pk])
    assert files.expire_uploads(later) == 2
    assert not Upload.objects.filter(pk__in=[upload.pk, refused.pk]).exists()
    assert not StoredFile.objects.filter(key=key).exists()


@pytest.mark.django_db(transaction=True)
def test_the_bytes_of_a_discarded_upload_are_deleted() -> None:
    cast = the_cast.build()
    upload = files.receive("a.txt", [b"The boiler was mended."], target=TARGET, by=cast.amina)
    assert upload.stored is not None
    files.discard(upload.pk, target=TARGET, by=cast.amina)
    assert not storage.documents().exists(upload.stored.key)
    assert not Upload.objects.exists()


def test_a_taken_id_that_is_not_there_is_refused_and_a_refused_file_is_never_taken(cast: Cast) -> None:
    kept = files.receive("a.txt", [b"The boiler was mended."], target=TARGET, by=cast.amina)
    refused = files.receive("a.zip", [made.zipped(("a.txt", "a"))], target=TARGET, by=cast.amina)
    assert files.take(target=TARGET, by=cast.amina) == [kept]
    with pytest.raises(RuleBroken, match="no longer waiting"):
        files.take(target=TARGET, by=cast.amina, ids=[kept.pk, refused.pk])


class _Killed(BaseException):
    """A process that ends between two steps."""


def _die_at_the_first_row(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if sql.startswith("INSERT"):
        raise _Killed
    return execute(sql, params, many, context)


def test_a_process_that_dies_between_storing_and_noting_leaves_no_row(cast: Cast) -> None:
    before = _stored_names()
    with connection.execute_wrapper(_die_at_the_first_row), pytest.raises(_Killed):
        files.receive("a.txt", [b"The boiler was mended."], target=TARGET, by=cast.amina)
    assert not Upload.objects.exists()
    assert not StoredFile.objects.exists()
    (left,) = _stored_names() - before
    _sweep(cast, left)


def _sweep(cast: Cast, left: str) -> None:
    """The orphan goes after a day; a file that a row names stays, however old."""
    named = files.receive("b.txt", [b"The boiler was mended."], target=TARGET, by=cast.amina)
    assert named.stored is not None
    folder, now = left.split("/")[0], clock.now()
    assert orphans.remove_orphans(folder, now=now + timedelta(hours=23)) == 0
    assert storage.documents().exists(left)
    assert orphans.remove_orphans(folder, now=now + timedelta(hours=25)) >= 1
    assert not storage.documents().exists(left)
    for number in range(orphans.FOLDERS):
        orphans.remove_orphans(f"{number:02x}", now=now + timedelta(hours=25))
    assert storage.documents().exists(named.stored.key)


def test_the_worker_sweeps_one_folder_a_minute_and_all_of_them_in_turn(cast: Cast) -> None:
    left = storage.keep(ContentFile(b"nobody's"))
    tomorrow = clock.now() + timedelta(hours=30)
    swept = [orphans.sweep_one_folder(tomorrow + timedelta(minutes=number)) for number in range(orphans.FOLDERS)]
    assert any(swept)
    assert not storage.documents().exists(left)
    assert orphans.sweep_one_folder(tomorrow + timedelta(minutes=orphans.FOLDERS - 1)) is False


@pytest.mark.row("H1")
def test_a_file_arrives_in_pieces_of_any_size_with_the_same_checksum(cast: Cast) -> None:
    content = text_of(200_000)
    sums = set()
    for piece in (1_000, 65_535, 65_536, 65_537, 200_000):
        pieces = [content[start : start + piece] for start in range(0, len(content), piece)]
        upload = files.receive("a.txt", pieces, target=TARGET, by=cast.amina)
        assert upload.stored is not None
        sums.add((upload.stored.sha256, upload.stored.size))
    assert len(sums) == 1


@pytest.mark.row("H4")
def test_a_folder_of_refused_files_takes_no_room_from_what_can_be_submitted(cast: Cast) -> None:
    with override_settings(WAITING_UPLOADS_LIMIT=3):
        for number in range(7):
            assert files.receive(f"{number}.exe", [b"MZ"], target=TARGET, by=cast.amina).is_refused
        files.receive("0.exe", [b"MZ"], target=TARGET, by=cast.ben)
        assert not files.receive("letter.txt", [b"The boiler was mended."], target=TARGET, by=cast.amina).is_refused
    names = [one.name for one in files.waiting(target=TARGET, by=cast.amina)]
    assert names == ["4.exe", "5.exe", "6.exe", "letter.txt"]
    assert files.waiting(target=TARGET, by=cast.ben).count() == 1


@pytest.mark.row("H4")
@pytest.mark.parametrize(
    "limit", [{"WAITING_UPLOADS_LIMIT": 2}, {"WAITING_UPLOADS_LIMIT_BYTES": 40}], ids=["number", "bytes"]
)
def test_only_so_much_may_wait_for_one_person_in_one_place(cast: Cast, limit: dict[str, int]) -> None:
    with override_settings(**limit):
        for name in ("a.txt", "b.txt"):
            kept = files.receive(name, [b"The boiler was mended."], target=TARGET, by=cast.amina)
        with pytest.raises(RuleBroken, match="Submit those that wait"):
            files.receive("c.txt", [b"The boiler was mended."], target=TARGET, by=cast.amina)
        assert files.receive("c.txt", [b"The boiler was mended."], target=TARGET, by=cast.ben).pk
        assert files.receive("c.txt", [b"The boiler was mended."], target="documents:202600001", by=cast.amina).pk
        files.discard(kept.pk, target=TARGET, by=cast.amina)
        assert files.receive("c.txt", [b"The boiler was mended."], target=TARGET, by=cast.amina).pk

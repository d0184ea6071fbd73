"""What becomes of a file after it was received: settled, discarded, expired or refused. test_uploads.py tries the receiving."""

from datetime import timedelta

import pytest

from portal.files import actions as files
from portal.files.models import StoredFile, Upload
from portal.lib import clock
from portal.lib.errors import RuleBroken
from tests.cast import Cast

TARGET = "documents:202601234"
OTHER_TARGET = "messages:202601234"


def received(cast: Cast, name: str = "a.txt", *, by: str = "amina", target: str = TARGET) -> Upload:
    return files.receive(name, [b"The boiler was mended."], target=target, by=cast.actors[by])


def refused(cast: Cast, name: str = "a.exe", *, by: str = "amina") -> Upload:
    return files.receive(name, [b"MZ"], target=TARGET, by=cast.actors[by])


def test_a_settled_upload_waits_no_longer_and_its_stored_file_stays(cast: Cast) -> None:
    kept, other = received(cast), received(cast, "b.txt")
    files.settle([kept])
    assert list(files.waiting(target=TARGET, by=cast.amina)) == [other]
    assert StoredFile.objects.filter(pk=kept.stored_id).exists()
    assert files.expire_uploads(other.expires_at) == 1  # the other one
    assert StoredFile.objects.filter(pk=kept.stored_id).exists()


def test_taken_uploads_are_exactly_those_that_were_asked_for(cast: Cast) -> None:
    first, second = received(cast), received(cast, "b.txt")
    assert files.take(target=TARGET, by=cast.amina, ids=[second.pk]) == [second]
    assert files.take(target=TARGET, by=cast.amina, ids=[]) == []
    assert files.take(target=TARGET, by=cast.amina) == [first, second]


def test_an_upload_is_neither_taken_nor_discarded_in_another_slot(cast: Cast) -> None:
    kept = received(cast)
    with pytest.raises(RuleBroken):
        files.take(target=OTHER_TARGET, by=cast.amina, ids=[kept.pk])
    files.discard(kept.pk, target=OTHER_TARGET, by=cast.amina)
    assert list(files.waiting(target=TARGET, by=cast.amina)) == [kept]


def test_a_discarded_upload_goes_with_its_row_of_the_store_and_twice_is_once(cast: Cast) -> None:
    kept = received(cast)
    for _ in range(2):
        files.discard(kept.pk, target=TARGET, by=cast.amina)
    assert not Upload.objects.exists()
    assert not StoredFile.objects.filter(pk=kept.stored_id).exists()


def test_refusals_are_taken_once_and_only_by_their_person(cast: Cast) -> None:
    kept, mine, bens = received(cast), refused(cast), refused(cast, by="ben")
    assert [one.pk for one in files.take_refusals(target=TARGET, by=cast.amina)] == [mine.pk]
    assert files.take_refusals(target=TARGET, by=cast.amina) == []
    assert set(Upload.objects.values_list("pk", flat=True)) == {kept.pk, bens.pk}


def test_of_somebody_who_left_everything_expires_at_once_and_of_nobody_else(cast: Cast) -> None:
    received(cast), received(cast, target=OTHER_TARGET), refused(cast)
    bens = received(cast, by="ben")
    files.expire_now(cast.amina.user_id)
    assert not files.waiting(target=TARGET, by=cast.amina).exists()
    assert files.expire_uploads(clock.now()) == 3
    assert list(Upload.objects.all()) == [bens]
    assert list(StoredFile.objects.all()) == [bens.stored]


def test_an_upload_is_late_from_the_moment_at_which_it_expires(cast: Cast) -> None:
    kept = received(cast)
    assert not files.late_uploads(kept.expires_at - timedelta(seconds=1)).exists()
    assert list(files.late_uploads(kept.expires_at)) == [kept]


def test_a_file_that_the_sender_held_back_is_refused_without_a_stored_file(cast: Cast) -> None:
    held_back = files.receive("film.mp4", None, target=TARGET, by=cast.amina)
    assert held_back.is_refused
    assert not StoredFile.objects.exists()


def test_what_staff_send_is_inspected_too(cast: Cast) -> None:
    name, stored = files.store_accepted("letter.txt", b"Dear Sirs")
    assert (name, stored.size) == ("letter.txt", 9)
    with pytest.raises(RuleBroken, match=r"a\.exe"):
        files.store_accepted("a.exe", b"MZ")
    assert list(StoredFile.objects.all()) == [stored]

"""Guessing: counted for each account, told with the hour at which it works again, and no weapon against others."""

import re
from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts import rate_limits
from portal.accounts.models import AttemptCount, KnownBrowser, Session, User
from portal.accounts.rate_limits import LIMITS, Kind, Paused
from portal.audit.models import AuditRow
from portal.lib import clock
from tests.cast import PASSWORD
from tests.signing_in import (
    ask_for_code,
    at_once,
    link_in_mail,
    mails_to,
    sign_in_by_pages,
    type_code,
    type_password,
)

pytestmark = pytest.mark.both  # locks

AMINA = "amina@alder.example"
NOBODY = "nobody.here@alder.example"
SEND = "/sign-in/send-code/"
NOON = datetime(2026, 11, 23, 12, 0, 20, tzinfo=clock.LONDON)


def _guess(client: Client, address: str = AMINA, times: int = 1, **headers: str):
    answers = [type_password(client, address, f"wrong-password-{n}", **headers) for n in range(times)]
    return answers[-1]


def _errors(answer) -> str:
    summary = BeautifulSoup(answer.content, "html.parser").find(class_="govuk-error-summary__list")
    return summary.get_text(" ", strip=True)


def _told(answer) -> str:
    return re.search(r"at (\d+:\d\d[ap]m)", _errors(answer))[1]


def _guess_codes(address: str, times: int) -> None:
    """A thief with the password tries codes, three for each sign-in, each time with a fresh browser."""
    tried = 0
    while tried < times:
        thief = Client()
        if getattr(type_password(thief, address, PASSWORD), "url", "") != SEND:
            return
        thief.post(SEND)
        for _ in range(min(3, times - tried)):
            type_code(thief, "000000")
            tried += 1


@pytest.mark.row("H23")
def test_after_five_wrong_passwords_the_right_one_is_refused_until_the_moment_told_and_then_works(cast):
    client = Client()
    with clock.moved_to(NOON):
        _guess(client, times=5)
        refused = type_password(client, AMINA, PASSWORD)
        assert _told(refused) == "12:16pm"
    until = datetime(2026, 11, 23, 12, 16, tzinfo=clock.LONDON)
    with clock.moved_to(until - timedelta(seconds=1)):
        assert type_password(client, AMINA, PASSWORD).status_code == 200
    with clock.moved_to(until):
        assert type_password(client, AMINA, PASSWORD).url == SEND


@pytest.mark.row("H23")
def test_a_try_during_the_pause_does_not_lengthen_it(cast):
    client = Client()
    with clock.moved_to(NOON):
        first = _told(_guess(client, times=6))
    with clock.moved_to(NOON + timedelta(minutes=10)):
        assert _told(_guess(client, times=3)) == first


def test_the_day_is_told_when_it_is_not_today(db):
    late = datetime(2026, 11, 23, 23, 50, tzinfo=clock.LONDON)
    with clock.moved_to(late):
        for _ in range(5):
            rate_limits.begin(Kind.PASSWORD, "x")
        with pytest.raises(Paused, match="12:05am on 24 November"):
            rate_limits.begin(Kind.PASSWORD, "x")


@pytest.mark.row("S9")
def test_an_address_that_nobody_has_is_answered_in_the_same_words(cast):
    with clock.moved_to(NOON):
        for times in (1, 6):
            known, unknown = _guess(Client(), AMINA, times), _guess(Client(), NOBODY, times)
            assert known.status_code == unknown.status_code
            assert _errors(known) == _errors(unknown)


@pytest.mark.row("S9")
def test_a_known_and_an_unknown_address_cost_the_same_work(cast, settings):
    """Same statements in the same order, and one password hashed each time: no difference is left to be timed."""
    cast.users["ben"].is_active = False
    cast.users["ben"].save()
    invited = cast.users["carys"]
    invited.set_unusable_password()
    invited.save()
    _guess(Client(), "the-first@alder.example")  # begins the count for the network
    hashed, shapes = [], {}
    settings.PASSWORD_HASHERS = ["tests.pages.test_sign_in_lock.CountingHasher"]
    cast.users["amina"].set_password(PASSWORD)
    cast.users["amina"].save()
    CountingHasher.seen = hashed
    for address in (AMINA, NOBODY, "ben@alder.example", "carys@birch.example"):
        hashed.clear()
        with CaptureQueriesContext(connection) as seen:
            _guess(Client(), address)
        shapes[address] = ([re.sub(r"'[^']*'|\d+", "?", q["sql"]) for q in seen.captured_queries], len(hashed))
    assert shapes[NOBODY] == shapes[AMINA] == shapes["carys@birch.example"] == shapes["ben@alder.example"]
    assert shapes[NOBODY][1] == 1


@pytest.mark.row("S9")
def test_a_hash_of_the_former_kind_cannot_be_told_by_the_work_either(cast, settings):
    """While somebody still has one, everybody's password is hashed in both ways; their next sign-in makes it anew."""
    settings.PASSWORD_HASHERS = ["tests.pages.test_sign_in_lock.CountingHasher"]
    cast.users["carys"].set_password(PASSWORD)
    cast.users["carys"].save()
    settings.PASSWORD_HASHERS = [f"tests.pages.test_sign_in_lock.{one}" for one in ("NewHasher", "CountingHasher")]
    cast.users["amina"].set_password(PASSWORD)
    cast.users["amina"].save()
    User.objects.exclude(email__in=[AMINA, "carys@birch.example"]).update(password=cast.users["amina"].password)
    worked = {}
    for address in (AMINA, NOBODY, "carys@birch.example"):
        NewHasher.seen, CountingHasher.seen = [], []
        _guess(Client(), address)
        worked[address] = len(NewHasher.seen), len(CountingHasher.seen)
    assert set(worked.values()) == {(1, 1)}
    former = User.objects.get(pk=cast.users["carys"].pk).password
    assert type_password(Client(), "carys@birch.example", PASSWORD).url == SEND
    User.objects.filter(email="ben@alder.example").update(password=former, is_active=False)
    NewHasher.seen, CountingHasher.seen = [], []
    _guess(Client(), NOBODY)
    assert (len(NewHasher.seen), len(CountingHasher.seen)) == (1, 0)


def test_passwords_are_hashed_with_argon2id(cast, settings):
    settings.PASSWORD_HASHERS = ["portal.accounts.hashing.PasswordHasher"]
    user = cast.users["amina"]
    user.set_password(PASSWORD)
    assert user.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert user.check_password(PASSWORD)
    assert not user.check_password(f"{PASSWORD}r")


@pytest.mark.row("H25")
def test_other_headers_do_not_give_new_tries(cast):
    for n in range(5):
        _guess(
            Client(),
            HTTP_USER_AGENT=f"Browser {n}",
            HTTP_X_FORWARDED_FOR=f"203.0.113.{n}",
            REMOTE_ADDR=f"198.51.100.{n}",
        )
    assert "wrong too often" in _errors(type_password(Client(), AMINA, PASSWORD, REMOTE_ADDR="192.0.2.9"))


@pytest.mark.row("H34")
def test_the_address_of_the_client_is_what_a_proxy_of_ours_wrote_and_nothing_else(cast, settings):
    def seen(**headers: str) -> str:
        client = Client()
        type_password(client, AMINA, PASSWORD, **headers)
        type_code(client, ask_for_code(client, AMINA), **headers)
        return AuditRow.objects.filter(verb="signed in").latest("pk").details["ip"]

    assert seen(HTTP_X_FORWARDED_FOR="203.0.113.7", REMOTE_ADDR="192.0.2.1") == "192.0.2.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert seen(HTTP_X_FORWARDED_FOR="203.0.113.7, 198.51.100.4", REMOTE_ADDR="192.0.2.1") == "198.51.100.4"
    assert seen(HTTP_X_FORWARDED_FOR="not an address", REMOTE_ADDR="192.0.2.1") == "192.0.2.1"
    assert seen(REMOTE_ADDR="192.0.2.1") == "192.0.2.1"


@pytest.mark.row("H25")
def test_a_stranger_cannot_lock_out_a_browser_that_passed_the_code_before(cast):
    own = Client()
    sign_in_by_pages(own, AMINA, PASSWORD)
    own.post("/sign-out/")
    _guess(Client(), times=6)
    assert type_password(own, AMINA, PASSWORD).url == SEND


def test_a_known_browser_has_a_limit_of_its_own(cast):
    own = Client()
    sign_in_by_pages(own, AMINA, PASSWORD)
    own.post("/sign-out/")
    assert "wrong too often" in _errors(_guess(own, times=6))
    assert type_password(Client(), AMINA, PASSWORD).url == SEND


def test_a_browser_known_to_one_account_is_a_stranger_to_another(cast):
    own = Client()
    sign_in_by_pages(own, "ben@alder.example", PASSWORD)
    own.post("/sign-out/")
    _guess(Client(), times=6)
    assert type_password(own, AMINA, PASSWORD).status_code == 200


def test_the_cookie_of_a_known_browser_is_kept_from_scripts_and_cannot_be_made_up(cast):
    own = Client()
    sign_in_by_pages(own, AMINA, PASSWORD)
    cookie = own.cookies[settings.KNOWN_BROWSER_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    token = cookie.value.split(":")[0]
    assert KnownBrowser.objects.get().token_digest != token
    _guess(Client(), times=6)
    forged = Client()
    forged.cookies[settings.KNOWN_BROWSER_COOKIE] = token
    assert type_password(forged, AMINA, PASSWORD).status_code == 200


@pytest.mark.row("H25")
def test_a_link_from_the_mailbox_unlocks_even_while_the_stranger_goes_on(cast):
    _guess(Client(), times=6)
    own = Client()
    own.post("/forgotten-password/", {"email": AMINA})
    path = link_in_mail(AMINA)
    own.post(path, {"password": "new-words-for-amina", "again": "new-words-for-amina"})
    _guess(Client(), times=6)
    assert type_password(own, AMINA, "new-words-for-amina").url == SEND


def test_a_link_from_the_mailbox_unlocks_every_browser(cast):
    _guess(Client(), times=6)
    _guess_codes(AMINA, 100)
    Client().post("/forgotten-password/", {"email": AMINA})
    Client().post(link_in_mail(AMINA), {"password": "new-words-for-amina", "again": "new-words-for-amina"})
    assert type_password(Client(), AMINA, "new-words-for-amina").url == SEND


@pytest.mark.row("H25")
def test_guesses_at_codes_are_counted_for_the_account_over_all_sign_ins_and_told_to_the_person(cast):
    _guess_codes(AMINA, 100)
    assert AttemptCount.objects.get(kind=Kind.CODE).pauses == 1
    thief = Client()
    assert "verification code was wrong too often" in _errors(type_password(thief, AMINA, PASSWORD))
    assert len(mails_to(AMINA, "codes guessed")) == 1
    assert AuditRow.objects.filter(verb="stopped guesses at codes").count() == 1


def test_each_further_pause_for_codes_is_twice_as_long_up_to_a_day(db):
    moment, pauses = NOON, []
    for _ in range(9):
        with clock.moved_to(moment):
            for _ in range(LIMITS[Kind.CODE].tries):
                rate_limits.begin(Kind.CODE, "x")
            with pytest.raises(Paused) as pause:
                rate_limits.begin(Kind.CODE, "x")
        pauses.append(round((pause.value.until - moment).total_seconds() / 60))
        moment = pause.value.until
    assert pauses[0] in (15, 16)
    assert pauses[1:5] == [30, 60, 120, 240]
    assert pauses[-1] == 24 * 60


def test_guesses_at_codes_by_a_thief_do_not_stop_the_person_in_their_own_browser(cast):
    own = Client()
    sign_in_by_pages(own, AMINA, PASSWORD)
    own.post("/sign-out/")
    _guess_codes(AMINA, 100)
    sign_in_by_pages(own, AMINA, PASSWORD)
    assert own.get("/account/").status_code == 200


@pytest.mark.row("H23")
def test_after_the_pause_for_codes_signing_in_works_at_the_moment_told(cast):
    with clock.moved_to(NOON):
        _guess_codes(AMINA, 100)
        until = AttemptCount.objects.get(kind=Kind.CODE).paused_until
    with clock.moved_to(until):
        client = Client()
        sign_in_by_pages(client, AMINA, PASSWORD)
        assert client.get("/account/").status_code == 200


@pytest.mark.row("H25")
@pytest.mark.django_db(transaction=True)
def test_guesses_sent_side_by_side_do_not_outrun_the_count(cast, settings):
    settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = (
        100  # else three that happen to come one by one end the sign-in before
    )
    thief = Client()
    type_password(thief, AMINA, PASSWORD)
    ask_for_code(thief, AMINA)
    copies = [Client() for _ in range(8)]
    for copy in copies:
        copy.cookies[settings.SESSION_COOKIE_NAME] = thief.cookies[settings.SESSION_COOKIE_NAME].value

    at_once([lambda copy=copy: [type_code(copy, "000000") for _ in range(2)] for copy in copies])
    tally = AttemptCount.objects.get(kind=Kind.CODE)
    assert (tally.pauses, tally.tries) == (1, 0)


def test_the_count_needs_no_cache(cast, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert "wrong too often" in _errors(_guess(Client(), times=6))


def test_an_office_behind_one_address_is_not_stopped_by_its_own_size(cast):
    for name in ("amina", "ben"):
        for _ in range(40):
            type_password(Client(), f"{name}@alder.example", PASSWORD)
    assert type_password(Client(), AMINA, PASSWORD).url == SEND


def test_one_network_that_tries_hundreds_of_accounts_is_stopped_but_not_its_known_browsers(cast):
    own = Client()
    sign_in_by_pages(own, AMINA, PASSWORD)
    own.post("/sign-out/")
    subject = rate_limits.subject_of("127.0.0.1")
    for _ in range(LIMITS[Kind.SIGN_IN_IP].tries):
        try:
            rate_limits.begin(Kind.SIGN_IN_IP, subject)
        except Paused:
            break
    assert "from your network" in _errors(type_password(Client(), "ben@alder.example", PASSWORD))
    assert type_password(own, AMINA, PASSWORD).url == SEND


def test_a_thief_with_the_password_cannot_flood_the_mailbox_with_codes(cast):
    for _ in range(15):
        thief = Client()
        type_password(thief, AMINA, PASSWORD)
        thief.post(SEND)
    assert len(mails_to(AMINA, "sign-in code")) == LIMITS[Kind.CODE_MAIL].tries
    thief = Client()
    type_password(thief, AMINA, PASSWORD)
    answer = thief.post(SEND)
    assert answer.status_code == 429
    assert b"as many codes as we may" in answer.content


def test_right_passwords_are_not_counted(cast):
    client = Client()
    for _ in range(4):
        _guess(client)
        assert type_password(client, AMINA, PASSWORD).url == SEND
    assert AttemptCount.objects.get(kind=Kind.PASSWORD).tries == 4
    assert type_password(client, AMINA, PASSWORD).url == SEND
    assert type_password(client, AMINA, PASSWORD).url == SEND


def test_what_was_counted_does_not_name_the_address(cast):
    _guess(Client())
    row = AttemptCount.objects.get(kind=Kind.PASSWORD)
    assert "amina" not in row.subject
    assert rate_limits.subject_of(f" {AMINA.title()} ") == rate_limits.subject_of(AMINA) == row.subject
    assert Session.objects.count() == 0


def test_old_counts_are_forgotten(cast):
    with clock.moved_to(NOON):
        _guess(Client())
    assert rate_limits.forget_old_counts(NOON + timedelta(days=2)) is False
    assert rate_limits.forget_old_counts(NOON + timedelta(days=4)) is True
    assert AttemptCount.objects.count() == 0


class CountingHasher(MD5PasswordHasher):
    """A hasher that notes each use."""

    seen: list[str] = []

    def encode(self, password: str, salt: str) -> str:
        self.seen.append("hashed")
        return super().encode(password, salt)


class NewHasher(CountingHasher):
    algorithm = "new"

    seen: list[str] = []

    def encode(self, password: str, salt: str) -> str:
        return super().encode(password, salt).replace("md5$", "new$", 1)

    def decode(self, encoded: str) -> dict[str, str]:
        _, salt, digest = encoded.split("$")
        return {"algorithm": self.algorithm, "salt": salt, "hash": digest}


@pytest.mark.row("H23")
@pytest.mark.row("S9")
def test_who_did_nothing_wrong_reads_that_others_guessed_and_how_to_get_in(cast):
    """Counted with every stranger, a fresh browser may be the person's own; whether there is an account stays unsaid."""
    own = Client()
    sign_in_by_pages(own, AMINA, PASSWORD)
    own.post("/sign-out/")
    with clock.moved_to(NOON):
        for address in (AMINA, NOBODY):
            _guess(Client(), address, times=5)
        innocent, unknown = (_errors(type_password(Client(), address, PASSWORD)) for address in (AMINA, NOBODY))
        known = _errors(_guess(own, times=6))
    assert innocent == unknown
    assert "in browsers that have not signed in with it before" in innocent
    assert "somebody else has tried" in innocent
    assert "Forgot your password?" in innocent
    assert "in this browser" not in innocent
    assert "in this browser" in known

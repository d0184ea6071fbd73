"""Authenticator app and recovery codes: set up, used, removed, lost; and every way around them that stays closed."""

import json
from datetime import datetime, timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from portal.access.actor import Actor
from portal.accounts import app_codes, factors
from portal.accounts.models import Session
from portal.audit.models import AuditRow
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.mail.models import OutgoingMail
from tests.cast import PASSWORD
from tests.second_factors import SECRET, code_of, confirm_password, give_app, set_up_app
from tests.signing_in import (
    ask_for_code,
    at_once,
    link_in_mail,
    mails_to,
    sign_in,
    sign_in_by_pages,
    type_code,
    type_password,
    words_of,
)
from tests.well_formed import check

AMINA = "amina@alder.example"
STEP, LIST, APP, CODES = (
    "/sign-in/second-step/",
    "/account/two-factor/",
    "/account/two-factor/app/",
    "/account/two-factor/recovery-codes/",
)
NOON = datetime(2026, 11, 23, 12, 0, 5, tzinfo=clock.LONDON)


def _is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def _text(answer) -> str:
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True).split())


def _step(client: Client, code: str):
    return client.post(STEP, {"code": code})


def _fresh(password: str = PASSWORD) -> Client:
    """Amina at the second step in a browser of her own."""
    client = Client()
    assert type_password(client, AMINA, password).url == STEP
    return client


# Setting up


@pytest.mark.row("B13")
@pytest.mark.row("S17")
def test_an_app_is_set_up_under_profile_and_settings_and_brings_recovery_codes(cast, client_of):
    client = client_of("amina")
    assert LIST in client.get("/account/").content.decode()
    assert "we e-mail you a code" in check(client.get(LIST)).get_text()
    confirm_password(client)
    page = check(client.get(APP))
    assert page.find("img", class_="portal-qr")["src"].startswith("data:image/svg+xml;base64,")
    secret, codes = set_up_app(client)
    assert len(secret) == 32
    assert len(set(codes)) == 10
    assert "Authenticator app" in check(client.get(LIST)).get_text()
    assert "10 recovery codes left" in _text(client.get(LIST))
    assert AuditRow.objects.filter(verb="added an authenticator app", actor_id=cast.users["amina"].pk).count() == 1
    (mail,) = mails_to(AMINA, "second factor changed")
    assert "An authenticator app was added" in words_of(mail)
    assert secret not in words_of(mail)


@pytest.mark.row("B13")
def test_a_wrong_code_sets_nothing_up_and_the_secret_stays_for_the_next_try(client_of):
    client = client_of("amina")
    confirm_password(client)
    first = check(client.get(APP)).find(class_="portal-secret").get_text()
    answer = client.post(APP, {"code": "000 00x"})
    assert "Enter the 6 numbers that your app shows" in _text(answer)
    answer = client.post(APP, {"code": "000 000"})
    assert check(answer).find(class_="portal-secret").get_text() == first
    assert "not right" in _text(answer)
    assert Authenticator.objects.count() == 0


@pytest.mark.row("H32")
@pytest.mark.parametrize("path", [APP, "/account/two-factor/passkey/", "{remove}", "{codes}"])
def test_each_change_asks_for_the_password_first(cast, client_of, path):
    give_app(cast.users["amina"])
    factor = Authenticator.objects.get()
    client = client_of("amina")
    path = path.format(remove=f"{LIST}{factor.pk}/remove/", codes=CODES)
    for ask in (client.get, client.post):
        assert ask(path).url == f"/account/confirm/?next={path.replace('/', '%2F')}"
    assert Authenticator.objects.filter(pk=factor.pk).exists()
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.post("/account/confirm/", {"password": "wrong", "next": path}).status_code == 200
    assert client.get(path).status_code == 302
    assert client.post("/account/confirm/", {"password": PASSWORD, "next": path}).url == path
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != key
    check(client.get(path))
    with clock.moved_to(clock.now() + settings.STEP_UP_LASTS):
        assert client.get(path).status_code == 302


@pytest.mark.row("H32")
def test_the_page_that_asks_leads_nowhere_else(client_of):
    client = client_of("amina")
    check(client.get("/account/confirm/?next=https://evil.example/"))
    for target in ("https://evil.example/", "//evil.example/", "/sign-out/"):
        assert client.post("/account/confirm/", {"password": PASSWORD, "next": target}).url == LIST


@pytest.mark.row("H32")
def test_guessing_the_password_there_is_stopped(client_of):
    client = client_of("amina")
    for _ in range(5):
        confirm_password(client, "wrong")
    assert "wrong too often" in _text(confirm_password(client))
    assert client.get(APP).status_code == 302


@pytest.mark.row("H32")
def test_each_change_ends_the_other_sessions_is_told_and_audited(cast):
    here, there = Client(), Client()
    sign_in_by_pages(here, AMINA, PASSWORD)
    for change in ("add", "codes", "remove"):
        sign_in(there, cast.users["amina"])
        assert _is_in(there)
        confirm_password(here)
        if change == "add":
            set_up_app(here)
        elif change == "codes":
            here.post(CODES, {"kept": "1"})
            here.post(CODES)
        else:
            here.post(f"{LIST}{Authenticator.objects.get(type='totp').pk}/remove/")
        assert _is_in(here), change
        assert not _is_in(there), change
    assert [
        words_of(mail).split("\n")[2].split(" just now")[0] for mail in mails_to(AMINA, "second factor changed")
    ] == [
        "An authenticator app was added",
        "New recovery codes were made",
        "The authenticator app was removed",
    ]
    verbs = list(AuditRow.objects.filter(record="user").exclude(verb="signed in").values_list("verb", flat=True))
    assert verbs == ["added an authenticator app", "made new recovery codes", "removed authenticator app"]


# Signing in


@pytest.mark.row("B13")
@pytest.mark.row("S14")
def test_whoever_has_an_app_is_asked_for_its_code_and_gets_none_by_mail(cast):
    give_app(cast.users["amina"])
    client = _fresh()
    page = check(client.get(STEP))
    assert "Code from your authenticator app" in page.get_text()
    assert client.get("/sign-in/send-code/").url == "/sign-in/"
    client = _fresh()
    assert client.post("/sign-in/send-code/").url == "/sign-in/"
    assert client.get("/sign-in/code/").url == "/sign-in/"
    client = _fresh()
    assert not _is_in(client)
    assert _step(client, code_of()).url == "/"
    assert _is_in(client)
    assert not OutgoingMail.objects.filter(kind="sign-in code").exists()


@pytest.mark.row("B13")
def test_where_nobody_has_an_app_everything_is_as_before(cast):
    give_app(cast.users["ben"])
    client = Client()
    assert type_password(client, AMINA, PASSWORD).url == "/sign-in/send-code/"
    assert client.get(STEP).url == "/sign-in/"


@pytest.mark.row("H24")
@pytest.mark.row("B13")
def test_the_same_code_of_an_app_is_refused_the_second_time_even_with_an_empty_cache(cast):
    give_app(cast.users["amina"])
    with clock.moved_to(NOON):
        assert _step(_fresh(), code_of()).url == "/"
        cache.clear()
        again = _fresh()
        assert "used before" in _text(_step(again, code_of()))
        assert not _is_in(again)
        older = code_of(at=NOON - timedelta(seconds=30))
        assert _step(again, older).status_code == 200
    with clock.moved_to(NOON + timedelta(seconds=30)):
        client = _fresh()
        assert _step(client, code_of()).url == "/"


@pytest.mark.row("H24")
@pytest.mark.django_db(transaction=True)
def test_one_code_sent_from_several_browsers_at_the_same_moment_signs_in_once(cast):
    give_app(cast.users["amina"])
    code = code_of()
    clients = [_fresh() for _ in range(4)]
    at_once([lambda client=client: _step(client, code) for client in clients])
    assert sum(_is_in(client) for client in clients) == 1


@pytest.mark.row("H24")
@pytest.mark.django_db(transaction=True)
def test_one_recovery_code_sent_from_several_browsers_at_the_same_moment_signs_in_once(cast):
    amina = cast.users["amina"]
    codes = factors.add_app(amina, secret=SECRET, code=code_of(), by=cast.amina, session_key=None)
    clients = [_fresh() for _ in range(4)]
    at_once([lambda client=client: _step(client, codes[0]) for client in clients])
    assert sum(_is_in(client) for client in clients) == 1


@pytest.mark.row("H22")
@pytest.mark.parametrize(("seconds", "enters"), [(-30, True), (30, True), (-65, False), (65, False), (-86400, False)])
def test_a_phone_may_be_half_a_minute_off_and_no_more(cast, seconds, enters):
    give_app(cast.users["amina"])
    with clock.moved_to(NOON):
        client = _fresh()
        _step(client, code_of(at=NOON + timedelta(seconds=seconds)))
        assert _is_in(client) is enters


@pytest.mark.row("H26")
@pytest.mark.row("B13")
def test_after_thirty_good_sign_ins_by_the_app_a_recovery_code_works_and_works_once(cast, client_of):
    client = client_of("amina")
    with clock.moved_to(NOON):
        secret, codes = set_up_app(client)
    for number in range(1, 31):
        with clock.moved_to(NOON + timedelta(minutes=number)):
            client = _fresh()
            assert _step(client, code_of(secret)).url == "/"
    with clock.moved_to(NOON + timedelta(minutes=40)):
        client = _fresh()
        assert _step(client, f"{codes[3][:4]} {codes[3][4:]}").url == "/"
        assert _is_in(client)
        assert "9 recovery codes left" in _text(client.get(LIST))
        assert "You have 9 left" in words_of(mails_to(AMINA, "recovery code used")[-1])
        assert AuditRow.objects.get(verb="used a recovery code").details == {"left": 9}
        again = _fresh()
        assert "used before" in _text(_step(again, codes[3]))
        assert not _is_in(again)


@pytest.mark.row("H26")
def test_ten_bad_codes_are_stopped_whatever_sign_in_they_come_from_and_the_person_is_told(cast):
    give_app(cast.users["amina"])
    with clock.moved_to(NOON):
        for _ in range(5):
            thief = _fresh()
            for guess in ("000000", "00000000"):
                _step(thief, guess)
        client = _fresh()
        stopped = _step(client, code_of())
        assert "wrong too often" in check(stopped).get_text()
        assert "12:16pm" in _text(stopped)
        assert not _is_in(client)
    assert len(mails_to(AMINA, "codes guessed")) == 1
    with clock.moved_to(NOON.replace(minute=16, second=0)):
        client = _fresh()
        assert _step(client, code_of()).url == "/"


@pytest.mark.row("H26")
@pytest.mark.row("H21")
def test_a_new_password_gives_no_more_guesses_and_asks_for_the_app_all_the_same(cast):
    give_app(cast.users["amina"])
    with clock.moved_to(NOON):
        for _ in range(3):
            thief = _fresh()
            _step(thief, "000000")
            _step(thief, "000001")
        client = Client()
        client.post("/forgotten-password/", {"email": AMINA})
        new = {"password": "a-brand-new-set-of-words", "again": "a-brand-new-set-of-words"}
        client.post(link_in_mail(AMINA), new)
        assert not _is_in(client)
        stranger = _fresh(new["password"])
        assert "wrong too often" in _text(_step(stranger, code_of()))
        assert type_password(client, AMINA, new["password"]).url == STEP
        assert not _is_in(client)
        assert _step(client, code_of()).url == "/"  # the browser that opened the mail has a counter of its own


@pytest.mark.row("H21")
def test_the_second_step_opens_nothing_before_it_is_passed_and_nothing_for_another(cast):
    give_app(cast.users["amina"])
    give_app(cast.users["ben"])
    assert Client().get(STEP).url == "/sign-in/"
    assert Client().post(STEP, {"code": code_of()}).url == "/sign-in/"
    client = _fresh()
    for path in ("/", "/account/", LIST, APP, CODES):
        assert client.get(path).status_code == 302
    client = _fresh()
    for posted in ({}, {"code": ""}, {"credential": "{}"}, {"credential": "[1]"}, {"credential": '{"id": 1}'}):
        assert client.post(STEP, posted).status_code == 200
    assert not _is_in(client)


@pytest.mark.row("H21")
def test_a_factor_removed_in_the_middle_of_a_sign_in_is_no_way_in(cast):
    give_app(cast.users["amina"])
    client = _fresh()
    Authenticator.objects.all().delete()
    assert client.post(STEP, {"code": code_of()}).url == "/sign-in/"
    assert not _is_in(client)
    sign_in_by_pages(client, AMINA, PASSWORD)
    assert _is_in(client)


@pytest.mark.row("H21")
def test_a_factor_added_in_the_middle_of_a_sign_in_by_mail_is_asked_for_from_the_start(cast):
    client = Client()
    type_password(client, AMINA, PASSWORD)
    code = ask_for_code(client, AMINA)
    give_app(cast.users["amina"])
    assert type_code(client, code).url == "/sign-in/"
    assert not _is_in(client)
    assert type_password(client, AMINA, PASSWORD).url == STEP
    _step(client, code_of())
    assert _is_in(client)


# Secrets


@pytest.mark.row("H33")
def test_no_secret_stands_in_the_database_in_plain_text(cast, client_of):
    secret, codes = set_up_app(client_of("amina"))
    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    kept += json.dumps(list(Session.objects.values_list("data", flat=True)))
    kept += json.dumps(list(AuditRow.objects.values_list("details", flat=True)))
    kept += json.dumps(list(OutgoingMail.objects.values_list("body", flat=True)))
    for hidden in (secret, *codes):
        assert hidden not in kept
    seed = app_codes.opened(Authenticator.objects.get(type="recovery_codes").data["seed"])
    assert seed
    assert seed not in kept


@pytest.mark.row("H33")
def test_no_page_shows_a_secret_again_after_it_was_set_up(cast, client_of):
    client = client_of("amina")
    secret, codes = set_up_app(client)
    file = client.get(f"{CODES}file/")
    assert all(code in file.content.decode() for code in codes)
    assert file["Content-Disposition"].startswith("attachment")
    assert client.post(CODES, {"kept": "1"}).url == LIST
    gwen = client_of("gwen")
    looked = [client.get(path) for path in (LIST, APP, CODES, f"{CODES}file/", "/account/")]
    looked += [gwen.get(f"/casework/people/{cast.users['amina'].pk}/two-factor/")]
    for answer in looked:
        for hidden in (secret, " ".join(secret[i : i + 4] for i in range(0, 32, 4)), *codes, codes[0][:4]):
            assert hidden not in answer.content.decode()


@pytest.mark.row("H31")
def test_with_another_secret_key_no_code_is_right_and_no_page_breaks(cast, client_of, settings):
    client = client_of("amina")
    _secret, codes = set_up_app(client)
    settings.SECRET_KEY = "another-key-altogether"
    amina = cast.users["amina"]
    for guess in (*codes, code_of(), "00000000"):
        assert factors.passed_with_code(amina, guess) is None
    assert factors.factors_of(amina.pk)[0].kind == "totp"


def test_new_recovery_codes_replace_the_old_ones(cast, client_of):
    client = client_of("amina")
    _secret, old = set_up_app(client)
    client.post(CODES, {"kept": "1"})
    assert client.post(CODES).url == CODES
    shown = _text(client.get(CODES))
    assert f"{old[0][:4]} {old[0][4:]}" not in shown
    assert factors.passed_with_code(cast.users["amina"], old[0]) is None


# Removing and losing


@pytest.mark.row("B13")
def test_with_the_last_factor_removed_the_code_comes_by_mail_again(cast, client_of):
    client = client_of("amina")
    _secret, codes = set_up_app(client)
    path = f"{LIST}{Authenticator.objects.get(type='totp').pk}/remove/"
    assert "recovery codes stop working" in check(client.get(path)).get_text()
    assert client.post(path).url == LIST
    assert Authenticator.objects.count() == 0
    assert factors.passed_with_code(cast.users["amina"], codes[0]) is None
    again = Client()
    sign_in_by_pages(again, AMINA, PASSWORD)
    assert _is_in(again)


def test_nobody_removes_what_is_anothers(cast, client_of):
    give_app(cast.users["amina"])
    for name in ("ben", "carys", "gwen"):
        client = client_of(name)
        confirm_password(client)
        assert client.post(f"{LIST}{Authenticator.objects.get().pk}/remove/").status_code == 404


@pytest.mark.row("B13")
@pytest.mark.row("H27")
def test_whoever_lost_everything_is_let_in_again_after_a_recorded_identity_check(cast, client_of):
    amina, gwen = cast.users["amina"], client_of("gwen")
    here = client_of("amina")
    set_up_app(here)
    path = f"/casework/people/{amina.pk}/two-factor/"
    assert path in gwen.get(f"/casework/landlords/{cast.alder.pk}/").content.decode()
    check(gwen.get(path))
    refused = gwen.post(path, {"identity_check": ""})
    assert "Enter how you checked" in check(refused).get_text()
    assert factors.has_own(amina.pk)
    how = "Called back on the number in the register; Ben Carter confirmed."
    assert gwen.post(path, {"identity_check": how}).status_code == 302
    assert Authenticator.objects.count() == 0
    assert not _is_in(here)
    row = AuditRow.objects.get(verb="reset second factors")
    assert (row.actor_name, row.details["identity_check"]) == ("Gwen Okafor", how)
    assert "showed that they are you" in words_of(mails_to(AMINA, "second factors reset")[0])
    client = Client()
    sign_in_by_pages(client, AMINA, PASSWORD)
    assert _is_in(client)
    assert "nothing to reset" in check(gwen.get(path)).get_text()


@pytest.mark.row("B13")
def test_nobody_but_the_portal_team_resets_and_nobody_their_own(cast, client_of):
    give_app(cast.users["amina"])
    give_app(cast.users["gwen"])
    how = "I looked at the passport."
    by: Actor
    for by in (cast.ben, cast.carys, cast.dev, cast.farid, cast.hana, cast.amina):
        with pytest.raises(NotAllowed):
            factors.reset(cast.users["amina"], identity_check=how, by=by)
    with pytest.raises(RuleBroken, match="Ask a colleague"):
        factors.reset(cast.users["gwen"], identity_check=how, by=cast.gwen)
    assert Authenticator.objects.count() == 2
    assert SECRET not in _text(client_of("gwen").get(f"/casework/people/{cast.users['gwen'].pk}/two-factor/"))


@pytest.mark.row("H36")
def test_setting_up_survives_back_and_reload(cast, client_of):
    """Back to the set-up page after it was done begins another set-up, which is refused while there is an app."""
    client = client_of("amina")
    confirm_password(client)
    first, again = client.get(APP), client.get(APP)
    assert check(first).find("img", class_="portal-qr")["src"] == check(again).find("img", class_="portal-qr")["src"]
    _secret, codes = set_up_app(client)
    assert client.get(CODES).content.count(b"<li>") >= 10  # reload: still there until they are kept
    page = check(client.get(APP))
    second = page.find(class_="portal-secret").get_text().replace(" ", "").strip()
    answer = client.post(APP, {"code": code_of(second)})
    assert "You have an authenticator app already" in _text(answer)
    assert len(codes) == 10


def test_a_changed_key_locks_nobody_out_and_the_factors_are_sealed_with_it(cast, settings):
    secret, former = give_app(cast.users["amina"]), settings.SECRET_KEY
    sealed = Authenticator.objects.get(type="totp").data["secret"]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [former]
    call_command("seal_anew")
    settings.SECRET_KEY_FALLBACKS = []
    row = Authenticator.objects.get(type="totp")
    assert row.data["secret"] != sealed
    assert app_codes.opened(row.data["secret"]) == secret


def test_without_the_former_key_an_operator_gives_codes_by_e_mail_again(cast, settings):
    give_app(cast.users["amina"])
    settings.SECRET_KEY = "n" * 50
    out = StringIO()
    call_command("seal_anew", stdout=out)
    assert "is not named: 1" in out.getvalue()
    with pytest.raises(CommandError, match="how you checked"):
        call_command("reset_factors", AMINA, "x")
    call_command("reset_factors", f"mailto:{AMINA}", "Met her at the office on Monday.")
    assert not Authenticator.objects.exists()
    assert AuditRow.objects.filter(verb="reset second factors", actor_id=None).count() == 1
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("reset_factors", "x@y.example", "Met her at the office on Monday.")

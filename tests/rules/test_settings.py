"""A setting that cannot be right stops the start with a sentence; nothing of it is dropped without a word."""

import pytest

from portal.config import env

SERVER = "postgresql://u:p%40ss@db.example:5433/portal"
WRONG = [
    *(("PORTAL_HOSTS", value) for value in ("*", "portal.example,*", "*.example", "https://portal.example")),
    *(("PORTAL_SECRET_KEY", value) for value in ("x", "short-key")),
    *(("PORTAL_MAILS_AN_HOUR", value) for value in ("-1", "0", "ten", "1.5", "1_0")),
    *(("PORTAL_IDLE_MINUTES", value) for value in ("-30", "0")),
    *(("PORTAL_SESSION_HOURS", value) for value in ("-1", "100000")),
    *(("PORTAL_TRUSTED_PROXIES", value) for value in ("-1", "yes")),
    *(("SMTP_PORT", value) for value in ("0", "65536", "-25")),
    *(("SMTP_TLS", value) for value in ("ja", "2", "enabled")),
    *(("IMAP_PLAIN", value) for value in ("maybe",)),
    *(("PORTAL_URL", value) for value in ("portal.example", "ftp://x.example", "https://x.example/portal", "https://")),
    *(("PORTAL_MAIL_FROM", value) for value in ("Portal", "Portal <>")),
    *(("PORTAL_SUPPORT_ADDRESS", value) for value in ("help",)),
    *(("PORTAL_SENDING_HOURS", value) for value in ("19:00-07:00", "always", "7-19-21")),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_setting_that_cannot_be_right_is_refused_by_name(monkeypatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=name):
        env.read()


@pytest.mark.parametrize(
    ("word", "means"), [("yes", True), ("On", True), ("1", True), ("no", False), ("", False), ("OFF", False)]
)
def test_yes_and_no_are_said_in_the_usual_words(monkeypatch, word: str, means: bool) -> None:
    monkeypatch.setenv("SMTP_TLS", word)
    assert env.read().smtp_tls is means


def test_what_a_database_address_asks_for_is_passed_on(monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{SERVER}?sslmode=verify-full&sslrootcert=/ca.pem&options=-c%20x=1")
    entry = env.database(env.read())
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"]) == ("u", "p@ss", "db.example", "5433")
    assert entry["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/ca.pem", "options": "-c jit=off -c x=1"}


@pytest.mark.parametrize("query", ["sslmod=verify-full", "pool=20", "sslmode=require&x=1"])
def test_what_a_database_address_asks_for_and_nobody_knows_is_refused(monkeypatch, query: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://u@db.example/portal?{query}")
    with pytest.raises(SystemExit, match="DATABASE_URL"):
        env.database(env.read())


def test_former_keys_are_read(monkeypatch) -> None:
    monkeypatch.setenv("PORTAL_SECRET_KEY_FALLBACKS", " one, two,")
    assert env.read().secret_key_fallbacks == ("one", "two")

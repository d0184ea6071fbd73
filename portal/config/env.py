"""The environment, read once and typed. Every setting that an operator may turn is named here and nowhere else."""

import os
import secrets
from dataclasses import dataclass
from datetime import time
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from portal.lib.addresses import can_be_mailed

ROOT = Path(__file__).resolve().parents[2]


PORTS = 65_535
SHORTEST_KEY = 32  # characters of PORTAL_SECRET_KEY: fewer can be guessed
YES, NO = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
# What a database address may say after its “?”, as libpq names it; nothing else is passed on, or left out without a word.
DATABASE_OPTIONS = {
    *("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "channel_binding", "gssencmode", "target_session_attrs"),
    *(
        "connect_timeout",
        "keepalives",
        "keepalives_idle",
        "keepalives_interval",
        "keepalives_count",
        "tcp_user_timeout",
    ),
    *("application_name", "service", "passfile", "client_encoding"),
}


def _number(name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
    raw = os.environ.get(name, "").strip() or str(default)
    if not (raw.isascii() and raw.isdigit() and least <= int(raw) <= most):
        raise SystemExit(f"{name} must be a whole number from {least:,} to {most:,}, not {raw!r}.")
    return int(raw)


def _flag(name: str) -> bool:
    raw = os.environ.get(name, "").strip().lower()
    if raw not in YES | NO:
        raise SystemExit(f"{name} must be yes or no, not {raw!r}.")
    return raw in YES


def _key(name: str) -> str:
    key = os.environ.get(name, "")
    if key and len(key) < SHORTEST_KEY:
        raise SystemExit(f"{name} must have at least {SHORTEST_KEY} characters: a shorter key can be guessed.")
    return key


def _comma_separated(name: str) -> tuple[str, ...]:
    """The parts between the commas, without spaces around them."""
    return tuple(part.strip() for part in os.environ.get(name, "").split(",") if part.strip())


def _hosts(name: str, default: str) -> tuple[str, ...]:
    """Names of hosts. A star would let anybody choose what stands in the portal's own links."""
    hosts = _comma_separated(name) or tuple(default.split(","))
    if wrong := [host for host in hosts if "*" in host or "/" in host or host == "."]:
        raise SystemExit(f"{name} must name the hosts, such as portal.example, not {wrong[0]!r}.")
    return hosts


def _url(name: str, default: str) -> str:
    url = os.environ.get(name, default).rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise SystemExit(f"{name} must be like https://portal.example, without a path, not {url!r}.")
    return url


def _address(name: str, default: str) -> str:
    text = os.environ.get(name) or default
    person, at, _ = parseaddr(text)[1].rpartition("@")
    if not (person and at and can_be_mailed(parseaddr(text)[1])):
        raise SystemExit(f"{name} must be an e-mail address, not {text!r}.")
    return text


def _hours(name: str, default: str) -> tuple[time, time] | None:
    """From when to when, as in 07:00-19:00; None for "any"."""
    raw = os.environ.get(name) or default
    if raw == "any":
        return None
    try:
        opens, closes = (time.fromisoformat(part.strip()) for part in raw.split("-"))
    except ValueError:
        opens = closes = time()
    if opens >= closes:
        raise SystemExit(f"{name} must be like 07:00-19:00, or any, not {raw!r}.")
    return opens, closes


@dataclass(frozen=True)
class Env:
    """One portal's surroundings. Paths are absolute; times are in the unit that the name says."""

    data: Path
    demo: bool
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    url: str
    hosts: tuple[str, ...]
    hsts_seconds: int
    database_url: str
    smtp_host: str
    smtp_port: int
    smtp_user: str
    smtp_password: str
    smtp_tls: bool
    mail_from: str
    support_address: str
    it_address: str
    imap_host: str
    imap_port: int
    imap_user: str
    imap_password: str
    imap_folder: str
    imap_plain: bool
    trusted_proxies: int
    idle_minutes: int
    session_hours: int
    sending_hours: tuple[time, time] | None
    mails_an_hour: int
    review_days: int
    feedback_days: int


def read() -> Env:
    """The environment as the portal uses it; raises SystemExit with a plain sentence when a value cannot be used."""
    port = _number("PORT", 8000, least=1, most=PORTS)
    url = _url("PORTAL_URL", f"http://127.0.0.1:{port}")
    host = urlsplit(url).hostname or "127.0.0.1"
    return Env(
        data=Path(os.environ.get("PORTAL_DATA", ROOT / "var")).resolve(),
        demo=_flag("PORTAL_DEMO"),
        secret_key=_key("PORTAL_SECRET_KEY"),
        secret_key_fallbacks=_comma_separated("PORTAL_SECRET_KEY_FALLBACKS"),
        url=url,
        hosts=_hosts("PORTAL_HOSTS", f"{host},127.0.0.1,localhost"),
        hsts_seconds=_number("PORTAL_HSTS_SECONDS", 31_536_000),
        database_url=os.environ.get("DATABASE_URL", ""),
        smtp_host=os.environ.get("SMTP_HOST", "127.0.0.1"),
        smtp_port=_number("SMTP_PORT", 25, least=1, most=PORTS),
        smtp_user=os.environ.get("SMTP_USER", ""),
        smtp_password=os.environ.get("SMTP_PASSWORD", ""),
        smtp_tls=_flag("SMTP_TLS"),
        mail_from=_address("PORTAL_MAIL_FROM", "Landlord Portal <no-reply@portal.example>"),
        support_address=_address("PORTAL_SUPPORT_ADDRESS", "portal@ombudsman.example"),
        it_address=_address("PORTAL_IT_ADDRESS", "it-support@ombudsman.example"),
        imap_host=os.environ.get("IMAP_HOST", ""),
        imap_port=_number("IMAP_PORT", 993, least=1, most=PORTS),
        imap_user=os.environ.get("IMAP_USER", ""),
        imap_password=os.environ.get("IMAP_PASSWORD", ""),
        imap_folder=os.environ.get("IMAP_FOLDER", "INBOX"),
        imap_plain=_flag("IMAP_PLAIN"),
        trusted_proxies=_number("PORTAL_TRUSTED_PROXIES", 0, most=10),
        idle_minutes=_number("PORTAL_IDLE_MINUTES", 30, least=1, most=24 * 60),
        session_hours=_number("PORTAL_SESSION_HOURS", 12, least=1, most=7 * 24),
        # Whoever tries the demo on a Sunday evening waits for the e-mail beside it.
        sending_hours=_hours("PORTAL_SENDING_HOURS", "any" if _flag("PORTAL_DEMO") else "07:00-19:00"),
        mails_an_hour=_number("PORTAL_MAILS_AN_HOUR", 10, least=1, most=1000),
        review_days=_number("PORTAL_REVIEW_DAYS", 21, least=1, most=366),
        feedback_days=_number("PORTAL_FEEDBACK_DAYS", 28, least=1, most=366),
    )


def throw_away_key() -> str:
    """A key for processes that keep nothing: development checks and tests."""
    return secrets.token_urlsafe(50)


def database(env: Env, *, waits_for_disk: bool = True) -> dict[str, object]:
    """Django's database entry: DATABASE_URL (postgresql://), else a SQLite file in the data folder, for which a
    transaction has ended when it is on the disk."""
    parts = urlsplit(env.database_url)
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(env.database_url)
    if parts.scheme not in {"", "sqlite"}:
        raise SystemExit(f"DATABASE_URL must begin with postgresql:// or sqlite://, not {parts.scheme}://.")
    synchronous = "FULL" if waits_for_disk else "OFF"
    path = parts.path if parts.scheme else str(env.data / "portal.sqlite3")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA foreign_keys=ON;",
        },
    }


def _postgresql(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    if unknown := sorted(set(query) - DATABASE_OPTIONS - {"user", "host", "port", "password", "options"}):
        raise SystemExit(
            f"DATABASE_URL says {unknown[0]}, which the portal does not know. It knows {_listed(DATABASE_OPTIONS)}."
        )
    options = {name: value for name, value in query.items() if name in DATABASE_OPTIONS}
    # a page's statements are done before they could be compiled
    options["options"] = f"-c jit=off {query.get('options', '')}".strip()
    return {
        "ENGINE": "portal.lib.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": query.get("user", unquote(parts.username or "")),
        "PASSWORD": query.get("password", unquote(parts.password or "")),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": query.get("port", str(parts.port or "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))

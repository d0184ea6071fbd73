"""When trying again must wait: the sign-in lock and the limits on mails, counted in the database.

Counted for each account and, apart, for each browser that has passed this account's second factor before: so a
stranger who guesses locks out strangers only. The count grows before a guess is looked at, so that guesses sent side
by side cannot outrun it. Addresses that belong to nobody are counted and answered in the same way.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from portal.accounts.models import AttemptCount
from portal.lib import clock
from portal.lib.errors import RuleBroken
from portal.lib.secrets_at_rest import blurred


@dataclass(frozen=True)
class Limit:
    """After `tries` comes a pause, each twice as long as the last, up to `longest`. `memory` later all is forgotten."""

    tries: int
    memory: timedelta
    pause: timedelta
    longest: timedelta
    words: str
    words_to_strangers: str = ""  # for a browser counted with all others that never signed in: it may be innocent
    from_last_try: bool = True  # else the memory begins with the first try, as a limit on numbers for an hour does


class Kind(StrEnum):
    PASSWORD = "password"  # noqa: S105 (a kind of tally)
    CODE = "code"
    FACTOR = "factor"  # codes of an authenticator app, and recovery codes
    OWN_PASSWORD = "own password"  # noqa: S105
    SIGN_IN_IP = "sign-in ip"
    CODE_MAIL = "code mail"
    LINK_MAIL = "link mail"
    LINK_IP = "link ip"
    RESET_BY_ANOTHER = "reset by another"  # somebody's password, by whoever looks after their account
    NEW_USER = "new user"  # accounts that one landlord makes: each sends a mail to an address that was typed
    REPORT_IP = "report ip"  # fault reports: the form is open to everybody
    REPORT_ADDRESS = "report address"


_QUARTER, _HOUR, _DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
_OR_AT_ONCE = (
    "If you do not want to wait, choose “Forgot your password?”: "
    "once you have made a new password you can sign in at once."
)

LIMITS: dict[Kind, Limit] = {
    Kind.PASSWORD: Limit(
        5,
        _QUARTER,
        _QUARTER,
        _QUARTER,
        "The e-mail address or password was wrong too often. You can try again in this browser at {when}. "
        + _OR_AT_ONCE,
        words_to_strangers="With this e-mail address a password was wrong too often, in browsers that have not signed "
        "in with it before. If it was not you, somebody else has tried. You can try again at {when}. " + _OR_AT_ONCE,
    ),
    Kind.CODE: Limit(
        6,
        _DAY,
        _QUARTER,
        _DAY,
        "The verification code was wrong too often. You can sign in again in this browser at {when}. " + _OR_AT_ONCE,
        words_to_strangers="The verification code was wrong too often, in browsers that have not signed in with this "
        "e-mail address before. If it was not you, somebody else has tried and knows the password. "
        "You can try again at {when}. " + _OR_AT_ONCE,
    ),
    Kind.FACTOR: Limit(  # no password link lifts this pause: a thief of the mailbox must not gain more guesses
        6,
        _DAY,
        _QUARTER,
        _DAY,
        "The code was wrong too often. You can enter a code again in this browser at {when}. "
        "If you have a passkey, you can use it now.",
    ),
    Kind.OWN_PASSWORD: Limit(
        5, _QUARTER, _QUARTER, _QUARTER, "The current password was wrong too often. You can try again at {when}."
    ),
    Kind.SIGN_IN_IP: Limit(
        300,
        _QUARTER / 3,
        _QUARTER / 3,
        _QUARTER / 3,
        "Too many people tried to sign in from your network. You can try again at {when}.",
        from_last_try=False,
    ),
    Kind.CODE_MAIL: Limit(
        10,
        _HOUR,
        _QUARTER,
        _HOUR,
        "We have sent you as many codes as we may for now. You can ask for another at {when}.",
        from_last_try=False,
    ),
    Kind.LINK_MAIL: Limit(
        5, _HOUR, _HOUR, _HOUR, "", from_last_try=False
    ),  # never told: it would say that the account exists
    Kind.RESET_BY_ANOTHER: Limit(
        5,
        _HOUR,
        _HOUR,
        _HOUR,
        "This password was reset several times in the last hour. You can reset it again at {when}. "
        "To shut the person out now, deactivate the account.",
        from_last_try=False,
    ),
    Kind.NEW_USER: Limit(
        20,
        _DAY,
        _DAY,
        _DAY,
        "Your organisation made many accounts today. You can make another at {when}.",
        from_last_try=False,
    ),
    Kind.REPORT_IP: Limit(
        20,
        _HOUR,
        _HOUR,
        _HOUR,
        "We had many reports from your network. What you wrote is still here: you can send it at {when}.",
        from_last_try=False,
    ),
    Kind.REPORT_ADDRESS: Limit(
        6,
        _HOUR,
        _HOUR,
        _HOUR,
        "We had many reports from this address. What you wrote is still here: you can send it at {when}.",
        from_last_try=False,
    ),
    Kind.LINK_IP: Limit(
        40,
        _HOUR,
        _QUARTER,
        _QUARTER,
        "Too many links were asked for from your network. You can try again at {when}.",
        from_last_try=False,
    ),
}


class Paused(RuleBroken):
    """It must wait until `until`, a whole minute, from which on it works again (H23)."""

    def __init__(self, kind: Kind, until: datetime, *, browser: str = "") -> None:
        limit = LIMITS[kind]
        words = limit.words if browser else limit.words_to_strangers or limit.words
        super().__init__(words.format(when=_when(until)))
        self.until = until


@dataclass(frozen=True)
class Try:
    """A counted attempt. `succeeded` takes it off the count again."""

    count_id: int
    began_pause: bool

    def succeeded(self) -> None:
        with transaction.atomic():
            tally = AttemptCount.objects.select_for_update().get(pk=self.count_id)
            if self.began_pause:
                tally.tries, tally.pauses, tally.paused_until = (
                    LIMITS[Kind(tally.kind)].tries - 1,
                    tally.pauses - 1,
                    None,
                )
            else:
                tally.tries = max(tally.tries - 1, 0)
            tally.save()


def subject_of(text: str) -> str:
    """The key under which an address or IP is counted: independent of case, and unreadable in the database."""
    return blurred("tally", text.strip().casefold())


def begin(kind: Kind, subject: str, *, browser: str = "") -> Try:
    """Counts a try of `kind` and lets it happen, or raises Paused."""
    now, limit = clock.now(), LIMITS[kind]
    with transaction.atomic():
        tally = _locked(kind, subject, browser, now)
        if tally.paused_until and now < tally.paused_until:
            raise Paused(kind, tally.paused_until, browser=browser)
        if now - tally.since >= limit.memory and (not tally.paused_until or now - tally.paused_until >= limit.memory):
            tally.tries, tally.pauses, tally.since = 0, 0, now
        tally.tries, tally.paused_until = tally.tries + 1, None
        if limit.from_last_try:
            tally.since = now
        if began := tally.tries >= limit.tries:
            tally.paused_until = _whole_minute(now + min(limit.pause * 2 ** min(tally.pauses, 10), limit.longest))
            tally.tries, tally.pauses = 0, tally.pauses + 1
        tally.save()
    return Try(tally.pk, began)


def hold(kind: Kind, subject: str) -> None:
    """Holds the count until the caller's transaction ends: another that is counted there waits. Nothing is counted."""
    _locked(kind, subject, "", clock.now())


def check(kind: Kind, subject: str, *, browser: str = "") -> None:
    """Raises Paused when it must wait, without counting."""
    tally = AttemptCount.objects.filter(kind=kind, subject=subject, browser=browser).first()
    if tally is not None and tally.paused_until and clock.now() < tally.paused_until:
        raise Paused(kind, tally.paused_until, browser=browser)


def unlock(subject: str) -> None:
    """Resets the sign-in counts of an account whose person has shown that the mailbox is theirs."""
    AttemptCount.objects.filter(subject=subject, kind__in=[Kind.PASSWORD, Kind.CODE, Kind.CODE_MAIL]).delete()


def forget_old_counts(now: datetime) -> bool:
    """Work for the worker: removes counts that no longer matter. Says whether there were any."""
    return AttemptCount.objects.filter(since__lt=now - 3 * _DAY).delete()[0] > 0


def _locked(kind: Kind, subject: str, browser: str, now: datetime) -> AttemptCount:
    AttemptCount.objects.get_or_create(kind=kind, subject=subject, browser=browser, defaults={"since": now})
    return AttemptCount.objects.select_for_update().get(kind=kind, subject=subject, browser=browser)


def _whole_minute(moment: datetime) -> datetime:
    """The words name minutes, so a pause ends with a minute: what they say is then exactly true."""
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + timedelta(minutes=1)


def _when(until: datetime) -> str:
    there = until.astimezone(clock.LONDON)
    hour = f"{there.hour % 12 or 12}:{there.minute:02d}{'am' if there.hour < 12 else 'pm'}"
    return hour if there.date() == clock.today() else f"{hour} on {there.day} {there:%B}"

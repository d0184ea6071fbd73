"""Second factors beyond the mailed code (B13): an authenticator app, passkeys, recovery codes.

The rows are the sign-in library's. Here stands what may be done with them: each change is told to the person by mail,
audited, and ends the person's other sessions. Whoever has an app or a passkey gets no codes by mail (docs/adr/0004).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction
from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.accounts import actions, app_codes, emails, rate_limits
from portal.accounts.models import User
from portal.accounts.rate_limits import Kind
from portal.accounts.sessions import end_sessions
from portal.audit import trail
from portal.lib import clock, pasted
from portal.lib.errors import RuleBroken

APP, PASSKEY, RECOVERY = "totp", "webauthn", "recovery_codes"
SEALED = "secret", "seed"  # of what a row keeps
MOST_PASSKEYS = 10
LONGEST_NAME = 60
WORDS = {APP: "Authenticator app", PASSKEY: "Passkey", RECOVERY: "Recovery codes"}


@dataclass(frozen=True)
class Factor:
    """One factor as its person reads it: no secret, no code."""

    id: int
    kind: str
    name: str
    added_at: datetime
    last_used_at: datetime | None
    left: int = 0


def has_own(user_id: int) -> bool:
    """Whether the person has an app or a passkey, which then stands in the place of the mailed code."""
    return _of(user_id).filter(type__in=[APP, PASSKEY]).exists()


def factors_of(user_id: int) -> list[Factor]:
    """The person's factors, the oldest first."""
    return [_factor(row) for row in _of(user_id).order_by("created_at", "pk")]


def own_factor(user_id: int, factor_id: int) -> Factor:
    """One of the person's own; raises Authenticator.DoesNotExist for anything else."""
    return _factor(_of(user_id).get(pk=factor_id))


def add_app(user: User, *, secret: str, code: str, by: Actor, session_key: str | None) -> list[str]:
    """Adds the app that holds this secret. Gives the recovery codes that were made with the first factor, to be shown
    once; [] when there are some already."""
    step = app_codes.step_of(secret, code)
    if step is None:
        raise RuleBroken("The code is not right. Enter the newest code that your app shows.", field="code")
    with transaction.atomic():
        _lock(user)
        if _of(user.pk).filter(type=APP).exists():
            raise RuleBroken("You have an authenticator app already. Remove it before you set up another.")
        row = TOTP.activate(user, secret).instance
        row.data["used_step"] = step
        row.save(update_fields=["data"])
        codes = _first_codes(user)
        _changed(user, by, "added an authenticator app", "An authenticator app was added", session_key)
    return codes


def add_passkey(user: User, *, name: str, credential: dict[str, Any], by: Actor, session_key: str | None) -> list[str]:
    """Adds a passkey whose registration has been verified. Gives recovery codes as `add_app` does."""
    name = " ".join(name.split())[:LONGEST_NAME] or "Passkey"
    with transaction.atomic():
        _lock(user)
        if _of(user.pk).filter(type=PASSKEY).count() >= MOST_PASSKEYS:
            raise RuleBroken(f"You have {MOST_PASSKEYS} passkeys. Remove one that you no longer use first.")
        WebAuthn.add(user, name, credential)
        codes = _first_codes(user)
        _changed(user, by, "added a passkey", f"The passkey “{name}” was added", session_key)
    return codes


def remove(user: User, factor_id: int, *, by: Actor, session_key: str | None) -> Factor:
    """Removes an app or a passkey. With the last one the recovery codes go too, and codes come by mail again."""
    with transaction.atomic():
        _lock(user)
        row = _of(user.pk).filter(pk=factor_id).first()
        if row is None or row.type == RECOVERY:
            raise RuleBroken("This has been removed already.")
        gone = _factor(row)
        row.delete()
        if not has_own(user.pk):
            _of(user.pk).delete()
        named = f"The passkey “{gone.name}”" if gone.kind == PASSKEY else "The authenticator app"
        _changed(user, by, f"removed {WORDS[gone.kind].lower()}", f"{named} was removed", session_key)
    return gone


def make_recovery_codes(user: User, *, by: Actor, session_key: str | None) -> list[str]:
    """Ten new codes, to be shown once; all old ones stop working."""
    with transaction.atomic():
        _lock(user)
        if not has_own(user.pk):
            raise RuleBroken("Set up an authenticator app or a passkey first. Recovery codes come with it.")
        _of(user.pk).filter(type=RECOVERY).delete()
        codes: list[str] = RecoveryCodes.activate(user).generate_codes()
        _changed(user, by, "made new recovery codes", "New recovery codes were made", session_key)
    return codes


def reset(user: User, *, identity_check: str, by: Actor) -> None:
    """For a person who has lost them all: the portal team has checked who it is, and says how. Codes then come by mail.

    Every session ends and the person is told, so that a check that was fooled does not stay unseen.
    """
    by.require(Permission.INVITE_LANDLORDS)
    if by.user_id == user.pk:
        raise RuleBroken("Ask a colleague to reset your own second factors.")
    _reset(user, identity_check, by)


def reset_from_console(user: User, *, identity_check: str) -> None:
    """The same by an operator on the server, for when nobody can sign in to do it."""
    _reset(user, identity_check, None)


def seal_anew() -> tuple[int, int]:
    """Seals every secret with the present key. Returns how many rows, and how many no key opens."""
    done = lost = 0
    for pk in Authenticator.objects.filter(type__in=[APP, RECOVERY]).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().get(pk=pk)
            names = [name for name in SEALED if name in row.data]
            texts = {name: app_codes.opened(row.data[name]) for name in names}
            if not all(texts.values()):
                lost += 1
                continue
            row.data |= {name: app_codes.sealed(text) for name, text in texts.items()}
            row.save(update_fields=["data"])
            done += 1
    return done, lost


def _reset(user: User, identity_check: str, by: Actor | None) -> None:
    if len(identity_check.strip()) < 10:
        raise RuleBroken("Enter how you checked who the person is, and when", field="identity_check")
    with transaction.atomic():
        _lock(user)
        kinds = sorted({WORDS[row.type] for row in _of(user.pk)})
        if not kinds:
            raise RuleBroken("This person has no second factors of their own. Codes come by e-mail.")
        _of(user.pk).delete()
        end_sessions(user.pk)
        trail.record(by, "reset second factors", user, kinds=kinds, identity_check=identity_check.strip()[:2000])
        actions.post(user, emails.factors_reset(user.name))


def begin_guess(user: User, *, browser: str) -> rate_limits.Try:
    """Counts a guess at a code of the app or a recovery code, whatever session it comes from; raises Paused."""
    return rate_limits.begin(Kind.FACTOR, rate_limits.subject_of(user.email), browser=browser)


def passed_with_code(user: User, typed: str) -> Authenticator | None:
    """The app or the recovery codes whose code this is. It is spent by that: no code works twice."""
    code = pasted.code(typed)
    if not (code.isascii() and code.isdigit()):
        return None
    with transaction.atomic():
        for row in _of(user.pk).filter(type__in=[APP, RECOVERY]).select_for_update().order_by("-type"):
            if _spend(row, code):
                return note_use(row)
    return None


def note_use(row: Authenticator) -> Authenticator:
    """Notes that the person signed in with it. A used recovery code is told by mail: it may have been found by others."""
    row.last_used_at = clock.now()
    row.save(update_fields=["last_used_at"])
    if row.type == RECOVERY:
        user = User.objects.get(pk=row.user_id)
        trail.record(None, "used a recovery code", user, left=_factor(row).left)
        actions.post(user, emails.recovery_code_used(user.name, _factor(row).left))
    return row


def _spend(row: Authenticator, code: str) -> bool:
    if row.type == APP:
        return app_codes.spend(row, code)
    wrapped = RecoveryCodes(row)
    is_right = bool(wrapped.validate_code(code))
    row.refresh_from_db(fields=["data"])
    return is_right


def _of(user_id: int) -> QuerySet[Authenticator]:
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=user_id)
    return found


def _factor(row: Authenticator) -> Factor:
    name = str(row.data.get("name", "")) if row.type == PASSKEY else WORDS[row.type]
    left = len(RecoveryCodes(row).get_unused_codes()) if row.type == RECOVERY else 0
    return Factor(row.pk, row.type, name, row.created_at, row.last_used_at, left)


def _first_codes(user: User) -> list[str]:
    if _of(user.pk).filter(type=RECOVERY).exists():
        return []
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    return codes


def _lock(user: User) -> None:
    """Two changes at the same moment come one after the other."""
    User.objects.select_for_update().get(pk=user.pk)


def _changed(user: User, by: Actor, verb: str, words: str, session_key: str | None) -> None:
    end_sessions(user.pk, except_key=session_key)
    trail.record(by, verb, user)
    actions.post(user, emails.factors_changed(user.name, words))

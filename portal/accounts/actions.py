"""What happens to an account: links, new passwords, codes sent, closing and opening again. Mails are queued in the same
transaction, and no page ever waits for a mail server.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.accounts import known_browsers, letters, password_links, passwords, sign_in_lock
from portal.accounts.models import User
from portal.accounts.sessions import end_sessions, forget_old_sessions
from portal.accounts.sign_in_lock import Kind, Paused
from portal.audit import trail
from portal.lib import clock
from portal.lib.errors import NotAllowed, RuleBroken
from portal.mail import outbox

_STAND_IN = User(pk=0, email="nobody@portal.example", name="Nobody")
LINK_DEAD = "This link has been used or is more than 1 hour old. Ask for a new one."


def ask_for_link(address: str, *, ip: str, href: Callable[[str], str]) -> None:
    """Sends a link to the account with that address, if there is one.

    For an address that nobody has the same is done for a stand-in and taken back, so that neither the answer nor its
    time tells whether there is an account (S9, H30).
    """
    with transaction.atomic():
        sign_in_lock.begin(Kind.LINK_IP, sign_in_lock.subject_of(ip))
        is_due = _may_send_link(address)
        user = User.objects.with_address(address).filter(is_active=True).first()
        with transaction.atomic():
            _send_link(user or _STAND_IN, href)
            transaction.set_rollback(user is None or not is_due)


def make_password(token: str, password: str, *, browser: str | None) -> tuple[User, str]:
    """Spends the link on a new password. Ends every session and other link, and lifts the sign-in lock.

    Gives the person, and the token of the browser that did it: known now, having shown that the mailbox is theirs.
    """
    user = password_links.holder(token)
    if user is None:
        raise RuleBroken(LINK_DEAD)
    passwords.check_new(password, user)
    with transaction.atomic():
        if password_links.spend(token) is None:
            raise RuleBroken(LINK_DEAD)
        _set_password(user, password, keep_browser=None, keep_session=None)
        sign_in_lock.unlock(sign_in_lock.subject_of(user.email))
        trail.record(None, "made a new password", user)
        return user, known_browsers.remember(user, browser)


def change_password(
    user: User, *, current: str, new: str, by: Actor, browser: str | None, session_key: str | None
) -> User:
    """Changes one's own password (S18). Every other session ends; this one stays."""
    attempt = sign_in_lock.begin(Kind.OWN_PASSWORD, sign_in_lock.subject_of(f"user {user.pk}"))
    if not user.check_password(current):
        raise RuleBroken("The current password is not right", field="current")
    attempt.succeeded()
    passwords.check_new(new, user)
    if user.check_password(new):
        raise RuleBroken("Choose a password that is not your current one", field="password")
    with transaction.atomic():
        _set_password(user, new, keep_browser=browser, keep_session=session_key)
        trail.record(by, "changed the password", user)
    return user


def confirm_password(user: User, typed: str) -> None:
    """Asks once more for the password before something dangerous (H32); raises RuleBroken when it is wrong."""
    attempt = sign_in_lock.begin(Kind.OWN_PASSWORD, sign_in_lock.subject_of(f"user {user.pk}"))
    if not user.check_password(typed):
        raise RuleBroken("The password is not right", field="password")
    attempt.succeeded()


def send_code(user: User, value: str) -> None:
    """Queues the mail with a sign-in code; raises Paused when too many have been sent."""
    sign_in_lock.begin(Kind.CODE_MAIL, sign_in_lock.subject_of(user.email))
    post(user, letters.code(user.name, value))


def begin_code_guess(user: User, *, browser: str) -> sign_in_lock.Try:
    """Counts a guess at a code for this account, whatever session it comes from; raises Paused after too many."""
    return sign_in_lock.begin(Kind.CODE, sign_in_lock.subject_of(user.email), browser=browser)


def code_was_wrong(user: User, guess: sign_in_lock.Try) -> None:
    """Tells the person, once a day at most, that codes were guessed until we stopped it: their password is known."""
    if guess.began_pause:
        with transaction.atomic():
            post(user, letters.codes_guessed(user.name), once=f"codes-guessed-{user.pk}-{clock.today()}")
            trail.record(None, "stopped guesses at codes", user)


def signed_in(user: User, *, ip: str, user_agent: str) -> None:
    trail.record(None, "signed in", user, ip=ip, browser=user_agent[:300])


def deactivate(user: User, *, by: Actor) -> User:
    """Closes the account: sessions and links end at once. The room above has checked whose account `by` may close."""
    _require_keeper(by)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        user.is_active, user.deactivated_at = False, clock.now()
        user.save(update_fields=["is_active", "deactivated_at"])
        end_sessions(user.pk)
        password_links.end_all(user)
        known_browsers.forget(user)
        trail.record(by, "deactivated", user)
    return user


def reactivate(user: User, *, by: Actor) -> User:
    """Opens the account again. The old password is gone: the person asks for a link, as at the first time."""
    _require_keeper(by)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        user.is_active, user.deactivated_at = True, None
        user.set_unusable_password()
        user.save(update_fields=["is_active", "deactivated_at", "password"])
        trail.record(by, "reactivated", user)
    return user


class Tidier:
    """Work for the worker, called in every round and done once an hour: forgets what the sign-in no longer needs."""

    def __init__(self) -> None:
        self.due_at: datetime | None = None

    def __call__(self, now: datetime) -> bool:
        if self.due_at is not None and now < self.due_at:
            return False
        self.due_at = now + timedelta(hours=1)
        sessions, tallies = forget_old_sessions(now), sign_in_lock.forget_old_tallies(now)
        links = password_links.forget_old(now)
        return sessions or tallies or links


def _require_keeper(by: Actor) -> None:
    if not (by.may(Permission.INVITE_LANDLORDS) or by.may(Permission.LANDLORD_MANAGE_PEOPLE)):
        raise NotAllowed("Your account does not let you open or close accounts.")


def _set_password(user: User, password: str, *, keep_browser: str | None, keep_session: str | None) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user.pk, except_key=keep_session)
    password_links.end_all(user)
    known_browsers.forget(user, but=keep_browser)
    post(user, letters.password_changed(user.name))


def _send_link(user: User, href: Callable[[str], str]) -> None:
    token = password_links.make(user)
    post(user, letters.link(user.name, href(token)))


def _may_send_link(address: str) -> bool:
    try:
        sign_in_lock.begin(Kind.LINK_MAIL, sign_in_lock.subject_of(address))
    except Paused:
        return False
    return True


def post(user: User, letter: letters.Letter, *, once: str = "") -> None:
    """Queues a letter of this room."""
    outbox.post(
        to=user.email,
        subject=letter.subject,
        body=letter.body,
        kind=letter.kind,
        user_id=user.pk,
        is_secret=letter.is_secret,
        once=once,
    )

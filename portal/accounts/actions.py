"""Actions on an account: password links, new passwords, sign-in codes, closing and reopening. E-mails are queued in the same
transaction, so no page waits for a mail server."""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from portal.access.actor import Actor
from portal.access.permissions import Permission
from portal.accounts import emails, idempotency, known_browsers, password_links, passwords, rate_limits
from portal.accounts.lives import LINK_LIFE
from portal.accounts.models import AttemptCount, User
from portal.accounts.rate_limits import Kind, Paused
from portal.accounts.sessions import end_session, end_sessions, forget_old_sessions
from portal.audit import trail
from portal.files.actions import expire_now
from portal.lib import clock, pasted
from portal.lib.errors import NotAllowed, RuleBroken
from portal.mail import outbox

_STAND_IN = User(pk=0, email="nobody@portal.example", name="Nobody")
Href = Callable[[str], str]  # from a link's token to the address that is mailed
TAKEN = "Somebody already signs in with this e-mail address. Use another address."
NOT_IN_A_NAME = set("@/\\<>")  # the name stands in mails: it must not lead anywhere
LINK_DEAD = f"This link has been used or is more than {LINK_LIFE} old. Ask for a new one."


def ask_for_link(address: str, *, ip: str, href: Href) -> None:
    """Sends a password link to the account with this address, if there is one.

    For an unknown address the same work is done for a stand-in and rolled back, so that neither the answer nor its timing
    reveals whether an account exists (S9, H30).
    """
    with transaction.atomic():
        rate_limits.begin(Kind.LINK_IP, rate_limits.subject_of(ip))
        is_due = _may_send_link(address)
        user = User.objects.with_address(address).filter(is_active=True).first()
        with transaction.atomic():
            _send_link(user or _STAND_IN, href)
            trail.record(None, "link to make a password asked for", user or _STAND_IN, ip=ip)
            transaction.set_rollback(user is None or not is_due)


def make_password(token: str, password: str, *, browser: str | None) -> tuple[User, str]:
    """Uses the link to set a new password. Ends every session and every other link, and lifts the sign-in pause.

    Returns the person and a token for their browser, which is known from now on, since they have shown that the mailbox is
    theirs.
    """
    user = password_links.holder(token)
    if user is None:
        raise RuleBroken(LINK_DEAD)
    passwords.check_new(password, user)
    with transaction.atomic():
        if password_links.spend(token) is None:
            raise RuleBroken(LINK_DEAD)
        _set_password(user, password, keep_browser=None, keep_session=None)
        rate_limits.unlock(rate_limits.subject_of(user.email))
        trail.record(None, "made a new password", user)
        return user, known_browsers.remember(user, browser)


def change_password(
    user: User, *, current: str, new: str, by: Actor, browser: str | None, session_key: str | None
) -> User:
    """Changes one's own password (S18). Every other session ends; this one stays."""
    attempt = rate_limits.begin(Kind.OWN_PASSWORD, rate_limits.subject_of(f"user {user.pk}"))
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
    attempt = rate_limits.begin(Kind.OWN_PASSWORD, rate_limits.subject_of(f"user {user.pk}"))
    if not user.check_password(typed):
        raise RuleBroken("The password is not right", field="password")
    attempt.succeeded()


def send_code(user: User, value: str) -> None:
    """Queues the mail with a sign-in code; raises Paused when too many have been sent."""
    rate_limits.begin(Kind.CODE_MAIL, rate_limits.subject_of(user.email))
    post(user, emails.code(user.name, value))


def begin_code_guess(user: User, *, browser: str) -> rate_limits.Try:
    """Counts a guess at a code for this account, whatever session it comes from; raises Paused after too many."""
    return rate_limits.begin(Kind.CODE, rate_limits.subject_of(user.email), browser=browser)


def code_was_wrong(user: User, guess: rate_limits.Try) -> None:
    """E-mails the person, at most once a day, that codes were guessed until we stopped it: somebody knows their password."""
    if guess.began_pause:
        with transaction.atomic():
            post(user, emails.codes_guessed(user.name), once=f"codes-guessed-{user.pk}-{clock.today()}")
            trail.record(None, "stopped guesses at codes", user)


def password_was_wrong(address: str, attempt: rate_limits.Try, *, ip: str) -> None:
    """Records a wrong password, with the person if there is one. An unknown address is treated the same (H30)."""
    user_id = User.objects.with_address(address).values_list("pk", flat=True).first()
    verb = "sign-in lock began" if attempt.began_pause else "wrong password"
    trail.record(None, verb, AttemptCount(pk=attempt.count_id), user=user_id, ip=ip)


def signed_in(user: User, *, by: Actor | None, ip: str, user_agent: str) -> None:
    trail.record(by, "signed in", user, ip=ip, browser=user_agent[:300])


def signed_out(*, by: Actor) -> None:
    """The person pressed “Sign out”; the page has ended the session."""
    trail.record(by, "signed out", User(pk=by.user_id))


@transaction.atomic
def end_one_session(session_id: int, *, by: Actor) -> bool:
    """Signs one of the person's own browsers out. False when it is not theirs."""
    user = User(pk=by.user_id)
    ended = end_session(user, session_id)
    if ended:
        trail.record(by, "signed another device out", user, session=session_id)
    return ended


@transaction.atomic
def end_other_sessions(*, but: str | None, by: Actor) -> int:
    """Signs the person's other browsers out. Says how many sessions ended."""
    count = end_sessions(by.user_id, except_key=but)
    trail.record(by, "signed the other devices out", User(pk=by.user_id), count=count)
    return count


def open_account(*, name: str, email: str, place: str, href: Href, by: Actor) -> User:
    """Creates an account without a password and e-mails a link to make one (S89). `place` says what the account is for."""
    _require_keeper(by)
    name = _name(name)
    _require_free(email)
    try:
        with transaction.atomic():
            user = User.objects.create_user(email=email, name=name)
            trail.record(by, "account created", user, email=user.email)
            address = href(password_links.make(user))
            post(user, emails.account_made(user.name, by=by.name, place=place, address=address))
    except IntegrityError:  # the same address, sent twice at the same moment
        raise RuleBroken(TAKEN, field="email") from None
    return user


def reset_password(user: User, *, href: Href, by: Actor) -> User:
    """Ends somebody else's password at once and e-mails them a link to make a new one (S92)."""
    _require_keeper(by)
    rate_limits.begin(Kind.RESET_BY_ANOTHER, rate_limits.subject_of(f"user {user.pk}"))
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if not user.is_active:
            raise RuleBroken("This account is deactivated. Reactivate it: that sends a link to make a new password.")
        user.set_unusable_password()
        user.save(update_fields=["password"])
        _shut_out(user)
        trail.record(by, "password reset", user)
        post(user, emails.password_reset(user.name, by=by.name, address=href(password_links.make(user))))
    return user


def change_address(user: User, *, email: str, checked: str, by: Actor) -> User:
    """Changes a person's e-mail address; nobody may change their own (D10). Ends sessions and links and notifies both
    addresses."""
    by.require(Permission.INVITE_LANDLORDS)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        old, new = user.email, pasted.address(email)
        if old == new:
            raise RuleBroken("This is the address that the account has already.", field="email")
        _require_free(new, but=user)
        _set_address(user, new)
        _shut_out(user)
        trail.record(by, "address changed", user, old=old, new=new, checked=checked)
        text = emails.address_changed(user.name, old=old, new=new)
        for address in (old, new):
            post(user, text, to=address)
    return user


def send_email(user: User, text: emails.EmailText) -> None:
    """Sends an e-mail about the account; called by upper packages."""
    post(user, text)


def rights_changed(user: User) -> None:
    """Called by upper packages when a role changes: every session ends, and the new rights begin with a new sign-in (H32)."""
    end_sessions(user.pk)


def deactivate(user: User, *, by: Actor) -> User:
    """Closes the account: sessions, links and waiting uploads end at once. The caller has checked whose account it is."""
    _require_keeper(by)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        user.is_active, user.deactivated_at = False, clock.now()
        user.save(update_fields=["is_active", "deactivated_at"])
        _shut_out(user)
        expire_now(user.pk)
        trail.record(by, "deactivated", user)
    return user


def reactivate(user: User, *, href: Href, by: Actor) -> User:
    """Opens the account again. The old password is gone: the person is mailed a link, as at the first time."""
    _require_keeper(by)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        user.is_active, user.deactivated_at = True, None
        user.set_unusable_password()
        user.save(update_fields=["is_active", "deactivated_at", "password"])
        trail.record(by, "reactivated", user)
        post(user, emails.account_reopened(user.name, by=by.name, address=href(password_links.make(user))))
    return user


def forget_old(now: datetime) -> bool:
    """Forgets what the sign-in no longer needs. Says whether there was any."""
    sessions, counts = forget_old_sessions(now), rate_limits.forget_old_counts(now)
    links, sendings = password_links.forget_old(now), idempotency.forget_old(now)
    return sessions or counts or links or sendings


def _require_keeper(by: Actor) -> None:
    keepers = (Permission.INVITE_LANDLORDS, Permission.LANDLORD_MANAGE_PEOPLE, Permission.MANAGE_SERVICE_PEOPLE)
    if not any(by.may(permission) for permission in keepers):
        raise NotAllowed("Your account does not let you open or close accounts.")


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise RuleBroken("Enter the person’s name.", field="name")
    if NOT_IN_A_NAME & set(name):
        raise RuleBroken("Enter the person’s name only, without an address.", field="name")
    return name


def _require_free(email: str, *, but: User | None = None) -> None:
    holder = User.objects.with_address(email).first()
    if holder is not None and (but is None or holder.pk != but.pk):
        raise RuleBroken(TAKEN, field="email")


def _set_address(user: User, email: str) -> None:
    user.email = email
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
    except IntegrityError:
        raise RuleBroken(TAKEN, field="email") from None


def _shut_out(user: User) -> None:
    """Ends every session and link with which somebody could act as this person."""
    end_sessions(user.pk)
    password_links.end_all(user)
    known_browsers.forget(user)


def _set_password(user: User, password: str, *, keep_browser: str | None, keep_session: str | None) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user.pk, except_key=keep_session)
    password_links.end_all(user)
    known_browsers.forget(user, but=keep_browser)
    post(user, emails.password_changed(user.name))


def _send_link(user: User, href: Href) -> None:
    token = password_links.make(user)
    post(user, emails.link(user.name, href(token)))


def _may_send_link(address: str) -> bool:
    try:
        rate_limits.begin(Kind.LINK_MAIL, rate_limits.subject_of(address))
    except Paused:
        return False
    return True


def post(user: User, text: emails.EmailText, *, once: str = "", to: str = "") -> None:
    """Queues an e-mail to the account."""
    outbox.post(
        to=to or user.email,
        subject=text.subject,
        body=text.body,
        kind=text.kind,
        user_id=user.pk,
        is_secret=text.is_secret,
        once=once,
    )

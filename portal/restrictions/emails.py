"""The e-mails about a restriction, in neutral words. They hold nothing of a case and no reason (S8, S85)."""

from django.conf import settings

from portal.access.levels import Level
from portal.accounts.models import User
from portal.content.words import words
from portal.mail import outbox
from portal.restrictions.models import Restriction


def decision(level: str) -> str:
    """What was decided, as the person reads it on the page and in the mail."""
    return words(f"restriction.{Level(level).value}")


def appeal() -> str:
    """How to ask for another look, and where to write to: what is suggested to whoever restricts."""
    return f"{words('restriction.appeal')}\n\nWrite to: {words('restriction.appeal-address')}"


def policy() -> tuple[str, str]:
    """The name and the address of the policy by which it was decided."""
    return words("name.unacceptable-actions-policy"), words("link.unacceptable-actions-policy")


def imposed(restriction: Restriction, user: User) -> None:
    _post(restriction, user, "about your use of the portal", f"{decision(restriction.level)}\n\n{_why_and_how()}")


def changed(restriction: Restriction, user: User) -> None:
    what = f"We have looked at your use of the portal again.\n\n{decision(restriction.level)}"
    _post(restriction, user, "about your use of the portal", f"{what}\n\n{_why_and_how()}")


def lifted(restriction: Restriction, user: User) -> None:
    what = "What we decided about your use of the portal has ended. You can use the portal as before."
    _post(restriction, user, "you can use the portal as before", what)


def approved(restriction: Restriction, approver: User, *, by_name: str) -> None:
    """To whoever is named as having approved it: two people answer for a restriction, and both know of it."""
    outbox.post(
        to=approver.email,
        subject=f"{settings.SERVICE_NAME}: you are named as the approver of a restriction",
        body=(
            f"Dear {approver.name}\n\n{by_name} has restricted somebody’s use of the portal, or changed the level, "
            "and has named you as the person who approved it.\n\n"
            f"See it at {settings.PORTAL_URL}/casework/restrictions/{restriction.pk}/\n\n"
            f"If you did not approve it, tell {by_name} or the portal team at once.\n\n{settings.SERVICE_NAME}\n"
        ),
        kind="restriction: approver",
        user_id=approver.pk,
    )


def _why_and_how() -> str:
    name, link = policy()
    return (
        f"We decided this under our {name}: {link}\n\n"
        f"Sign in at {settings.PORTAL_URL}/your-access/ to read what it means for you, when we look at it again, "
        "and how you can ask us to look at it sooner."
    )


def _post(restriction: Restriction, user: User, subject: str, text: str) -> None:
    outbox.post(
        to=user.email,
        subject=f"{settings.SERVICE_NAME}: {subject}",
        body=(
            f"Dear {user.name}\n\n{text}\n\n"
            f"Nobody reads replies to this e-mail. If you need help, write to {settings.SUPPORT_ADDRESS}, "
            f"or telephone {words('contact.telephone')}.\n\n{settings.SERVICE_NAME}\n"
        ),
        kind="restriction",
        user_id=user.pk,
        landlord_id=restriction.landlord_id,
    )

"""The words of the mails about signing in: plain, short, no secret in a subject, which a locked phone would show."""

from dataclasses import dataclass

from django.conf import settings

from portal.accounts.lives import CODE_LIFE, LINK_LIFE


@dataclass(frozen=True)
class EmailText:
    kind: str
    subject: str
    body: str
    is_secret: bool = False


def _email(kind: str, subject: str, name: str, *paragraphs: str, is_secret: bool = False) -> EmailText:
    ending = (
        f"The {settings.SERVICE_NAME} team",
        settings.ORGANISATION_NAME,
        f"Nobody reads replies to this e-mail. If you need help, write to {settings.SUPPORT_ADDRESS}.",
    )
    body = "\n\n".join((f"Hello {name},", *paragraphs, "\n".join(ending[:2]), ending[2]))
    return EmailText(kind, subject, body + "\n", is_secret)


def code(name: str, value: str) -> EmailText:
    return _email(
        "sign-in code",
        f"Your verification code for the {settings.SERVICE_NAME}",
        name,
        f"Your verification code is:\n\n{value}",
        f"Type it on the page where you asked for it. It works once, for {CODE_LIFE}.",
        "If you did not ask for a code, somebody else knows your password. "
        "Do not give the code to anybody. Make a new password: choose “Forgot your password?” on the sign-in page.",
        is_secret=True,
    )


def link(name: str, address: str) -> EmailText:
    return _email(
        "password link",
        f"Make your password for the {settings.SERVICE_NAME}",
        name,
        f"Somebody, we hope you, asked to make a new password for your account. Open this page to do it:\n\n{address}",
        f"The link works once, for {LINK_LIFE}. If it has run out, choose “Forgot your password?” on the sign-in page again.",
        "If you did not ask for this, you do not need to do anything. Your account is as it was.",
        is_secret=True,
    )


def password_changed(name: str) -> EmailText:
    return _email(
        "password changed",
        f"Your password for the {settings.SERVICE_NAME} was changed",
        name,
        "The password of your account has just been changed, and all other devices were signed out.",
        "If this was not you, choose “Forgot your password?” on the sign-in page now to make a new one, "
        f"and tell us at {settings.SUPPORT_ADDRESS}.",
    )


_IF_NOT_YOU = (
    "If this was not you, choose “Forgot your password?” on the sign-in page now to make a new password, "
    "and tell us at {}."
)


def factors_changed(name: str, what: str) -> EmailText:
    return _email(
        "second factor changed",
        f"A change to how you sign in to the {settings.SERVICE_NAME}",
        name,
        f"{what} just now, and all your other devices were signed out.",
        _IF_NOT_YOU.format(settings.SUPPORT_ADDRESS),
    )


def recovery_code_used(name: str, left: int) -> EmailText:
    count = {0: "You have none left", 1: "You have 1 left"}.get(left, f"You have {left} left")
    return _email(
        "recovery code used",
        f"A recovery code was used to sign in to the {settings.SERVICE_NAME}",
        name,
        f"Somebody, we hope you, has just signed in to your account with one of your recovery codes. {count}. "
        "You can make new ones under Profile and settings.",
        _IF_NOT_YOU.format(settings.SUPPORT_ADDRESS),
    )


def factors_reset(name: str) -> EmailText:
    return _email(
        "second factors reset",
        f"Your second factors for the {settings.SERVICE_NAME} were reset",
        name,
        "Our portal team was asked to do this by somebody who showed that they are you. Your authenticator app, passkeys "
        "and recovery codes no longer work, and all your devices were signed out.",
        "From now on we send a code to this address when you sign in with your password. "
        "You can set up an app or a passkey again under Profile and settings.",
        f"If you did not ask for this, tell us at once at {settings.SUPPORT_ADDRESS}, and choose "
        "“Forgot your password?” on the sign-in page to make a new password.",
    )


def codes_guessed(name: str) -> EmailText:
    return _email(
        "codes guessed",
        f"Wrong verification codes for your {settings.SERVICE_NAME} account",
        name,
        "Somebody signed in with your password and then typed several wrong verification codes. They did not get in, "
        "and we have stopped further tries for a while.",
        "If this was you, wait a little, or choose “Forgot your password?” on the sign-in page to carry on at once.",
        "If it was not you, somebody knows your password. Please make a new one now, "
        "with “Forgot your password?” on the sign-in page.",
    )


_MAKE_IT = (
    "Open this page to make your own password:\n\n{address}",
    f"The link works once, for {LINK_LIFE}. If it has run out, go to the sign-in page, type this e-mail address and choose "
    "“Forgot your password?”: we send you another.",
)


def account_made(name: str, *, by: str, place: str, address: str) -> EmailText:
    return _email(
        "account made",
        f"Your account for the {settings.SERVICE_NAME}",
        name,
        f"{by} has made an account for you: {place}. Your username is this e-mail address.",
        *(part.format(address=address) for part in _MAKE_IT),
        is_secret=True,
    )


def password_reset(name: str, *, by: str, address: str) -> EmailText:
    return _email(
        "password reset",
        f"Your password for the {settings.SERVICE_NAME} was reset",
        name,
        f"{by} has reset your password. The old one no longer works, and all your devices were signed out.",
        *(part.format(address=address) for part in _MAKE_IT),
        is_secret=True,
    )


def account_reopened(name: str, *, by: str, address: str) -> EmailText:
    return _email(
        "account reactivated",
        f"Your account for the {settings.SERVICE_NAME} is open again",
        name,
        f"{by} has reactivated your account. Your old password no longer works.",
        *(part.format(address=address) for part in _MAKE_IT),
        is_secret=True,
    )


def address_changed(name: str, *, old: str, new: str) -> EmailText:
    return _email(
        "address changed",
        f"The e-mail address of your {settings.SERVICE_NAME} account was changed",
        name,
        f"We have changed the e-mail address of your account from {old} to {new}, after we checked who asked for it.",
        f"From now on you sign in with {new}, and codes and notifications go there. "
        "Your password is the same. All your devices were signed out.",
        f"If you did not ask for this, tell us at once at {settings.SUPPORT_ADDRESS}.",
    )


def main_account_given(name: str, *, landlord: str, former: str) -> EmailText:
    return _email(
        "main account",
        f"You now hold the main account of {landlord}",
        name,
        f"You are now the administrator of {landlord} in the {settings.SERVICE_NAME}, in place of {former}.",
        "We write to you at this e-mail address about the cases, and you look after the other users: "
        "select the person icon, then “Manage your users”.",
        f"If you did not expect this, tell us at {settings.SUPPORT_ADDRESS}.",
    )


def main_account_passed_on(name: str, *, landlord: str, successor: str, stays: bool) -> EmailText:
    return _email(
        "main account",
        f"The main account of {landlord} has a new administrator",
        name,
        f"{successor} is now the administrator of {landlord} in the {settings.SERVICE_NAME}, in your place.",
        "You keep an account and can work on all cases." if stays else "Your own account is closed.",
        f"If you did not expect this, tell us at {settings.SUPPORT_ADDRESS}.",
    )

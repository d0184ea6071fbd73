"""How an invited landlord gets in for the first time, and what a person can change about their own account."""

# ruff: noqa: E501 (a sentence is easier to read and to compare on one line)

from django.conf import settings

from portal.pages.guide import figures
from portal.pages.guide.blocks import Note, Section, Shown, Text, points, steps


def setting_up() -> Section:
    return Section(
        "setting-up-your-account",
        "Accessing the portal and setting up your account",
        sections=(_accessing(), _setting_up(), _app_and_passkey(), _time_out()),
    )


def _accessing() -> Section:
    return Section(
        "accessing-the-portal",
        "Accessing the portal",
        (
            Text(
                "We invite landlords one by one. Please do not try to get into the portal or to set up an account until the portal team "
                "has contacted you."
            ),
            points(
                f"the address of the portal is [{settings.PORTAL_URL}/]({settings.PORTAL_URL}/)",
                "your username is the e-mail address that you gave us when we asked for your set-up information",
                "that address is your administrator account: the main account of your organisation, which we use to communicate with you",
            ),
        ),
    )


def _setting_up() -> Section:
    return Section(
        "first-sign-in",
        "Setting up your account",
        (
            Text("When you log in for the first time:"),
            steps(
                "Enter your username, which is your e-mail address, and select **Forgot your password?** The next page has the address already: "
                "select **Send the link**",
                "You get an e-mail with a link. Open it, make a password that only you know and select **Save the new password**. "
                f"The link works for {figures.password_link_life()} only, and once; ask for another if it has run out",
                "Enter your e-mail address and your new password and select **Sign in**",
                "Select **Send 2FA Verification Code**. We e-mail you a code",
                f"Type the code into **Enter code** within {figures.code_life()} and select **Verify**. You are in",
            ),
            Text(
                "Two Factor Authentication (2FA) keeps cases safe: every time you log in you need a new code, and each code is different. "
                f"After {figures.code_tries()} wrong codes you start again. If the e-mail does not come, look in your junk mail, or select **Send a new code**."
            ),
            Note(
                "Each account’s code goes to its own e-mail address: the administrator’s to the registered administrator address, "
                "a sub account’s to the address of that sub account."
            ),
            Shown("sign-in"),
        ),
    )


def _app_and_passkey() -> Section:
    support = f"[{settings.SUPPORT_ADDRESS}](mailto:{settings.SUPPORT_ADDRESS})"
    return Section(
        "app-or-passkey",
        "An app or a passkey instead of the e-mail",
        (
            Text(
                "If you like, you can use an authenticator app or a passkey in place of the code by e-mail. Select the person icon, "
                "**Profile and settings**, then **Two-factor authentication**. We ask for your password once more."
            ),
            points(
                "**Set up an authenticator app**: it shows a code that you type in when you log in. We then e-mail you none",
                "**Set up a passkey**: your fingerprint, your face or a PIN on your own device. On the log-in page **Sign in with a passkey** "
                "then takes the place of password and code",
                "with the first of them you get recovery codes. Keep them: each signs you in once, with your password, if you lose your phone or device",
                f"if you have lost the recovery codes, too, e-mail {support}. We check who you are and let you in with a code by e-mail again",
            ),
        ),
    )


def _time_out() -> Section:
    return Section(
        "when-you-are-signed-out",
        "When you are signed out",
        (
            Text(
                f"If you do not use the portal for {figures.idle()} you are signed out. Two minutes before, the portal warns you, and you can "
                f"select **Stay signed in**. {figures.in_all()} after you signed in you have to sign in again in any case."
            ),
            Text(
                "The message or reason that you had typed is kept, at its place, and only you see it again once you have signed in. Documents "
                f"that stand in the list but are not uploaded yet wait for {figures.waiting_life()}."
            ),
        ),
    )


def account_management() -> Section:
    support = f"[{settings.SUPPORT_ADDRESS}](mailto:{settings.SUPPORT_ADDRESS})"
    return Section(
        "account-management",
        "Account management",
        (
            points(
                "to look after your password or your account, select the person icon at the top right of the screen. "
                "It opens the **Profile and settings** menu",
                "to change your password, select **Edit password**. Enter the current one and the new one twice. Other devices are signed out",
                "to choose which e-mails you get, select **Notification settings**: see [notification e-mails](#notification-emails)",
                "to see where you are signed in, and to sign out elsewhere, select **Signed-in devices**",
                "the registered administrator address of your account is fixed: you cannot change it",
                f"if it has to change, e-mail {support}. We check who you are, change it for you, and tell both the old and the new address",
            ),
            Shown("profile"),
        ),
    )

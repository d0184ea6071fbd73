"""Sub accounts, technical faults, and where to get the guide as a document."""

# ruff: noqa: E501 (a sentence is easier to read and to compare on one line)

from django.conf import settings

from portal.pages.guide import figures
from portal.pages.guide.blocks import Section, Shown, Text, points, steps


def managing() -> Section:
    return Section("managing-the-portal", "Managing the portal", sections=(_sub_accounts(), _notifications()))


def _sub_accounts() -> Section:
    most = figures.sub_accounts()
    address = f"[{settings.SUPPORT_ADDRESS}](mailto:{settings.SUPPORT_ADDRESS})"
    return Section(
        "sub-accounts",
        "Sub accounts",
        (
            Text(
                f"Besides the administrator account you can have up to {most} sub accounts, so that you decide who in your organisation uses the "
                f"portal. If you need more, write to {address}. A sub account can see and work on all of your cases. Only the administrator creates and manages them."
            ),
            Text("To create a sub account:"),
            steps(
                "Select the person icon at the top right of the screen, then **Create a new user**",
                "Complete the boxes and select **Create account**",
            ),
            Text(
                f"The new user gets an e-mail with a link, which works for {figures.password_link_life()}, and makes their own password. "
                f"A deactivated sub account does not count towards the {most}."
            ),
            Text("To manage the access of a sub account:"),
            steps(
                "Select the person icon, then **Manage your users**",
                "Select the three dots to the right of the user",
                "Select **Reset password** or **Deactivate**. The portal says what will happen and asks you first",
            ),
            points(
                "**Reset password** ends the old password at once, signs the user out and sends them a link for a new one",
                "**Deactivate** signs the user out at once and ends their access. What they did keeps their name. "
                "**Reactivate** gives the access back, with a link for a new password",
            ),
            Shown("users"),
        ),
    )


def _notifications() -> Section:
    return Section(
        "notification-emails",
        "Notification e-mails",
        (
            Text(
                "We send message notification e-mails to the administrator account, to the e-mail address (username) registered on the portal."
            ),
            points(
                "they say on which case something happened and link to it. They hold nothing of the case, and nobody reads replies",
                f"under **Notification settings** the administrator chooses, for each kind of event: {figures.administrators_paces()}. They cannot be switched off",
                "every user can also switch them on for themselves, for each kind of event",
                "a colleague to whom you assign a case or task gets them for it by default",
                f"{figures.sending_hours()}. A reminder that a task is overdue never waits for the e-mail of the day",
                "codes and links for signing in always come at once",
            ),
            Text("Everything that concerns you is also under **Notifications**, whatever you choose here."),
        ),
    )


def support() -> Section:
    return Section("portal-support", "Portal support", sections=(_technical_issues(),))


def _technical_issues() -> Section:
    address = f"[{settings.SUPPORT_ADDRESS}](mailto:{settings.SUPPORT_ADDRESS})"
    it_support = settings.IT_ADDRESS
    return Section(
        "technical-issues",
        "Technical issues",
        (
            Text(
                f"If something technical goes wrong with the portal, [report a fault](route:help:report) in the portal, also when you cannot sign in, or e-mail {address}. Please tell us:"
            ),
            points(
                "which account is affected: the main account, sub accounts or both, with their e-mail addresses",
                "in detail, what happens and what you were doing",
                "what it looks like: attach any screenshots that show the fault",
                "which browser you use, and your IP address. The portal’s form fills in these two for you",
            ),
            Text(
                "Every error page shows a reference. Please give it to us, too: it lets us find what happened. What we know of already stands under "
                "[known issues and service notices](route:help:known_issues)."
            ),
            Text(
                f"If we refer the fault to our IT Support team, you get a ticket number by e-mail from [{it_support}](mailto:{it_support}), "
                "and the team updates you until the fault is resolved. Once you have the ticket number you can write to the IT Support team "
                "directly with questions or news about your report: reply to its e-mail and keep the subject."
            ),
            Text(
                "If you were signed in, **Your reports and questions** under help and support shows what became of your report."
            ),
        ),
    )


def guidance_document() -> Section:
    return Section(
        "guidance-document",
        "Portal guidance document",
        (
            Text(
                "This guide is also a document, with its pictures, to keep or to print: [download the user guide as a PDF](route:guide:pdf)."
            ),
        ),
    )

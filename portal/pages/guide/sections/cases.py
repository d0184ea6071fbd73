"""The main screen, the statuses, the screen of one case with the four teams, and its messages."""

# ruff: noqa: E501 (a sentence is easier to read and to compare on one line)

from portal.pages.guide import figures
from portal.pages.guide.blocks import Section, Shown, Text, points


def cases() -> tuple[Section, ...]:
    return _main_screen(), _case_status(), _case_details(), _messages()


def _main_screen() -> Section:
    return Section(
        "main-screen",
        "Main screen",
        (
            points(
                "when you log in, you arrive on the homepage. It holds all your open cases, and the deadlines of the tasks that belong to them",
                "the menus for cases and tasks filter what you see: **Open cases** or **Closed cases** only, or **My tasks**, the outstanding "
                "tasks assigned to your account. A task is your organisation’s; you can also assign it to one colleague and list only yours",
                "the name of a filter that you applied, such as open or closed cases, stands at the top of the screen",
                "**Filter cases** opens a search menu in which you find cases in different ways: by reference, resident, address, status, managing team, "
                "case owner, deadline, tasks or words in the case. **Save this filter** keeps what you chose under a name, for you alone or shared "
                "with your colleagues",
                "on **Open cases** and **Closed cases** each column heading sorts the list, and selected again turns it round",
                "**Search** at the top of every page looks through all your cases at once: references, residents’ names, addresses, names of files and "
                "words of messages and tasks. A name that is spelt a little differently is found as a close match",
                "closed cases stay readable. Nothing can be added to them but work on orders that are still open, and a request for a review",
            ),
            Text("The options at the top right of the screen let you:"),
            points(
                "open this **User guide**",
                "see your **Notifications**",
                "manage your account, under the person icon",
                "read our **Accessibility statement**",
            ),
            Shown("home"),
        ),
    )


def _case_status() -> Section:
    return Section(
        "case-status",
        "Case status",
        (
            Text(
                "The status tells you what action we are taking on a case. It stands on the open cases and closed cases screens and on the case."
            ),
            Shown("cases"),
            figures.statuses(),
        ),
    )


def _case_details() -> Section:
    return Section(
        "case-details",
        "Case details screen",
        (
            points(
                "select the link of a case, its reference, to open it. Its tabs are **Overview**, **Tasks**, **Documents** and **Messages**. "
                "Once we have determined the case, there is a tab **Determination**, too",
                "the case owner, named on the screen, is the person who manages the case",
                "the tabs take you around the case; on the left-hand side is a list of up to 5 upcoming tasks",
                "at the top of the screen you see which of our teams is managing the case",
                "the overview tells, with dates, what happened on the case. There you can also say which colleague works on it",
            ),
            Shown("case"),
            Text("The teams and what they do:"),
            figures.teams(),
            Text("In mediation we work with you and the resident towards a resolution that both agree to."),
        ),
    )


def _messages() -> Section:
    return Section(
        "messages",
        "Messages",
        (
            points(
                "the **Messages** tab shows what we have written to you about that case",
                "you can reply to a message, more than once, and you always see the whole history of what was exchanged",
                "with **Start a new message** you can also write first, when you have a question about the case; "
                "about a task, use **Send a message about this task** on the page of that task",
                f"what you type is kept for {figures.draft_life()} until you send it. **Draft, not sent** marks it on the case and the task, **Your drafts** "
                "under the person icon lists what waits, and **Discard draft** forgets it. Only you see it",
                "nothing that was sent can be changed or deleted, by you or by us",
                "the paperclip icon attaches a document to your message. If you are answering an information or evidence request, please use "
                "the **Documents** tab instead: see [providing documents and evidence](#providing-documents)",
            ),
            Shown("messages"),
        ),
    )

"""The script of the demonstration video: what is said and what is done, scene by scene.

The recorder plays it, the captions are cut from it, and the transcript on the page is it.
"""

from dataclasses import dataclass

from portal.files.inspection import LIMIT_WORDS

# Comfortable reading of captions, with a moment to look at the screen.
CHARACTERS_PER_SECOND = 13
SHORTEST_SECONDS = 3.0
PAUSE_SECONDS = 0.8


@dataclass(frozen=True)
class Scene:
    """`key` names what the recorder does; `done` says the same to who reads the transcript."""

    key: str
    title: str
    done: str
    captions: tuple[str, ...]

    @property
    def seconds(self) -> float:
        return sum(seconds(caption) for caption in self.captions)


def seconds(caption: str) -> float:
    """How long a caption stands."""
    return max(SHORTEST_SECONDS, len(caption) / CHARACTERS_PER_SECOND) + PAUSE_SECONDS


def planned_seconds() -> float:
    return sum(scene.seconds for scene in SCENES)


SCENES: tuple[Scene, ...] = (
    Scene(
        "welcome",
        "Welcome",
        "A title, then the sign-in page opens.",
        (
            "This is the portal in which landlords and the ombudsman service work on complaints.",
            "Everything that you see is made up: people, landlords and cases.",
            "The video has no sound. These captions say everything.",
        ),
    ),
    Scene(
        "sign-in",
        "Signing in",
        "The e-mail address is typed, Forgot your password? is pointed at, the password is typed, then Sign in is selected.",
        (
            "Your username is the e-mail address that you gave us.",
            "The first time, select “Forgot your password?” and make a password from the link in the e-mail.",
        ),
    ),
    Scene(
        "code",
        "The code",
        "Send 2FA Verification Code is selected, the code from the e-mail is typed, then Verify is selected.",
        (
            "Every time you sign in, you need a new code. Select “Send 2FA Verification Code”.",
            "The code comes by e-mail, to the address of the account that signs in.",
            "Type it and select “Verify”.",
        ),
    ),
    Scene(
        "home",
        "The homepage",
        "The homepage is shown from top to bottom, then the options at the top right one by one.",
        (
            "You arrive on the homepage, with your open cases and the deadlines of your tasks.",
            "At the top right are the user guide, your notifications, the accessibility statement and your account.",
        ),
    ),
    Scene(
        "cases",
        "Open and closed cases",
        "Open cases is selected, then Filter cases. A reference is typed, then Apply filters is selected.",
        (
            "“Open cases” and “Closed cases” list your cases with their status.",
            "The status says what action we are taking. The user guide explains all ten.",
            "Use “Filter cases” to find a case.",
        ),
    ),
    Scene(
        "case",
        "One case",
        "The case that was found is opened. Its status, team and owner are pointed at, then its upcoming tasks.",
        (
            "A case has an overview, tasks, documents and messages.",
            "You see the case owner, the team that is managing the case, and up to 5 upcoming tasks.",
        ),
    ),
    Scene(
        "tasks",
        "Tasks",
        "My tasks is selected, colours are pointed at, then the details of a task are opened.",
        (
            "“My tasks” holds what you have to do, with the deadline of each.",
            "Colour and words say how close a deadline is: new, pending, approaching or overdue.",
            "Select the arrow to see the details of a task.",
        ),
    ),
    Scene(
        "documents",
        "Documents",
        "The Documents tab of the case is selected and two documents are picked.",
        (
            "On the “Documents” tab, select “Browse documents”, or drag files into the box.",
            f"Each document may be up to {LIMIT_WORDS}. Zipped and password protected files are not accepted.",
        ),
    ),
    Scene(
        "upload",
        "Uploading",
        "Each document gets a category, then Upload documents is selected.",
        (
            "Select the category that fits each document best, or set the same category for all.",
            "Select “Upload documents”. They are on the case, and we are notified.",
        ),
    ),
    Scene(
        "complete",
        "Answering a task",
        "The menu with three dots of a task is opened and Task completed is selected. The date is typed and confirmed. "
        "For another task Unable to complete is selected.",
        (
            "When you have done what a task asks, open its menu with the three dots.",
            "Select “Task completed” and tell us the date.",
            "If you cannot do it, select “Unable to complete” and tell us why.",
        ),
    ),
    Scene(
        "messages",
        "Messages",
        "The Messages tab of the case is selected, an exchange is opened, a reply is typed and sent.",
        (
            "“Messages” shows what we have written about the case, and your replies.",
            "You can reply more than once, and start a message yourself.",
        ),
    ),
    Scene(
        "users",
        "Sub accounts",
        "The person icon is selected, then Manage your users, then the three dots of a user.",
        (
            "The administrator can create up to 3 sub accounts for colleagues, under the person icon.",
            "“Manage your users” resets a password or deactivates an account.",
        ),
    ),
    Scene(
        "help",
        "Help",
        "The user guide is opened, then its section Portal support.",
        (
            "The user guide has all of this in writing, also as a PDF.",
            "For a question about a case, send a message on that case. For technical help, e-mail us.",
        ),
    ),
)

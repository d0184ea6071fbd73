"""What the tests of support share: a picture, a fault as Amina would report it, a mail as a mail program sends it."""

from email import policy
from email.message import EmailMessage
from io import BytesIO

from PIL import Image

from portal.lib import clock
from portal.mail import outbox
from portal.support import actions
from portal.support.actions import Fault, Surroundings
from portal.support.models import Ticket
from portal.support.writing import Sent
from tests.cast import Cast
from tests.smtp import Mailbox

WHERE = Surroundings(browser="Firefox on Windows", ip="192.0.2.7", network="192.0.2.7")


def picture(colour: str = "white") -> bytes:
    """Each colour makes another file."""
    made = BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "PNG")
    return made.getvalue()


PICTURE = picture()


def fault(description: str = "The documents tab stays empty.", **other: object) -> Fault:
    given = {"affected": "both", "addresses": "amina@alder.example\nben@alder.example", **other}
    return Fault(description=description, **given)


def reported(cast: Cast, description: str = "The documents tab stays empty.", *, by: str = "amina") -> Ticket:
    """A fault report by somebody of the cast, with a screenshot."""
    return actions.report_fault(
        fault(description, screenshots=(Sent("Empty tab.png", PICTURE),)), by=getattr(cast, by), where=WHERE
    )


def sent_mails(mailbox: Mailbox) -> list[EmailMessage]:
    """Sends what waits in the outbox to the test's mail server; what has arrived there since it was started."""
    while outbox.send_one(clock.now()):
        pass
    return mailbox.mails


def answer_to(mail: EmailMessage, text: str, *, sender: str, message_id: str = "<1@phone.example>") -> EmailMessage:
    """The reply that a mail program makes: the subject with Re:, the mail quoted beneath."""
    reply = EmailMessage(policy=policy.SMTP)
    reply["From"], reply["To"] = sender, str(mail["From"])
    reply["Subject"] = f"Re: {mail['Subject']}"
    reply["Message-ID"], reply["In-Reply-To"] = message_id, str(mail["Message-ID"])
    quoted = "\n".join(f"> {line}" for line in mail.get_content().splitlines())
    reply.set_content(f"{text}\n\nOn Mon, 23 Nov 2026 at 10:00, the portal wrote:\n{quoted}\n")
    return reply

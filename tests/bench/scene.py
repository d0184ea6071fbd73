"""The records whose own pages are measured: a worked-on case of Alder's, made by the portal's actions."""

from portal.lib import clock
from portal.messaging import actions as messaging
from portal.notifications.fan_out import fan_out_one
from tests import cast as the_cast
from tests.indexed import indexed
from tests.pages.casework_scene import letter, upload
from tests.pages.landlord_rows import task_on

EXCHANGE, REPLIED_TO, TASK = "Access to the flat", "Keys to the flat", "Send the repair log"


def scene(cast: the_cast.Cast) -> None:
    """A thread of 20 messages, 30 short ones, a task, 16 documents; everybody told, everything indexed."""
    case = cast.case
    task_on(cast, case, title=TASK, due_on=the_cast.in_days(10))
    thread = messaging.start_thread(case, subject=EXCHANGE, body="When may the contractor come?", by=cast.dev)
    for number in range(19):
        words = f"Message {number}. The contractor comes at ten on Monday and needs a key."
        messaging.reply(thread, body=words, by=cast.amina if number % 2 else cast.dev)
    messaging.start_thread(case, subject=REPLIED_TO, body="Who has the keys?", by=cast.dev)
    for number in range(30):
        messaging.start_thread(case, subject=f"Question {number}", body="Is there an answer?", by=cast.amina)
    for number in range(12):
        letter(case, cast.dev, f"letter {number}.pdf")
    for number in range(4):
        upload(case, cast.amina, f"log {number}.pdf")
    while fan_out_one(clock.now()):
        pass
    indexed()

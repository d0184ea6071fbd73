"""What a landlord does about a determination: orders, recommendations, and the request for a review (S39-S41, S65)."""

# ruff: noqa: E501 (a sentence is easier to read and to compare on one line)

from portal.cases.statuses import Status
from portal.pages.guide import figures
from portal.pages.guide.blocks import Block, Section, Text, steps
from portal.tasks.models import TaskKind


def determinations() -> Section:
    return Section("determinations", "Determination, compliance and review", (*_reading(), *_complying(), *_review()))


def _reading() -> tuple[Block, ...]:
    return (
        Text(
            "When we have determined a case, its **Determination** tab holds what we found on each complaint, our orders and our "
            "recommendations, and the letter to you, which is also among the documents. "
            f"With an order or a recommendation the status is “{Status.DETERMINED_AWAITING_ACTION.label}”, with none it is “{Status.DETERMINED.label}”."
        ),
    )


def _complying() -> tuple[Block, ...]:
    return (
        Text(
            f"Orders and recommendations come with a task, “{TaskKind.CONFIRM_COMPLIANCE.label}”. Evidence is due by the date of each order. "
            "The deadline of the task is the first of these dates; when you have confirmed that order, it moves on to the next. This is how you comply:"
        ),
        steps(
            "Upload the evidence on the **Documents** tab",
            "On the task, or on the **Determination** tab, select **Confirm** beside an order. Say what you did, when, whether it is all or part of "
            "the order, choose the documents that show it and select **Confirm compliance**",
            "Tell us for each recommendation whether you accept it, and select **Send feedback**. Recommendations do not bind you",
            "When you have confirmed every order, select **Task completed**. We accept each order, or return it with a reason. The task ends when we have "
            "accepted every order. Recommendations can be answered later, as long as the case is open; where the determination makes recommendations alone, "
            "answer each of them before you select **Task completed**",
        ),
    )


def _review() -> tuple[Block, ...]:
    return (
        Text(
            f"You can ask for a review within {figures.review_days()} of the day on which we issued the determination, also when the case is closed, if you "
            "have new evidence or challenge the facts that we relied on. Select **Ask for a review** on the **Determination** tab. Later we take a "
            "request on only if there is a good reason for the delay: say it there. Our orders stand while we review the determination."
        ),
    )

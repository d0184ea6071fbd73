"""What the portal is for, where to find help, and how people must treat each other in it."""

# ruff: noqa: E501 (a sentence is easier to read and to compare on one line)

from django.conf import settings

from portal.content.words import words
from portal.pages.guide.blocks import Note, Section, Text, points


def introduction() -> Section:
    support = f"[{settings.SUPPORT_ADDRESS}](mailto:{settings.SUPPORT_ADDRESS})"
    return Section(
        "introduction-and-support",
        "Introduction and support",
        (
            Text(
                "The portal is where you and we work on complaints. It gives you the records of your cases, shows the status of each complaint "
                "that we are considering, and sets out what we need from you for our assessment as tasks that you complete."
            ),
            Note("Use the portal, and only the portal, to communicate with us about cases."),
            Text(
                "We know that this is a shift from the way you were used to working with us, so there is support for landlords while you make "
                "the change. Our e-mails only tell you that something has happened and link into the portal. They hold nothing of the case, and "
                "nobody reads replies to them."
            ),
            Text("Look in this guide first. After that:"),
            points(
                f"for technical help, for example when you cannot get into the portal or you see an error message, e-mail {support}. "
                "See [technical issues](#technical-issues) for what to write",
                "for a question about a case, send a message in the portal, on the record of that case or on its task. See [messages](#messages)",
                "[watch our demonstration video](route:guide:video)",
                "for everything else about the portal, use **Chat to us** under [help and support](route:help:help); "
                "[contact us](route:guide:contact) lists every way to reach us",
            ),
        ),
    )


def acceptable_use() -> Section:
    return Section("acceptable-use", "Acceptable use of the portal", acceptable_use_blocks())


def acceptable_use_blocks() -> tuple[Text, ...]:
    """Also the whole of the acceptable use page (S7)."""
    policy = f"[{words('name.unacceptable-actions-policy')}]({words('link.unacceptable-actions-policy')})"
    return (
        Text(
            "Our service is independent, impartial and free. Everybody who uses it has a right to be heard, understood and respected."
        ),
        Text("We work hard to be open and accessible to everyone."),
        Text(
            "Now and then, what a person does makes it very difficult for us to deal with their complaint. In a small number of cases "
            "it becomes unacceptable, because it abuses our staff or our process."
        ),
        Text(
            "When that happens we have to act. Our staff have a right to do their jobs without fear of abuse or harassment, "
            "and we protect their health and wellbeing."
        ),
        Text("We also think about what the behaviour does to our work and to the service that we give to others."),
        Text(
            "We may restrict a person’s access to the portal when their behaviour becomes aggressive, abusive or otherwise unreasonable, "
            f"as our {policy} sets out. That may be a warning to read first, no messages, reading only, or no access at all. "
            "The portal tells the person what applies, since when and how to ask us to look at it again. Other users of the same "
            "organisation go on as before."
        ),
    )

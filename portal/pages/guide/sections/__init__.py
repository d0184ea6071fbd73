"""The user guide: seven sections in the order in which a landlord needs them. The words are ours; labels are the screen's."""

from portal.pages.guide.blocks import Section
from portal.pages.guide.sections.cases import cases
from portal.pages.guide.sections.determinations import determinations
from portal.pages.guide.sections.documents import documents
from portal.pages.guide.sections.introduction import acceptable_use, introduction
from portal.pages.guide.sections.setting_up import account_management, setting_up
from portal.pages.guide.sections.support import guidance_document, managing, support
from portal.pages.guide.sections.tasks import tasks


def sections() -> tuple[Section, ...]:
    """The guide as it stands today, with the words that the portal team may have changed."""
    return (introduction(), acceptable_use(), setting_up(), using(), managing(), support(), guidance_document())


def using() -> Section:
    parts = (account_management(), *cases(), tasks(), documents(), determinations())
    return Section("using-the-portal", "Using the portal", sections=parts)

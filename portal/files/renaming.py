"""Which name a person may give to a file that was sent (S83): any, with the ending that it was sent with."""

from portal.files.inspection import kinds
from portal.files.names import clean_name, extension_of, is_nameless
from portal.lib.errors import RuleBroken

_ENDINGS = {
    *kinds.ACCEPTED_EXTENSIONS,
    *kinds.COMPRESSED_EXTENSIONS,
    *kinds.OPEN_DOCUMENT_EXTENSIONS,
    *kinds.PROGRAM_EXTENSIONS,
    *kinds.WEB_PAGE_EXTENSIONS,
    *kinds.MACRO_EXTENSIONS,
}


def parts_of(name: str) -> tuple[str, str]:
    """What a person may change of the name, and the ending that stays: ("Repair log", ".pdf")."""
    stem, dot, ending = name.rpartition(".")
    return (stem, dot + ending) if stem else (name, "")


def renamed(sent: str, wanted: str) -> str:
    """The cleaned name for a file that was sent as `sent`. The ending may be left out; another one is refused."""
    stem, ending = parts_of(sent)
    if wanted in {sent, stem}:
        return sent
    if is_nameless(wanted):
        raise RuleBroken(f"Enter a new name for {sent}.")
    name = clean_name(wanted)
    given = extension_of(name)
    if given == extension_of(sent):
        return name
    if given in _ENDINGS:
        raise RuleBroken(f"The new name of {sent} must end in {ending}, as the document does. Leave out .{given}.")
    return clean_name(f"{name}{ending}")

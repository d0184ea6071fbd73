"""What people copy from elsewhere, brought into one form: addresses, codes, references, dates, numbers, passwords. Pure.

Whatever takes such a thing (a field, a filter, an import) calls the function named after it: one thing, however it was
copied, ends as one thing, and two different things never become one.
"""

import re
import unicodedata

# Drawn as nothing, or turning the direction of what follows. Joiners and tags stay: emoji and many scripts need them.
INVISIBLE = frozenset(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062"
    "\u2063\u2064\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\ufeff\ufff9\ufffa\ufffb"
)
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_OTHER_SIGNS = frozenset({"<super", "<sub", "<circle", "<fraction", "<square"})
_AROUND_AN_ADDRESS = " \t\n\"'“”‘’«»<>()[]{},;:"
_IN_BRACKETS = re.compile(r"<([^<>]*@[^<>]*)>")
_LABEL_OF_A_REFERENCE = re.compile(r"\b(?:our|your|case|complaint|reference|ref|number|no|nr|id)\b", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:([,'’ ])\d{3})(?:\1\d{3})*")


def visible(text: str) -> str:
    """Without what nobody sees. What ends a line, or controls a printer, becomes a line end."""
    lines = LINE_ENDS.sub("\n", text)
    return "".join(one for one in lines if one in "\n\t" or _is_visible(one))


def _is_visible(one: str) -> bool:
    return one not in INVISIBLE and unicodedata.category(one) not in {"Cc", "Cs"}


def _plain(text: str) -> str:
    """On one line, with wide and small forms of letters and digits as ordinary ones, and without joiners."""
    shown = unicodedata.normalize("NFC", "".join(_ordinary_form(one) for one in visible(text)))
    return " ".join("".join(one for one in shown if unicodedata.category(one) != "Cf").split())


def _ordinary_form(one: str) -> str:
    """The same sign in its usual form. A raised or circled digit is another sign: 5² is not 52."""
    form = unicodedata.decomposition(one).partition(">")[0]
    return one if form in _OTHER_SIGNS else unicodedata.normalize("NFKC", one)


def address(text: str) -> str:
    """An e-mail address: from “Name <a@b.example>”, “mailto:a@b.example?subject=x”, “a@b.example;”. Its domain is in
    small letters and as people read it; before the @ capitals are kept, as a mail server may tell them apart."""
    plain = _plain(text)
    if inside := _IN_BRACKETS.search(plain):
        plain = inside.group(1)
    plain = plain.strip(_AROUND_AN_ADDRESS)
    if plain.lower().startswith("mailto:"):
        plain = plain[len("mailto:") :].partition("?")[0]
    plain = plain.strip(_AROUND_AN_ADDRESS).rstrip(".")
    name, at, domain = plain.rpartition("@")
    return f"{name.strip()}{at}{_domain(domain.strip())}" if at else plain


def _domain(domain: str) -> str:
    return ".".join(_label(label) for label in domain.replace("。", ".").lower().split("."))


def _label(label: str) -> str:
    """A part of a domain as people read it. Python's "idna" codec would make “straße” and “strasse”, two domains, one."""
    if not label.startswith("xn--"):
        return label
    try:
        read = label.removeprefix("xn--").encode().decode("punycode")
    except UnicodeError:
        return label
    is_sound = (
        not read.isascii() and read == _plain(read).lower() and f"xn--{read.encode('punycode').decode()}" == label
    )
    return read if is_sound else label


def part_of_address(text: str) -> str:
    """For a filter that takes all or part of an address."""
    return address(text) if "@" in text else _plain(text)


def code(text: str) -> str:
    """A code from an e-mail, an app or a list, without what stands between its characters."""
    return "".join(one for one in _plain(text).lower() if one.isalnum())


def reference(text: str) -> str:
    """A case reference or a part of one: from “Case 2026-01234”, “#202601234”. Other text stays, so that it finds nothing."""
    plain = _plain(text)
    without_label = _LABEL_OF_A_REFERENCE.sub(" ", plain) if any(one.isdigit() for one in plain) else plain
    return "".join(one for one in without_label if one.isalnum()) or plain


def number(text: str) -> str:
    """A whole number without its thousands separators: from “1,234” and “1 234”. Other text stays as it is."""
    plain = _plain(text)
    return re.sub(r"\D", "", plain) if _GROUPED.fullmatch(plain) else plain


def date_part(text: str) -> str:
    """A day, month or year: from “27th”, “Nov.”, “ 2026”."""
    plain = _plain(text).strip(" .,/-")
    return re.sub(r"^(\d{1,2})(?:st|nd|rd|th)$", r"\1", plain, flags=re.IGNORECASE)


def password(text: str) -> str:
    """A password without what nobody sees, and with each accent as one character: some keyboards send it as two."""
    return unicodedata.normalize("NFC", "".join(one for one in text if one not in INVISIBLE)).strip("\r\n")

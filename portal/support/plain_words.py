"""Extracts what a person wrote in an e-mail: the text of its HTML, without the e-mail that it answers.

Every pattern here is linear in the text. The standard library's HTML parser is not (100 kB of “<script>” took five minutes), so
one simple rule separates tags from text. The result is always shown escaped.
"""

import re
from html import unescape

LIMIT = 100_000  # characters that are looked at
_UNSEEN = {"script", "style", "head", "title", "template"}
_BREAKS = {"br", "p", "div", "tr", "li", "h1", "h2", "h3"}
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,15})[^<>]*>|<![^<>]*>")
_INTRODUCED = re.compile(r"^On [^\n]{5,200}(?:\n[^\n]{0,120})?\bwrote:[ \t]*\n\s*(?=>)", re.MULTILINE)
# From such a line on nothing is the writer's own: the way of Outlook, which marks no single line as quoted.
_FOREIGN = re.compile(
    r"^(?:-{2,8}[ \t]*Original Message|_{20,80}[ \t]*$|From:[^\n]+\n(?:Sent|Date):)", re.IGNORECASE | re.MULTILINE
)
_FORWARDED = re.compile(r"^(?:-{2,12}[ \t]*Forwarded message|Begin forwarded message:)", re.IGNORECASE | re.MULTILINE)


def own_words(text: str, *, is_forward: bool = False) -> str:
    """Without quoted lines, what introduces them, and a mail that hangs below. All of it when nothing would be left, and
    all of a mail that passes another one on."""
    if is_forward or _FORWARDED.search(text):
        return text.strip()
    introduced = _INTRODUCED.sub("", text)
    bare = "\n".join(line for line in introduced.split("\n") if not line.startswith(">"))
    foreign = _FOREIGN.search(bare)
    own = bare[: foreign.start()] if foreign else bare
    return re.sub(r"\n{3,}", "\n\n", own).strip() or text.strip()


def words_of(html: str) -> str:
    words: list[str] = []
    unseen, done = 0, 0
    html = html[:LIMIT]
    for found in _TAG.finditer(html):
        if not unseen:
            words.append(html[done : found.start()])
        done, name = found.end(), (found[2] or "").lower()
        if name in _UNSEEN:
            unseen = max(unseen - 1, 0) if found[1] else unseen + 1
        elif name in _BREAKS and not unseen:
            words.append("\n")
    words.append("" if unseen else html[done:])
    return re.sub(r"\n{3,}", "\n\n", unescape("".join(words)).replace("\xa0", " ")).strip()

"""How two texts compare: capitals, accents and apostrophes do not count. Pure."""

import re
import unicodedata

APOSTROPHES = "'’‘ʼ`´"
_ACCENTS = re.compile("[\u0300-\u036f\ufe00-\ufe0f\u200d]")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "þ": "th", "æ": "ae", "œ": "oe"})
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_ASCII_WORD = re.compile("[a-z0-9]+")
_SPACELESS = ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0x20000, 0x3FFFF))  # scripts that put no space between words


class _Parted(dict[int, str]):
    """What becomes of a character: kept, set apart as a word of its own, or a space. Looked up once for each."""

    def __missing__(self, code: int) -> str:
        one = chr(code)
        category = unicodedata.category(one)
        if category == "So" or any(first <= code <= last for first, last in _SPACELESS):
            kept = f" {one} "
        else:
            kept = one if category[0] in "LNM" else " "
        self[code] = kept
        return kept


_PARTED = _Parted()


def fold(text: str) -> str:
    """The text as it is compared: Siân is sian, ŁÓDŹ is lodz."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return _ACCENTS.sub("", plain)


def split(folded: str) -> list[str]:
    """The words of a folded text, cut at everything that is no letter, digit, mark or picture."""
    return _ASCII_WORD.findall(folded) if folded.isascii() else folded.translate(_PARTED).split()


def plain_words(folded: str) -> list[str]:
    """The words with nothing in place of apostrophes, as people type them."""
    return split(_APOSTROPHE.sub("", folded))


def sort_key(text: str) -> str:
    """What a text sorts by when its letters are compared one by one: Élodie is elodie, O’Brien is obrien."""
    return " ".join(plain_words(fold(text)))

"""Which words are near a misspelt one: one slip of the fingers away, or sounding the same. Pure.

A slip is a letter too many, missing, wrong, or changed places with its neighbour. The neighbours of a word are worked
out and looked up in the landlord's own words, so that nothing but an ordinary index is needed.
"""

import string

import jellyfish

from portal.lib.references import is_case_reference

SHORTEST = 4  # letters; shorter words have too many neighbours
LONGEST = 30
SHORTEST_SOUND = 2
ALIKE = 0.75  # by Jaro and Winkler's measure: Steven and Stephen 0.89, Catherine and Kathryn 0.76, leak and luke 0.67


def has_neighbours(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


def neighbours(word: str) -> set[str]:
    """Every word one slip away, the word itself included."""
    return {slip for slip in _slips(word, string.ascii_lowercase) if _is_likely(word, slip)}


def _is_likely(word: str, slip: str) -> bool:
    """Of four letters a wrong one makes another word (scan, Seán), and so does another beginning (rent, Brent)."""
    if min(len(word), len(slip)) > SHORTEST:
        return True
    return word[0] == slip[0] and (len(word) != len(slip) or sorted(word) == sorted(slip))


def sound(word: str) -> str:
    """How an English word sounds, or nothing: Stephen and Steven are STFN."""
    key = jellyfish.metaphone(word) if word.isascii() and has_neighbours(word) else ""
    return key if len(key) >= SHORTEST_SOUND else ""


def sounds_like(word: str, other: str) -> bool:
    return sound(word) == sound(other) != "" and jellyfish.jaro_winkler_similarity(word, other) >= ALIKE


def neighbouring_references(digits: str) -> set[str]:
    """The case references one slip away from eight to ten digits."""
    if not (digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 10):
        return set()
    return {slip for slip in _slips(digits, string.digits) if is_case_reference(slip)}


def _slips(word: str, alphabet: str) -> set[str]:
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    missing = {a + b[1:] for a, b in cuts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    wrong = {a + letter + b[1:] for a, b in cuts if b for letter in alphabet}
    added = {a + letter + b for a, b in cuts for letter in alphabet}
    return {word} | missing | swapped | wrong | added

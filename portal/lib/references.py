"""Case references: nine digits, a four-digit year and a five-digit serial, such as 202009340."""

import re

OLDEST_YEAR = 1990
_REFERENCE = re.compile(r"(19|20)\d{7}")


def is_case_reference(text: str) -> bool:
    """Whether the text is a case reference and nothing else."""
    return text.isascii() and _REFERENCE.fullmatch(text) is not None


def has_plausible_year(reference: str, *, this_year: int) -> bool:
    """Whether the year of a reference can be one in which a case began; next year's are given out in advance."""
    return OLDEST_YEAR <= int(reference[:4]) <= this_year + 1

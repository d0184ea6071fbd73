"""A day in words, and how far ahead one may be chosen."""

from datetime import date

YEARS_AHEAD = 3  # whoever types a later year has mistyped it


def day_in_words(day: date) -> str:
    """23 November 2026."""
    return f"{day.day} {day:%B %Y}"


def is_too_far(day: date, today: date) -> bool:
    return day.year > today.year + YEARS_AHEAD

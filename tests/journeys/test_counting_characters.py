"""The count below a text area is the server's own, with whatever is typed or pasted; without scripts the limit stands there."""

import pytest
from playwright.sync_api import expect

from portal.lib.pasted import INVISIBLE
from portal.lib.typed import tidied
from portal.support.writing import TEXT_LIMIT
from tests.journeys.conftest import NewPerson

pytestmark = pytest.mark.once(on="postgresql")

TYPE = "(area, text) => { area.value = text; area.dispatchEvent(new Event('input')); }"
COUNTED = "() => document.querySelector('.govuk-character-count__status').textContent"
TYPED = (
    "plain words",
    "👍🏽 and 👨‍👩‍👧‍👦 and 🇬🇧",
    "e\u0301le\u0300ve, not élève",
    "one\r\ntwo\rthree\n\nfour",
    "soft\x0bbreak\x0cand\x85and\u2028and\u2029end",
    "".join(INVISIBLE) + "seen",
    "\x07bell\x1bescape\x7f",
    "\u3000 spaces around \u00a0\t\n",
    "नमस्ते",
    "",
    "\U0001f4a5" * TEXT_LIMIT,
    "x" * (TEXT_LIMIT + 1),
)


def test_the_count_is_the_servers(person: NewPerson) -> None:
    nobody = person("")
    nobody.goto("/help/report/")
    page = nobody.page
    area = page.locator("textarea.govuk-js-character-count")
    for text in TYPED:
        area.evaluate(TYPE, text)
        left = TEXT_LIMIT - len(tidied(text))
        word = "character" if abs(left) == 1 else "characters"
        wanted = f"You have {abs(left):,} {word} {'too many' if left < 0 else 'remaining'}"
        assert page.evaluate(COUNTED) == wanted, text[:40]


def test_without_scripts_the_limit_stands_below_the_field(person: NewPerson) -> None:
    nobody = person("", javascript=False)
    nobody.goto("/help/report/")
    expect(nobody.page.get_by_text(f"You can enter up to {TEXT_LIMIT:,} characters")).to_be_visible()

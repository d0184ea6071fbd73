"""What a picture of the guide shows, as words: the headings and controls of its page, without what is only data.

Noted when the pictures are taken, from the tests' cast on a fixed day, and compared by a test in the same way: so a
picture is stale exactly when the page has changed. `python -m tests.guide_digest` prints the digests as JSON.
"""

import json
import re
from datetime import UTC, datetime

from bs4 import BeautifulSoup, Tag

HEADINGS = "h1, h2, h3, legend, th"
CONTROLS = "main button, main label, main summary, main [role=button], nav a, header a, .portal-menu__item"
# Rows of lists are data: one more case must not make the picture stale.
ROWS = "tbody, .portal-task, .moj-timeline, .moj-message-list, .portal-upload-list, .portal-pages"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATES = re.compile(rf"\b(?:{_MONTHS})\b|\d+")


def digest(html: str) -> dict[str, list[str]]:
    """Headings and controls in their order; numbers and months become #, and each wording stands once."""
    soup = BeautifulSoup(html, "html5lib")
    for row in soup.select(ROWS):
        row.decompose()
    return {"headings": _words(soup.select(HEADINGS)), "controls": _words(soup.select(CONTROLS))}


def _words(tags: list[Tag]) -> list[str]:
    read = (_DATES.sub("#", " ".join(tag.get_text(" ").split())) for tag in tags)
    return [*dict.fromkeys(words for words in read if words)]


def first_case(html: str) -> str:
    """The reference of the first case that a page links to."""
    found = re.search(r'href="/cases/(\d+)/', html)
    assert found, "the page links to no case"
    return found.group(1)


def digests() -> dict[str, dict[str, list[str]]]:
    """slug -> digest of every pictured page that there is, on an empty database."""
    from django.test import Client

    from portal.lib import clock
    from portal.pages.guide.pictures import PICTURED
    from tests import cast as the_cast
    from tests import world
    from tests.signing_in import sign_in

    with clock.moved_to(datetime(2026, 11, 23, 10, 0, tzinfo=UTC)):
        cast = the_cast.build()
        world.build(cast, is_determined=False)  # the guide pictures a case that is not determined yet
        found = {}
        for one in PICTURED:
            client = Client()
            if one.who != "nobody":
                sign_in(client, cast.users["amina"])
            answer = client.get(one.address.replace("{case}", cast.case.reference))
            if answer.status_code == 200:
                found[one.slug] = digest(answer.content.decode())
        return found


if __name__ == "__main__":
    import tests.outside_pytest  # noqa: F401 - first

    print(json.dumps(digests()))

"""What a picture of the guide shows, as words: the headings and controls of its page, without what is only data.

Noted when the pictures are taken, from the tests' cast on a fixed day, and compared by a test in the same way: so a
picture is stale exactly when the page has changed. `python -m tests.guide_digest` prints the digests as JSON.
"""

import json
import re
from collections import Counter
from collections.abc import Callable

from bs4 import BeautifulSoup, Tag

from portal.lib import clock
from portal.pages.guide.pictures import PICTURED
from tests.guide_clock import MOMENT

HEADINGS = "h1, h2, h3, legend, th, dt"
CONTROLS = "main button, main label, main summary, main a, main [role=button], nav a, header a"
MENUS = ".portal-menu__item"  # in rows, too: the same for each of them
# Rows of lists are data: one more case must not make the picture stale.
ROWS = (
    "tbody, .portal-task, .portal-upcoming, .portal-threads, .portal-notices, .moj-timeline, .moj-message-list, "
    ".portal-upload-list, .portal-pages"
)
# What stands for a thing in a pictured address: the page that links to it, and how such a link looks.
FOUND = {
    "task": ("/tasks/?kind=respond-to-request", r'href="/tasks/(\d+)/'),
    "thread": ("/cases/{case}/messages/", r'href="/cases/\d+/messages/(\d+)/'),
    "case": ("/tasks/", r'href="/cases/(\d+)/'),
}
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATES = re.compile(rf"\b(?:{_MONTHS})\b|\d+")


def digest(html: str) -> dict[str, list[str]]:
    """Headings and controls in their order; numbers and months become #, and each wording stands once."""
    soup = BeautifulSoup(html, "html5lib")
    menus = _words(soup.select(MENUS))
    for row in soup.select(ROWS):
        row.decompose()
    controls = [*_words(soup.select(CONTROLS)), *menus]
    return {"headings": _words(soup.select(HEADINGS)), "controls": [*dict.fromkeys(controls)]}


def _words(tags: list[Tag]) -> list[str]:
    read = (_DATES.sub("#", " ".join(tag.get_text(" ").split())) for tag in tags)
    return [*dict.fromkeys(words for words in read if words)]


def filled_in(address: str, read: Callable[[str], str]) -> str:
    """The address with the thing that its page links to most often, the first of several; `read` fetches a page."""
    for name, (path, link) in FOUND.items():
        if f"{{{name}}}" in address:
            listing = filled_in(path, read)
            found = Counter(re.findall(link, read(listing)))
            assert found, f"{listing} links to no {name}"
            address = address.replace(f"{{{name}}}", found.most_common(1)[0][0])
    return address


def digests() -> dict[str, dict[str, list[str]]]:
    """slug -> digest of every pictured page, on an empty database."""
    from django.test import Client

    from portal.drafts.models import Draft
    from tests import cast as the_cast
    from tests import world
    from tests.signing_in import sign_in

    with clock.moved_to(MOMENT):
        cast = the_cast.build()
        world.build(cast, is_determined=False)  # the guide pictures a case that is not determined yet,
        Draft.objects.all().delete()  # and people who have sent what they typed
        found = {}
        for one in PICTURED:
            client = Client()
            if one.who != "nobody":
                sign_in(client, cast.users["amina"])
            address = filled_in(one.address, lambda path, client=client: client.get(path).content.decode())
            answer = client.get(address)
            assert answer.status_code == 200, f"{one.slug}: {address} answers {answer.status_code}"
            found[one.slug] = digest(answer.content.decode())
        return found


if __name__ == "__main__":
    import tests.outside_pytest  # noqa: F401 - first

    print(json.dumps(digests()))

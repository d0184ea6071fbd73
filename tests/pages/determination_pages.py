"""What the tests of a determination's pages share: its addresses, and pressing a button on a page just opened."""

from django.test import Client

from portal.cases.models import Case
from tests.cast import Cast
from tests.well_formed import check

OURS, THEIRS = "/casework/cases/202601234", "/cases/202601234"
TAB = "/determination/"
ORDER = {"kind": "repairs", "words": "Mend the roof."}


def text(page) -> str:
    return " ".join(page.get_text(" ").split())


def fresh(cast: Cast) -> Case:
    return Case.objects.get(pk=cast.case.pk)


def posted(client: Client, address: str, given: dict | None = None):
    return check(client.post(address, given or {}, follow=True))


def pressed(client: Client, address: str, given: dict | None = None):
    """As somebody does who has just opened the page."""
    return posted(client, address, (given or {}) | {"shown": shown(client, address)})


def shown(client: Client, address: str) -> str:
    return check(client.get(address)).select_one("main input[name=shown]")["value"]


def removal(client: Client, address: str) -> dict:
    """What the button on the tab sends that removes a row."""
    return {"shown": check(client.get(OURS + TAB)).select_one(f"form[action='{address}'] input[name=shown]")["value"]}

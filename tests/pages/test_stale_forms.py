"""Two people open one form and save one after the other, or one person sends a form, goes back and sends it again: the second
time is refused once, with everything typed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model

from portal.access.levels import Level
from portal.content import actions as content
from portal.content.models import Category, Wording
from portal.determinations import orders
from portal.determinations.models import Order
from portal.documents.models import Document
from portal.landlords import main_account, sub_accounts
from portal.landlords.models import Landlord, Membership
from portal.lib import clock
from portal.pages.shared.password_links import password_href
from portal.restrictions import actions as restrictions
from portal.restrictions.models import Restriction
from portal.support import notices
from portal.support.models import Notice, Ticket
from portal.tasks.models import Task
from portal.teams import actions as teams
from portal.teams.models import StaffMember
from tests import determination_scene as scene
from tests.cast import Cast, in_days
from tests.conftest import Browser
from tests.rules import made_documents as made
from tests.sent_files import sent
from tests.well_formed import check

WORD = "contact.opening-hours"
REVIEW_ON = in_days(60)


@dataclass(frozen=True)
class Replacing:
    """A form that replaces something: where it is, what a colleague changes meanwhile, what is typed, and what must stay."""

    address: str
    changes: Callable[[], object]
    typed: dict[str, Any]
    stays: Callable[[], object]
    thing: str
    who: str = "gwen"


def _values(model: type[Model], pk: int) -> Callable[[], object]:
    return lambda: model._default_manager.filter(pk=pk).values().get()


def _words(cast: Cast) -> Replacing:
    return Replacing(
        f"/casework/content/words/{WORD}/",
        lambda: content.change_words(WORD, text="Monday to Friday", by=cast.actors["gwen"]),
        {"text": "Weekends only"},
        lambda: Wording.objects.get(key=WORD).text,
        "text",
    )


def _category(cast: Cast) -> Replacing:
    added = content.add_category(label="Surveys", by=cast.actors["gwen"])
    return Replacing(
        f"/casework/content/categories/{added.code}/",
        lambda: content.rename_category(added.code, label="Damp surveys", by=cast.actors["gwen"]),
        {"label": "Roof surveys"},
        _values(Category, added.pk),
        "category",
    )


def _notice(cast: Cast) -> Replacing:
    given = {"kind": "known-issue", "starts_at": None, "ends_at": None, "is_banner": False, "by": cast.actors["gwen"]}
    notice = notices.put_up(text="Search is slow.", **given)
    return Replacing(
        f"/casework/support/notices/{notice.pk}/",
        lambda: notices.change(notice.pk, text="Search is mended.", **given),
        {"kind": "known-issue", "text": "Search is down."},
        _values(Notice, notice.pk),
        "notice",
    )


def _restriction(step: str, typed: dict[str, Any]) -> Callable[[Cast], Replacing]:
    def build(cast: Cast) -> Replacing:
        found = Restriction.objects.get()
        given = {
            "reason": "A milder one will do.",
            "approver_id": cast.actors["farid"].user_id,
            "review_on": in_days(30),
        }
        return Replacing(
            f"/casework/restrictions/{found.pk}/{step}/",
            lambda: restrictions.change_level(found.pk, level=Level.WARN, by=cast.actors["gwen"], **given),
            {
                "reason": "I looked again.",
                "approver": str(cast.actors["farid"].user_id),
                **scene.parts_of(REVIEW_ON, "review_on"),
                **typed,
            },
            _values(Restriction, found.pk),
            "restriction",
        )

    return build


def _limit(cast: Cast) -> Replacing:
    alder = cast.alder
    return Replacing(
        f"/casework/landlords/{alder.pk}/limit/",
        lambda: sub_accounts.set_limit(alder, limit=9, by=cast.actors["gwen"]),
        {"limit": "4"},
        _values(Landlord, alder.pk),
        "limit",
    )


def _address(cast: Cast) -> Replacing:
    member = Membership.objects.get(user=cast.users["ben"])
    gives: dict[str, Any] = {"checked": "Called back.", "by": cast.actors["gwen"]}
    return Replacing(
        f"/casework/landlords/{cast.alder.pk}/people/{member.pk}/address/",
        lambda: main_account.change_address(cast.alder, member.pk, email="b.carter@alder.example", **gives),
        {"email": "benjamin@alder.example", "checked": "Spoke to the secretary."},
        lambda: Membership.objects.get(pk=member.pk).user.email,
        "account",
    )


def _main_account(cast: Cast) -> Replacing:
    member = Membership.objects.get(user=cast.users["ben"])
    gives: dict[str, Any] = {"checked": "Called back.", "href": password_href, "by": cast.actors["gwen"]}
    former = main_account.Former.STAYS
    ike = Membership.objects.get(user=cast.users["ike"])
    return Replacing(
        f"/casework/landlords/{cast.alder.pk}/hand-over/",
        lambda: main_account.hand_over(cast.alder, successor_id=member.pk, former=former, **gives),
        {"successor": str(ike.pk), "former": former.value, "checked": "Spoke to the secretary."},
        lambda: list(Membership.objects.order_by("pk").values_list("pk", "role")),
        "main account",
    )


def _place(cast: Cast) -> Replacing:
    member = StaffMember.objects.get(user=cast.users["esi"])
    return Replacing(
        f"/casework/people/{member.pk}/",
        lambda: teams.change_place(member, role="team manager", team="review", by=cast.actors["gwen"]),
        {"role": "caseworker", "team": "triage"},
        _values(StaffMember, member.pk),
        "account",
    )


def _order(step: str) -> Callable[[Cast], Replacing]:
    """A caseworker looks at one confirmation; a colleague returns it, and the landlord confirms anew."""

    def build(cast: Cast) -> Replacing:
        order = scene.determined(cast).orders.earliest("pk")
        if step != "due-date":
            scene.confirmed(order, cast.amina, left="The gutter.")

        def changes() -> None:
            if step == "due-date":
                orders.extend_order(order, due_on=in_days(40), reason="The roofer is ill.", by=cast.dev)
                return
            orders.return_order(Order.objects.get(pk=order.pk), reason="The photograph is missing.", by=cast.dev)
            scene.confirmed(Order.objects.get(pk=order.pk), cast.amina, left="The gutter and the fence.")

        address = f"/casework/cases/202601234/orders/{order.pk}/{step}/"
        typed = {
            "reason": "I looked at it.",
            **(scene.parts_of(scene.working_day(60), "due_on") if step == "due-date" else {}),
        }
        return Replacing(address, changes, typed, _values(Order, order.pk), "order", "esi")

    return build


FORMS: dict[str, Callable[[Cast], Replacing]] = {
    "words": _words,
    "category": _category,
    "notice": _notice,
    "restriction, level": _restriction("level", {"level": Level.MESSAGE_BLOCK.value}),
    "restriction, review": _restriction("review", {}),
    "restriction, lift": _restriction("lift", {}),
    "limit": _limit,
    "address": _address,
    "main account": _main_account,
    "role and team": _place,
    "order, accept in part": _order("accept"),
    "order, return": _order("return"),
    "order, due date": _order("due-date"),
}


@pytest.mark.both
@pytest.mark.parametrize("build", FORMS.values(), ids=FORMS)
def test_what_a_colleague_changed_meanwhile_is_not_overwritten(
    cast: Cast, client_of: Browser, build: Callable[[Cast], Replacing]
) -> None:
    form = build(cast)
    client = client_of(form.who)
    opened = _seen(check(client.get(form.address)))
    assert opened
    form.changes()
    now = form.stays()
    page = check(client.post(form.address, {**form.typed, "seen": opened}))
    assert (
        f"Somebody has changed this {form.thing} since you opened this page"
        in page.select_one(".govuk-error-summary").text
    )
    assert form.stays() == now
    for text in (text for name, text in form.typed.items() if name in {"text", "label", "reason", "checked"}):
        assert text in str(page)
    assert client.post(form.address, {**form.typed, "seen": _seen(page)}).status_code == 302
    assert form.stays() != now


def _seen(page) -> str:
    return page.select_one("main input[name=seen]")["value"]


def test_an_order_that_was_confirmed_anew_is_not_accepted_by_a_button_shown_before(
    cast: Cast, client_of: Browser
) -> None:
    order = scene.determined(cast).orders.earliest("pk")
    scene.confirmed(order, cast.amina)
    esi, address = client_of("esi"), f"/casework/cases/202601234/orders/{order.pk}/accept/"
    page = check(esi.get("/casework/cases/202601234/determination/"))
    seen = page.select_one(f"form[action='{address}'] input[name=seen]")["value"]
    orders.return_order(Order.objects.get(pk=order.pk), reason="The photograph is missing.", by=cast.dev)
    scene.confirmed(Order.objects.get(pk=order.pk), cast.amina)
    assert "Somebody has changed this order" in check(esi.post(address, {"seen": seen}, follow=True)).main.text
    assert Order.objects.get(pk=order.pk).accepted_at is None


@dataclass(frozen=True)
class Sending:
    """A form that makes something new each time."""

    address: str
    typed: Callable[[], dict[str, Any]]
    makes: type[Model]
    who: str


SENT = {
    "task": Sending(
        "/casework/cases/202601234/tasks/new/",
        lambda: {"kind": "respond-to-request", "title": "Send it", "details": "All of it.", "working_days": "10"},
        Task,
        "dev",
    ),
    "document": Sending(
        "/casework/cases/202601234/documents/new/",
        lambda: {"file": sent("log.pdf", made.pdf()), "category": "telephone", "visibility": "both"},
        Document,
        "dev",
    ),
    "notice": Sending(
        "/casework/support/notices/new/", lambda: {"kind": "known-issue", "text": "Slow."}, Notice, "gwen"
    ),
    "report": Sending(
        "/help/report/",
        lambda: {"description": "It hangs.", "affected": "main", "addresses": "amina@alder.example"},
        Ticket,
        "amina",
    ),
}


@pytest.mark.both
@pytest.mark.parametrize("form", SENT.values(), ids=SENT)
def test_a_form_sent_again_after_back_is_done_only_when_the_button_is_pressed_once_more(
    cast: Cast, client_of: Browser, form: Sending
) -> None:
    client = client_of(form.who)

    def post(page) -> Any:
        return client.post(form.address, {**form.typed(), "once": _once(page)})

    first = check(client.get(form.address))
    assert post(first).status_code == 302
    assert post(first).status_code == 302
    assert form.makes._default_manager.count() == 1
    refused = check(post(check(client.get(form.address))))
    assert "was not sent a second time" in refused.select_one(".govuk-error-summary").text
    assert form.makes._default_manager.count() == 1
    with clock.moved_to(clock.now() + timedelta(minutes=10)):
        assert post(refused).status_code == 302
    assert form.makes._default_manager.count() == 2


def _once(page) -> str:
    return page.select_one("main input[name=once]")["value"]

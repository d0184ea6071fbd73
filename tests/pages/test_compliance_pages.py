"""A determination in force on the pages of both areas: read, complied with, answered; its walls and its statements."""

import pytest
from django.test import Client

from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.content.words import working_calendar
from portal.determinations import drafting, orders
from portal.determinations.kinds import OrderState
from portal.determinations.models import Order
from portal.lib import clock
from portal.tasks.models import Task, TaskState
from tests import determination_scene as scene
from tests.cast import Cast
from tests.conftest import Browser
from tests.determination_scene import parts_of, working_day
from tests.pages.determination_pages import OURS, TAB, THEIRS, posted, text
from tests.pages.landlord_rows import statements
from tests.well_formed import check


@pytest.mark.row("S40")
@pytest.mark.row("S65")
def test_the_landlord_reads_the_determination_and_its_letter_and_the_task_lists_the_orders(
    cast: Cast, client_of: Browser
) -> None:
    determination = scene.determined(cast)
    amina = client_of("amina")
    page = check(amina.get(THEIRS + TAB))
    words = text(page)
    for part in ("Maladministration", "No maladministration", "Do repair 1.", "Train the team, part 1.", "2 orders"):
        assert part in words
    assert amina.get(f"{THEIRS}/documents/{determination.letter.pk}/").status_code == 200
    assert amina.get(f"{THEIRS}/documents/{determination.resident_letter.pk}/").status_code == 404
    assert determination.resident_letter.name not in words
    page = check(amina.get(f"/tasks/{Task.objects.get().pk}/"))
    links = [link["href"] for link in page.select("main tbody a")]
    assert links == [f"{THEIRS}/orders/{order.pk}/confirm/" for order in determination.orders.all()]


@pytest.mark.row("S65")
def test_an_order_without_uploads_sends_the_landlord_to_the_documents_tab(cast: Cast, client_of: Browser) -> None:
    order = scene.determined(cast).orders.first()
    page = check(client_of("amina").get(f"{THEIRS}/orders/{order.pk}/confirm/"))
    link = page.select_one(f"main a[href^='{THEIRS}/documents/']")
    assert not page.select("main input[name=evidence]")
    page = check(client_of("amina").get(link["href"]))
    assert page.select_one(".govuk-back-link")["href"] == f"{THEIRS}/orders/{order.pk}/confirm/"
    sent = scene.proof(cast.case, cast.amina).submission_id
    page = check(client_of("amina").get(f"{THEIRS}/receipts/{sent}/"))
    assert page.find("a", string="Confirm compliance with order 1")["href"] == f"{THEIRS}/orders/{order.pk}/confirm/"


@pytest.mark.row("S65")
@pytest.mark.row("S68")
def test_task_completed_is_refused_in_words_until_each_order_is_confirmed(cast: Cast, client_of: Browser) -> None:
    determination = scene.determined(cast)
    amina, task = client_of("amina"), Task.objects.get()
    done = {f"completed_on-{name}": value for name, value in _today()}
    for page in (
        check(amina.get(f"/tasks/{task.pk}/completed/")),
        check(amina.post(f"/tasks/{task.pk}/completed/", done)),
    ):
        assert "You have still to confirm order 1 and order 2" in text(page.select_one("h1"))
        links = [link["href"] for link in page.select("main li a")]
        assert links == [f"{THEIRS}/orders/{order.pk}/confirm/" for order in determination.orders.all()]
        assert not page.select("main form")
    task.refresh_from_db()
    assert task.state == TaskState.OUTSTANDING
    shown = scene.proof(cast.case, cast.amina)
    for order in determination.orders.all():
        address = f"{THEIRS}/orders/{order.pk}/confirm/"
        page = check(amina.post(address, {"extent": "part"}))
        for name in ("done", "left", "done_on", "evidence"):
            assert page.select_one(f"#id_{name}-error"), name
        given = {"extent": "all", "done": "Done.", "evidence": [shown.pk]} | parts_of(clock.today(), "done_on")
        assert check(amina.post(address, given)).select_one("#id_extent-error")
        page = posted(amina, address, given | {"extent": "whole"})
        assert f"Compliance with order {order.number} confirmed" in text(page)
        banner, link = text(page.select_one(".govuk-notification-banner")), f"/tasks/{task.pk}/completed/"
        is_last = order.number == determination.orders.count()
        assert ("You have confirmed every order. Now select “Task completed”" in banner) == is_last
        assert ("We check it and tell you" in banner) != is_last
        assert bool(page.select(f".govuk-inset-text a[href='{link}']")) == is_last
    posted(amina, f"/tasks/{task.pk}/completed/", done)
    task.refresh_from_db()
    assert task.state == TaskState.CHECKING
    page = check(amina.get(THEIRS + TAB))
    assert "2 orders: 2 confirmed, being checked." in text(page)
    assert not page.select(f"main a[href='/tasks/{task.pk}/completed/']")
    for waiting in (THEIRS + TAB, f"{THEIRS}/"):
        assert "1 recommendation waits for your feedback." in text(check(amina.get(waiting)))
    assert "nothing to confirm" in text(check(amina.get(address, follow=True)))


def _today() -> list[tuple[str, str]]:
    day = clock.today()
    return [("day", str(day.day)), ("month", str(day.month)), ("year", str(day.year))]


@pytest.mark.row("S68")
def test_a_task_of_recommendations_alone_names_those_that_are_missing(cast: Cast, client_of: Browser) -> None:
    one = scene.determined(cast, count=0, recommendations=1).recommendations.get()
    amina, address = client_of("amina"), f"/tasks/{Task.objects.get().pk}/completed/"
    page = check(amina.get(address))
    assert "You have still to answer recommendation 1" in text(page.select_one("h1"))
    page = posted(amina, page.select_one("main li a")["href"], {"feedback": "accepted"})
    assert "Now select “Task completed”" in text(page.select_one(".govuk-notification-banner"))
    assert one.determination.recommendations.get().feedback == "accepted"
    assert check(amina.get(address)).select("main form")


@pytest.mark.row("C19")
def test_the_orders_are_counted_by_where_they_stand_and_a_returned_one_says_so(cast: Cast, client_of: Browser) -> None:
    determination = scene.determined(cast)
    first, second = determination.orders.select_related("case")
    amina, dev = client_of("amina"), client_of("dev")
    assert "2 orders: 2 to do." in text(check(amina.get(THEIRS + TAB)))
    scene.confirmed(first, cast.amina)
    for client, base in ((amina, THEIRS), (dev, OURS)):
        assert "2 orders: 1 to do, 1 confirmed, being checked." in text(check(client.get(base + TAB)))
    back = f"{OURS}/orders/{first.pk}/return/"
    sooner = working_calendar().add(first.due_on, -1)
    page = check(dev.post(back, {"reason": "The receipt."} | parts_of(sooner, "due_on")))
    assert "same as or after the present one" in text(page.select_one("#id_due_on-error"))
    posted(dev, back, {"reason": "The receipt."})
    assert "Returned: more is needed" in text(check(amina.get(THEIRS + TAB)))
    for order in (first, second):
        orders.accept_order(scene.confirmed(order_again(order), cast.amina), by=cast.dev)
    assert "2 orders: all complied with." in text(check(amina.get(THEIRS + TAB)))


def order_again(order: Order) -> Order:
    return Order.objects.select_related("case").get(pk=order.pk)


@pytest.mark.row("S40")
def test_each_side_reads_of_recommendations_in_words_of_its_own(cast: Cast, client_of: Browser) -> None:
    scene.determined(cast)
    theirs, ours = (text(check(client_of(who).get(base + TAB))) for who, base in (("amina", THEIRS), ("dev", OURS)))
    assert "Recommendations do not bind you." in theirs
    assert "Your feedback" in theirs
    assert "andlord’s feedback" not in theirs
    assert "Recommendations do not bind the landlord." in ours
    assert "Landlord’s feedback" in ours
    assert "What the landlord reads: We have determined" in text(check(client_of("dev").get(f"{OURS}/status/")))


@pytest.mark.row("H44")
def test_evidence_of_another_case_or_landlord_is_refused_by_the_page(cast: Cast, client_of: Browser) -> None:
    order = scene.determined(cast).orders.first()
    own, foreign = scene.proof(cast.case, cast.amina), scene.proof(cast.birch_case, cast.carys)
    given = {"extent": "whole", "done": "Done.", "evidence": [own.pk, foreign.pk]} | parts_of(clock.today(), "done_on")
    page = check(client_of("amina").post(f"{THEIRS}/orders/{order.pk}/confirm/", given))
    assert "that you have uploaded" in text(page.select_one("#id_evidence-error"))
    order.refresh_from_db()
    assert order.state == OrderState.OWED


@pytest.mark.row("H43")
@pytest.mark.row("S1")
def test_every_address_of_a_determination_is_closed_to_another_landlord(cast: Cast, client_of: Browser) -> None:
    determination = scene.determined(cast)
    scene.determined(cast, cast.birch_case)
    order, one = determination.orders.first(), determination.recommendations.get()
    carys = client_of("carys")
    for address in ("/determination/", f"/orders/{order.pk}/confirm/", f"/recommendations/{one.pk}/", "/review/"):
        for reference in ("202601234", "202609999"):
            if reference == "202609999" and address in {"/determination/", "/review/"}:
                continue
            for verb in (carys.get, carys.post):
                answer = verb(f"/cases/{reference}{address}")
                assert answer.status_code in {404, 405}, f"{reference}{address}"
                assert b"damp" not in answer.content


@pytest.mark.row("C19")
def test_the_caseworker_sees_the_evidence_returns_and_accepts(cast: Cast, client_of: Browser) -> None:
    determination = scene.determined(cast)
    first, second = determination.orders.select_related("case")
    scene.confirmed(first, cast.amina, left="The kitchen, by June.")
    dev = client_of("dev")
    page = check(dev.get(OURS + TAB))
    assert "The kitchen, by June." in text(page)
    assert page.find("a", string="Proof of order 1.txt")
    back = f"{OURS}/orders/{first.pk}/return/"
    assert check(dev.post(back, {})).select_one("#id_reason-error")
    page = posted(dev, back, {"reason": "Finish the kitchen."} | parts_of(working_day(40), "due_on"))
    assert "Finish the kitchen." in text(page)
    page = posted(dev, f"{OURS}/orders/{second.pk}/accept/")
    assert "has to confirm order 2 first" in text(page)
    page = posted(
        dev, f"{OURS}/orders/{second.pk}/due-date/", {"reason": "Frost."} | parts_of(working_day(50), "due_on")
    )
    assert "Frost." in text(page)
    for order in (first, second):
        order.refresh_from_db()
        scene.confirmed(order, cast.amina)
        page = posted(dev, f"{OURS}/orders/{order.pk}/accept/")
    assert "complied with every order" in text(page)
    amina = check(client_of("amina").get(THEIRS + TAB))
    assert "Finish the kitchen." in text(amina)
    assert "Accepted on" in text(amina)


@pytest.mark.row("C19")
def test_an_order_that_is_met_in_part_is_accepted_after_a_question_and_with_a_reason(
    cast: Cast, client_of: Browser
) -> None:
    first, second = scene.determined(cast).orders.select_related("case")
    scene.confirmed(first, cast.amina, left="£150, by 18 December.")
    dev, address = client_of("dev"), f"{OURS}/orders/{first.pk}/accept/"
    assert check(dev.get(OURS + TAB)).find("a", href=address)
    asked = check(dev.get(address))
    assert "£150, by 18 December." in text(asked)
    assert check(dev.post(address, {"reason": " "})).select_one("#id_reason-error")
    first.refresh_from_db()
    assert first.state == OrderState.CONFIRMED
    page = posted(dev, address, {"reason": "The resident has asked us to leave it at that."})
    assert "Order 1 accepted" in text(page)
    assert "leave it at that." in text(check(client_of("amina").get(THEIRS + TAB)))
    assert dev.get(f"{OURS}/orders/{second.pk}/accept/").status_code == 302


def test_feedback_on_a_recommendation_is_given_and_seen(cast: Cast, client_of: Browser) -> None:
    one = scene.determined(cast).recommendations.get()
    amina, address = client_of("amina"), f"{THEIRS}/recommendations/{one.pk}/"
    check(amina.get(address))
    assert check(amina.post(address, {"feedback": "not-accepted"})).select_one("#id_reason-error")
    posted(amina, address, {"feedback": "not-accepted", "reason": "We train already."})
    assert "We train already." in text(check(client_of("dev").get(OURS + TAB)))


@pytest.mark.row("S8")
@pytest.mark.row("S43")
def test_whoever_may_only_read_is_offered_nothing_to_do_about_a_determination(cast: Cast, client_of: Browser) -> None:
    found = scene.determined(cast)
    order, one = found.orders.first(), found.recommendations.get()
    ways = [f"{THEIRS}/orders/{order.pk}/confirm/", f"{THEIRS}/recommendations/{one.pk}/", f"{THEIRS}/review/"]
    task = f"/tasks/{found.task_id}/"
    amina, ike = client_of("amina"), client_of("ike")  # Ike's access is read-only
    assert _links(amina, THEIRS + TAB) >= set(ways)
    assert ways[0] in _links(amina, task)
    assert not _links(ike, THEIRS + TAB) & set(ways)
    assert "then confirm each order here" not in text(check(ike.get(THEIRS + TAB)).main)
    assert not _links(ike, task) & set(ways)
    for way in ways:
        assert amina.get(way).status_code == 200
        assert ike.get(way).status_code == 403


def _links(client: Client, address: str) -> set[str]:
    return {link["href"] for link in check(client.get(address)).main.select("a[href]")}


@pytest.mark.row("S103")
def test_a_closed_case_with_an_open_order_still_takes_documents(cast: Cast, client_of: Browser) -> None:
    scene.determined(cast)
    Case.objects.filter(pk=cast.case.pk).update(status=Status.CLOSED, closed_at=clock.now())
    amina = client_of("amina")
    assert check(amina.get(f"{THEIRS}/documents/")).select("input[type=file]")
    Case.objects.filter(pk=cast.case.pk).update(orders_outstanding=0)
    page = check(amina.get(f"{THEIRS}/documents/"))
    assert not page.select("input[type=file]")
    assert "nothing can be added" in text(page)


STATEMENTS = {"amina": 14, "dev": 13}


@pytest.mark.parametrize(("complaints", "rows"), [(2, 2), (18, 40)])
def test_eighteen_complaints_and_forty_orders_take_as_many_statements_as_two(
    cast: Cast, client_of: Browser, complaints: int, rows: int
) -> None:
    case = scene.drafted(cast, count=rows)
    for number in range(2, complaints):
        drafting.write_complaint(case, words=f"Complaint {number}.", finding="withdrawn", by=cast.dev)
    scene.issued(case, by=cast.esi)
    for order in Order.objects.select_related("case"):
        scene.confirmed(order, cast.amina)
    for who, base in (("amina", THEIRS), ("dev", OURS)):
        client = client_of(who)
        assert statements(lambda client=client, base=base: client.get(base + TAB)) == STATEMENTS[who]
        assert len(check(client.get(base + TAB)).select(".govuk-summary-card")) == complaints + rows + 1

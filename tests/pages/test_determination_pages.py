"""The pages of a determination in both wings: drafted row by row, issued, complied with, reviewed; walls and statements."""

import io
from datetime import date

import pytest
from django.test import Client
from pypdf import PdfReader

from portal.accounts.models import User
from portal.audit.models import AuditRow
from portal.cases import actions as cases
from portal.cases.models import Case
from portal.cases.statuses import Status
from portal.content.words import working_calendar
from portal.determinations import drafting, orders
from portal.determinations.kinds import OrderState
from portal.determinations.models import Complaint, Determination, Order, Recommendation, Review
from portal.documents.models import Document
from portal.drafts import actions as drafts
from portal.lib import clock
from portal.tasks.models import Task, TaskState
from tests import determination_scene as scene
from tests.cast import Cast, in_days
from tests.conftest import Browser
from tests.determination_scene import parts_of, working_day
from tests.pages.landlord_rows import statements
from tests.signing_in import sign_in
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


@pytest.mark.row("C18")
def test_a_draft_grows_shrinks_and_is_issued_without_script(cast: Cast, client_of: Browser) -> None:
    scene.investigated(cast.case, cast.dev)
    dev = client_of("dev")
    page = check(dev.get(OURS + TAB))
    assert page.select_one(f"form[action='{OURS}/determination/draft/']")
    posted(dev, f"{OURS}/determination/draft/")
    for part, given in (
        ("complaints", {"words": "Damp for a year.", "finding": "maladministration"}),
        ("complaints", {"words": "No answer at stage 1.", "finding": "service-failure"}),
        ("orders", ORDER | parts_of(working_day(20), "due_on")),
        ("orders", ORDER | parts_of(working_day(30), "due_on")),
        ("recommendations", {"kind": "training", "words": "Train the team."}),
    ):
        address = f"{OURS}/determination/draft/{part}/new/"
        check(dev.get(address))
        assert check(dev.post(address, {})).select_one(".govuk-error-summary")
        page = posted(dev, address, given)
    assert "Damp for a year." in text(page)
    first, second = Order.objects.all()
    change = f"{OURS}/determination/draft/orders/{first.pk}/"
    assert check(dev.get(change)).select_one("#id_due_on-day")["value"] == str(working_day(20).day)
    pressed(dev, change, {"kind": "apology", "words": "Say sorry."} | parts_of(working_day(9), "due_on"))
    remove = f"{OURS}/determination/draft/orders/{second.pk}/remove/"
    given = removal(dev, remove)
    assert "The order was removed from the draft." in text(posted(dev, remove, given))
    assert "The order is not in the draft any more." in text(posted(dev, remove, given))
    assert [row.words for row in Order.objects.all()] == ["Say sorry."]
    esi = client_of("esi")
    page = check(esi.get(f"{OURS}/determination/issue/"))
    assert "2 complaints, 1 order and 1 recommendation" in text(page)
    assert "Determined – awaiting LL action" in text(page)
    page = pressed(esi, f"{OURS}/determination/issue/")
    assert "Determination issued" in text(page)
    assert fresh(cast).status == Status.DETERMINED_AWAITING_ACTION


def test_a_draft_that_cannot_be_issued_says_why(cast: Cast, client_of: Browser) -> None:
    scene.investigated(cast.case, cast.dev)
    dev = client_of("dev")
    posted(dev, f"{OURS}/determination/draft/")
    esi, issue = client_of("esi"), f"{OURS}/determination/issue/"
    page = check(esi.post(issue, {"shown": shown(esi, issue)}))
    assert "at least one defined complaint" in text(page.select_one(".govuk-error-summary"))
    check(client_of("hana").get(OURS + TAB))
    assert dev.get(f"{OURS}/determination/draft/nothing/new/").status_code == 404
    assert dev.get(f"{OURS}/determination/draft/orders/999/").status_code == 404


@pytest.mark.row("C18")
def test_a_draft_is_discarded_after_a_question_and_its_words_stay_in_the_audit_trail(
    cast: Cast, client_of: Browser
) -> None:
    scene.drafted(cast)
    dev, address = client_of("dev"), f"{OURS}/determination/draft/discard/"
    assert check(dev.get(OURS + TAB)).select_one(f"a[href='{address}']")
    page = check(dev.get(address))
    assert "2 complaints, 2 orders and 1 recommendation" in text(page)
    assert Determination.objects.exists()
    page = pressed(dev, address)
    assert "Draft discarded" in text(page)
    assert not Determination.objects.exists()
    assert page.select_one(f"form[action='{OURS}/determination/draft/']")
    kept = AuditRow.objects.filter(verb="draft row removed")
    assert "Do repair 1." in {row.details["words"] for row in kept}
    for answer in (posted(dev, address), check(dev.get(address, follow=True))):
        assert "There is no draft" in text(answer)


@pytest.mark.row("C18")
def test_a_stale_press_neither_discards_nor_issues_what_a_colleague_has_written(cast: Cast, client_of: Browser) -> None:
    case = scene.drafted(cast, count=0)
    esi, addresses = client_of("esi"), [f"{OURS}/determination/{end}/" for end in ("draft/discard", "issue")]
    seen = [shown(esi, address) for address in addresses]
    drafting.write_order(case, kind="repairs", words="Mend it.", due_on=in_days(9), by=cast.dev)
    for address, mark in zip(addresses, seen, strict=True):
        for given in ({"shown": mark}, {}):
            page = check(esi.post(address, given))
            wrong = text(page.select_one(".govuk-error-summary"))
            assert "Somebody has changed this draft since you opened this page. Nothing was" in wrong
            assert "2 complaints, 1 order and 1 recommendation" in text(page)
    assert Determination.objects.get().is_draft
    assert "Determination issued" in text(posted(esi, address, {"shown": page.select_one("[name=shown]")["value"]}))


@pytest.mark.row("C20")
def test_a_form_refused_for_its_words_tells_of_what_has_changed_in_the_draft_too(
    cast: Cast, client_of: Browser
) -> None:
    scene.determined(cast)
    scene.asked(cast, cast.case)
    drafting.start_draft(cast.case, by=cast.dev)
    farid, address = client_of("farid"), f"{OURS}/determination/issue/"
    seen = shown(farid, address)
    drafting.write_order(cast.case, kind="other", words="Mend it.", due_on=in_days(9), by=cast.dev)
    page = check(farid.post(address, {"shown": seen}))
    assert page.select_one("#id_change-error")
    assert "Somebody has changed this draft" in text(page.select_one(".govuk-error-summary"))


@pytest.mark.row("C18")
def test_two_people_with_one_row_open_read_each_others_words_before_one_replaces_them(
    cast: Cast, client_of: Browser
) -> None:
    scene.drafted(cast)
    order, dev, esi = Order.objects.first(), client_of("dev"), client_of("esi")
    address = f"{OURS}/determination/draft/orders/{order.pk}/"
    seen = {"shown": shown(dev, address)} | parts_of(working_day(9), "due_on")
    pressed(esi, address, ORDER | {"words": "Hers."} | parts_of(working_day(9), "due_on"))
    for given in (ORDER | {"words": "Mine."}, {"words": "Mine."}):
        page = check(dev.post(address, given | seen))
        assert "Somebody has changed this order" in text(page.select_one(".govuk-error-summary"))
        assert "Hers." in text(page.select_one(".govuk-inset-text"))
        assert page.select_one("textarea").text.strip() == "Mine."
    posted(dev, address, ORDER | {"words": "Both."} | seen | {"shown": page.select_one("[name=shown]")["value"]})
    assert Order.objects.get(pk=order.pk).words == "Both."


@pytest.mark.row("B1")
def test_words_put_back_into_a_row_stand_beside_what_the_row_holds_now(cast: Cast, client_of: Browser) -> None:
    scene.drafted(cast)
    dev, address = client_of("dev"), f"{OURS}/determination/draft/orders/{Order.objects.first().pk}/"
    assert not check(dev.get(address)).select("main form .govuk-inset-text, main .govuk-inset-text")
    drafts.keep(cast.users["dev"].pk, address, {"words": "Typed last week."})
    page = check(dev.get(address))
    assert page.select_one("textarea").text.strip() == "Typed last week."
    assert "In the draft now: Repairs" in text(page.select_one(".govuk-inset-text"))
    assert "Do repair 1." in text(page.select_one(".govuk-inset-text"))


@pytest.mark.row("C18")
def test_what_is_typed_into_a_row_that_a_colleague_removes_is_shown_once_more(cast: Cast, client_of: Browser) -> None:
    case = scene.drafted(cast)
    order, dev = Order.objects.first(), client_of("dev")
    address = f"{OURS}/determination/draft/orders/{order.pk}/"
    seen = {"shown": shown(dev, address)}
    drafting.remove_row(case, drafting.Part.ORDERS, order.pk, by=cast.esi, **seen)
    page = check(dev.post(address, ORDER | seen | parts_of(working_day(9), "due_on")))
    assert "Somebody has removed this from the draft" in text(page.select_one(".govuk-error-summary"))
    assert page.select_one("textarea").text.strip() == "Mend the roof."
    assert dev.get(address).status_code == 404


@pytest.mark.row("H44")
def test_the_row_of_another_case_is_not_found_and_a_changed_one_is_not_removed(cast: Cast, client_of: Browser) -> None:
    scene.drafted(cast)
    scene.drafted(cast, cast.birch_case)
    dev, order = client_of("dev"), Order.objects.filter(case=cast.case).first()
    foreign = Order.objects.filter(case=cast.birch_case).first()
    address = f"{OURS}/determination/draft/orders/{{}}/remove/"
    assert dev.post(address.format(foreign.pk)).status_code == 404
    assert "Somebody has changed this order" in text(posted(dev, address.format(order.pk)))
    assert Order.objects.count() == 4


@pytest.mark.row("C18")
def test_a_draft_of_a_case_that_moved_on_can_only_be_discarded(cast: Cast, client_of: Browser) -> None:
    case, farid = scene.drafted(cast), client_of("farid")
    issue, discard = f"{OURS}/determination/issue/", f"{OURS}/determination/draft/discard/"
    for to in (Status.EVIDENCE_GATHERING, Status.CLOSED):
        cases.move_case(case, to=to, reason="Not yet.", by=cast.dev)
        page = check(farid.get(OURS + TAB))
        assert f"This case is “{to.label}”." in text(page.main)
        assert not page.select(f"a[href='{issue}'], a[href*='/draft/'][href$='/new/'], form[action*='/draft/']")
        for answer in (check(farid.get(issue, follow=True)), posted(farid, issue)):
            assert not answer.select(f"form[action='{issue}']")
            assert f"This case is “{to.label}”." in text(
                answer.select_one(".govuk-notification-banner, .govuk-error-summary")
            )
    assert check(farid.get(OURS + TAB)).select_one(f"a[href='{discard}']")
    assert "Draft discarded" in text(pressed(farid, discard))


@pytest.mark.row("C18")
def test_discarding_the_draft_of_a_new_version_leaves_the_one_in_force(cast: Cast, client_of: Browser) -> None:
    first = scene.determined(cast)
    scene.asked(cast, cast.case)
    dev = client_of("dev")
    posted(dev, f"{OURS}/determination/draft/")
    page = pressed(dev, f"{OURS}/determination/draft/discard/")
    assert "Do repair 1." in text(page)
    assert Determination.objects.get() == first
    posted(dev, f"{OURS}/determination/draft/")
    assert Determination.objects.latest("pk").version == 2


@pytest.mark.row("S48")
@pytest.mark.row("S49")
def test_another_team_drafts_and_reads_who_issues(cast: Cast, client_of: Browser) -> None:
    scene.drafted(cast)
    dev, esi, address = client_of("dev"), client_of("esi"), f"{OURS}/determination/issue/"
    page = check(dev.get(OURS + TAB))
    assert not page.select(f"a[href='{address}']")
    assert "Only DR2 Dispute Resolution and team managers issue this determination." in text(page)
    assert "Only DR2 Dispute Resolution" in text(check(dev.get(address, follow=True)))
    assert dev.post(address).status_code == 403
    page = check(esi.get(OURS + TAB))
    assert page.select_one(f"a[href='{address}']")
    assert "Only DR2" not in text(page)


@pytest.mark.row("D14")
def test_an_order_is_not_due_on_a_day_off_and_what_was_typed_stays(cast: Cast, client_of: Browser) -> None:
    scene.drafted(cast)
    dev, christmas = client_of("dev"), date(clock.today().year + 1, 12, 25)
    following, first = working_calendar().add(christmas, 1), Order.objects.first()
    typed = ORDER | {"reason": "Frost."} | parts_of(christmas, "due_on")
    drafts = [f"{OURS}/determination/draft/orders/{which}/" for which in ("new", first.pk)]
    _is_refused_as_day_off(dev, drafts, typed, following)
    assert Order.objects.count() == 2
    scene.issued(cast.case, by=cast.esi)
    scene.confirmed(first, cast.amina)
    _is_refused_as_day_off(dev, [f"{OURS}/orders/{first.pk}/return/"], typed, following)
    second = Order.objects.last()
    _is_refused_as_day_off(dev, [f"{OURS}/orders/{second.pk}/due-date/"], typed, following)


def _is_refused_as_day_off(client: Client, addresses: list[str], typed: dict, following: date) -> None:
    for address in addresses:
        page = check(client.post(address, typed))
        wrong = text(page.select_one("#id_due_on-error"))
        assert f"is not a working day. The next working day is {following:%A} {following.day}" in wrong
        assert page.select_one("#id_due_on-day")["value"] == "25"
        assert page.select_one("textarea").text.strip() in {"Mend the roof.", "Frost."}


@pytest.mark.row("S49")
def test_both_letters_are_previewed_marked_draft_on_each_page_and_kept_nowhere(cast: Cast, client_of: Browser) -> None:
    case = scene.drafted(cast, count=30)
    dev, auditor = client_of("dev"), client_of("hana")
    pages = [check(client_of("esi").get(f"{OURS}{tab}")) for tab in (TAB, "/determination/issue/")]
    for to, words in (("landlord", "Alder Homes"), ("resident", "We have determined your complaint")):
        address = f"{OURS}/determination/draft/letter/{to}/"
        assert all(page.select_one(f"a[href='{address}']") for page in pages)
        answer = dev.get(address)
        assert answer["Content-Type"] == "application/pdf"
        assert "Draft" in answer["Content-Disposition"]
        letter = [one.extract_text() for one in PdfReader(io.BytesIO(answer.content)).pages]
        assert len(letter) > 1
        assert all("Draft, not issued" in one for one in letter)
        assert words in " ".join(" ".join(letter).split())
        assert auditor.get(address).status_code == 403
        assert client_of("amina").get(address).status_code == 403
    assert dev.get(f"{OURS}/determination/draft/letter/nobody/").status_code == 404
    assert not Document.objects.exists()
    assert Determination.objects.get().issued_at is None
    issued = scene.issued(case, by=cast.esi)
    letter = b"".join(client_of("amina").get(f"{THEIRS}/documents/{issued.letter.pk}/").streaming_content)
    assert not any("Draft" in one.extract_text() for one in PdfReader(io.BytesIO(letter)).pages)
    assert "There is no draft" in text(check(dev.get(f"{OURS}/determination/draft/letter/landlord/", follow=True)))


@pytest.mark.row("C18")
def test_the_landlord_sees_nothing_of_a_draft(cast: Cast, client_of: Browser) -> None:
    scene.drafted(cast)
    amina = client_of("amina")
    page = check(amina.get(f"{THEIRS}/"))
    assert "Determination" not in text(page.select_one(".moj-sub-navigation"))
    page = check(amina.get(THEIRS + TAB))
    assert "No determination yet" in text(page)
    assert "damp untreated" not in text(page)
    order = Order.objects.first()
    for address in (f"/orders/{order.pk}/confirm/", f"/recommendations/{Recommendation.objects.get().pk}/", "/review/"):
        assert amina.get(THEIRS + address).status_code == 404


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


def test_feedback_on_a_recommendation_is_given_and_seen(cast: Cast, client_of: Browser) -> None:
    one = scene.determined(cast).recommendations.get()
    amina, address = client_of("amina"), f"{THEIRS}/recommendations/{one.pk}/"
    check(amina.get(address))
    assert check(amina.post(address, {"feedback": "not-accepted"})).select_one("#id_reason-error")
    posted(amina, address, {"feedback": "not-accepted", "reason": "We train already."})
    assert "We train already." in text(check(client_of("dev").get(OURS + TAB)))


@pytest.mark.row("S49")
def test_the_residents_letter_is_recorded_as_sent(cast: Cast, client_of: Browser) -> None:
    scene.determined(cast)
    dev, address = client_of("dev"), f"{OURS}/determination/resident-letter/"
    check(dev.get(address))
    assert check(dev.post(address, {})).select_one("#id_how-error")
    page = posted(dev, address, {"how": "post"} | parts_of(clock.today(), "on"))
    assert "by post, recorded by Dev Patel" in text(page)
    assert "Letter sent to the resident" in text(check(dev.get(f"{OURS}/")))
    assert "Letter sent to the resident" not in text(check(client_of("amina").get(f"{THEIRS}/")))


@pytest.mark.row("S41")
@pytest.mark.row("S50")
@pytest.mark.row("S103")
def test_the_landlord_asks_for_a_review_of_a_closed_case(cast: Cast, client_of: Browser) -> None:
    scene.settled(cast, scene.determined(cast))
    cases.move_case(cast.case, to=Status.CLOSED, reason="Complied.", by=cast.dev)
    amina, address = client_of("amina"), f"{THEIRS}/review/"
    assert "Ask for a review" in text(check(amina.get(THEIRS + TAB)))
    page = check(amina.get(address))
    assert not page.select("#id_late_reason")
    page = check(amina.post(address, {}))
    for name in ("grounds", "text"):
        assert page.select_one(f"#id_{name}-error")
    page = posted(amina, address, {"grounds": ["facts"], "text": "The dates are wrong."})
    assert "Review – case outcome" in text(page)
    assert "DR2 Review" in text(page)
    assert fresh(cast).status == Status.REVIEW
    page = check(amina.post(address, {"grounds": ["facts"], "text": "Again."}))
    assert "already" in text(page.select_one(".govuk-error-summary"))


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
def test_a_closed_case_names_the_last_day_for_a_review_as_the_setting_has_it(
    cast: Cast, client_of: Browser, settings
) -> None:
    settings.REVIEW_DAYS = 10
    scene.settled(cast, scene.determined(cast))
    cases.move_case(cast.case, to=Status.CLOSED, reason="Complied.", by=cast.dev)
    day, client = in_days(10), client_of("amina")
    for tab in ("/", TAB):
        words = text(check(client.get(THEIRS + tab)).main)
        assert f"can be asked for until {day.day} {day:%B %Y}" in words
        assert "three weeks" not in words


@pytest.mark.row("C20")
def test_a_late_request_asks_why_and_dr2_review_decides_and_records_the_outcome(cast: Cast, client_of: Browser) -> None:
    scene.determined(cast, ago=30)
    amina, address = client_of("amina"), f"{THEIRS}/review/"
    given = {"grounds": ["new-evidence"], "text": "An invoice."}
    assert "three weeks" not in text(check(amina.get(address)).select_one("h1"))
    page = check(amina.post(address, given))
    assert "too late" in text(page.select_one("#id_late_reason-error"))
    posted(amina, address, given | {"late_reason": "A flood."})
    assert fresh(cast).status == Status.DETERMINED_AWAITING_ACTION
    late = f"{OURS}/review/late/"
    assert client_of("dev").post(late, {"take": "yes"}).status_code == 403
    rhea = Client()
    sign_in(rhea, _user(scene.reviewer().user_id))
    assert check(rhea.get(OURS + TAB)).select_one(f"a[href='{late}']")
    assert check(rhea.post(late, {"take": "no"})).select_one("#id_answer-error")
    posted(rhea, late, {"take": "yes"})
    outcome = f"{OURS}/review/outcome/"
    check(rhea.get(outcome))
    page = posted(rhea, outcome, {"outcome": "upheld", "reason": "Nothing new in it."})
    assert "Nothing new in it." in text(page)
    assert fresh(cast).status == Status.DETERMINED_AWAITING_ACTION
    assert "Nothing new in it." in text(check(amina.get(THEIRS + TAB)))


def _user(user_id: int) -> User:
    return User.objects.get(pk=user_id)


@pytest.mark.row("S41")
def test_the_residents_words_are_the_services_alone(cast: Cast, client_of: Browser) -> None:
    scene.determined(cast)
    dev, address = client_of("dev"), f"{OURS}/review/new/"
    check(dev.get(address))
    given = {"grounds": ["facts"], "text": "My neighbour saw it."} | parts_of(clock.today(), "asked_on")
    page = posted(dev, address, given)
    assert "My neighbour saw it." in text(page)
    page = check(client_of("amina").get(THEIRS + TAB))
    assert "Review asked for by the resident" in text(page)
    assert "neighbour" not in text(page)
    assert Review.objects.get().asked_by_name == "Dev Patel"


@pytest.mark.row("C20")
def test_a_new_version_is_drafted_in_review_and_the_former_stays_readable(cast: Cast, client_of: Browser) -> None:
    scene.determined(cast)
    scene.asked(cast, cast.case)
    dev = client_of("dev")
    posted(dev, f"{OURS}/determination/draft/")
    row = Complaint.objects.filter(determination__version=2).first()
    address = f"{OURS}/determination/draft/complaints/{row.pk}/"
    pressed(dev, address, {"words": "Less damp.", "finding": "service-failure"})
    farid = client_of("farid")
    assert check(farid.post(f"{OURS}/determination/issue/", {})).select_one("#id_change-error")
    page = pressed(farid, f"{OURS}/determination/issue/", {"change": "The invoice changes the finding."})
    assert "Version 1, issued on" in text(page)
    page = text(check(client_of("amina").get(THEIRS + TAB)))
    for words in ("Less damp.", "Version 1, issued on", "The invoice changes the finding.", "was changed"):
        assert words in page


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


STATEMENTS = 16


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
        assert statements(lambda client=client, base=base: client.get(base + TAB)) == STATEMENTS
        assert len(check(client.get(base + TAB)).select(".govuk-summary-card")) == complaints + rows + 1

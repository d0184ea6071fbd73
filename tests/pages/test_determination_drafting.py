"""Drafting a determination on its pages: row by row, by several people, previewed, issued, its letter sent."""

import io
from datetime import date

import pytest
from django.test import Client
from pypdf import PdfReader

from portal.audit.models import AuditRow
from portal.cases import actions as cases
from portal.cases.statuses import Status
from portal.content.words import working_calendar
from portal.determinations import drafting
from portal.determinations.models import Determination, Order, Recommendation
from portal.documents.models import Document
from portal.drafts import actions as drafts
from portal.lib import clock
from tests import determination_scene as scene
from tests.cast import Cast, in_days
from tests.conftest import Browser
from tests.determination_scene import parts_of, working_day
from tests.pages.determination_pages import ORDER, OURS, TAB, THEIRS, fresh, posted, pressed, removal, shown, text
from tests.well_formed import check


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
    page = check(esi.get(issue))
    assert page.main.find("a", string="Add a complaint")
    assert not page.main.find("button")
    page = check(esi.post(issue, {"shown": drafting.the_draft(cast.case).version_token}))
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

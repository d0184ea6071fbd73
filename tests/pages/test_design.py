"""The design kit: what its macros draw, read as a browser reads it."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.contrib.messages import add_message, constants
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from html5lib import HTMLParser
from markupsafe import Markup

from portal.pages.design.fields import DateField, FilesField

TOKEN = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="secret">')
AT = datetime(2026, 11, 23, 16, 21, tzinfo=UTC)


class Everything(forms.Form):
    completed_on = DateField(label="Date completed", help_text="For example, 27 3 2026")
    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    reason = forms.CharField(label="Reason", max_length=20, widget=forms.Textarea)
    note = forms.CharField(required=False)
    account = forms.ChoiceField(
        label="Which account?", choices=[("main", "Main"), ("sub", "Sub")], widget=forms.RadioSelect
    )
    kinds = forms.MultipleChoiceField(
        choices=[("a", "One"), ("b", "Two")], widget=forms.CheckboxSelectMultiple, required=False
    )
    team = forms.ChoiceField(label="Team", choices=[("", "Choose a team"), ("review", "Reviews")])
    agreed = forms.BooleanField(label="I have read the letter")
    files = FilesField(label="Screenshots", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def draw(source: str, **context: Any) -> BeautifulSoup:
    """The parsed output of a small template; anything that is not well formed fails here."""
    return parse(engines.all()[0].from_string(source).render(context))


def parse(html: str) -> BeautifulSoup:
    parser = HTMLParser(strict=False)
    parser.parse(html if "<html" in html else f"<!DOCTYPE html><title>x</title><body>{html}")
    assert [code for _, code, _ in parser.errors] == []
    return BeautifulSoup(html, "html5lib")


def fields(form: forms.Form, source: str = "{{ fields(form) }}") -> BeautifulSoup:
    imports = (
        '{% from "design/forms.html" import error_summary, field, fields, submit %}'
        '{% from "design/form.html" import form_for with context %}'
    )
    return draw(imports + source, form=form, csrf_input=TOKEN)


def component(name: str, source: str, file: str = "components", **context: Any) -> BeautifulSoup:
    return draw(f'{{% from "design/{file}.html" import {name} with context %}}{source}', **context)


def link(text: str, href: str = "/x/", **more: Any) -> SimpleNamespace:
    return SimpleNamespace(text=text, href=href, **more)


def laid_out(request: HttpRequest | None = None, source: str = "", **context: Any) -> BeautifulSoup:
    blocks = "{% block title %}Cases{% endblock %}{% block content %}<h1>Cases</h1>{% endblock %}"
    page = '{% extends "design/layout.html" %}' + blocks + source
    return parse(engines.all()[0].from_string(page).render(context, request))


def layout(**more: Any) -> SimpleNamespace:
    menu = (link("Profile and settings", "/profile/"), SimpleNamespace(text="Sign out", post="/out/"))
    known = {
        "navigation": (link("Home", "/"), link("Open cases", "/open/", current=True)),
        "menu": menu,
        "bell_count": 3,
        "bell_href": "/bell/",
        "guide_href": "/guide/",
        "accessibility_href": "/accessibility/",
        "person_name": "Amina Khan",
        "demo": True,
    }
    return SimpleNamespace(**{**known, **more})


def words(soup: Any) -> str:
    return " ".join(soup.get_text(" ").split())


# Forms


def test_every_input_has_a_label_of_its_own() -> None:
    soup = fields(Everything())
    for shown in soup.select("input:not([type=hidden]), select, textarea"):
        assert len(soup.select(f'label[for="{shown["id"]}"]')) == 1, shown
    assert len({tag["id"] for tag in soup.select("[id]")}) == len(soup.select("[id]"))


def test_hint_and_error_are_named_by_aria_describedby() -> None:
    soup = fields(Everything({"completed_on-day": "31"}))
    group = soup.select_one("fieldset:has(#id_completed_on)")
    assert group["aria-describedby"].split() == ["id_completed_on-hint", "id_completed_on-error"]
    assert words(soup.select_one("#id_completed_on-error")) == "Error: Date completed must include a month and year"
    assert soup.select_one("#id_email")["aria-describedby"] == "id_email-error"


def test_only_the_missing_parts_of_a_date_are_marked() -> None:
    soup = fields(Everything({"completed_on-day": "31"}))
    marked = [part["id"] for part in soup.select("#id_completed_on input.govuk-input--error")]
    assert marked == ["id_completed_on-month", "id_completed_on-year"]
    assert soup.select_one("#id_completed_on-day")["value"] == "31"


def test_error_summary_leads_to_inputs_that_exist_in_the_order_of_the_page() -> None:
    form = Everything({"completed_on-day": "31"})
    form.add_error(None, "The task was withdrawn.")
    soup = fields(form, "{{ error_summary(form) }}{{ fields(form) }}")
    links = soup.select(".govuk-error-summary__list a")
    assert words(soup.select_one(".govuk-error-summary__list li")) == "The task was withdrawn."
    assert links[0]["href"] == "#id_completed_on-month"
    assert [shown["href"] for shown in links if not soup.select_one(shown["href"])] == []
    assert len(links) == 7


def test_no_summary_is_drawn_for_a_form_without_errors() -> None:
    assert fields(Everything(), "{{ error_summary(form) }}").select("div") == []


def test_stock_phrases_name_the_field_and_own_words_stay() -> None:
    form = Everything({"email": "nope", "reason": "x" * 21, "team": "other"})
    form.fields["password"].error_messages["required"] = "Type your password"
    errors = {shown["id"]: words(shown) for shown in fields(form).select(".govuk-error-message")}
    assert errors["id_email-error"].endswith("in the correct format, like name@landlord.example")
    assert errors["id_reason-error"] == "Error: Reason must be 20 characters or fewer"
    assert errors["id_password-error"] == "Error: Type your password"
    assert errors["id_account-error"] == "Error: Choose an answer"
    assert errors["id_team-error"] == "Error: Choose the team from the list"
    assert errors["id_agreed-error"] == "Error: Tick the box: I have read the letter"


def test_what_was_typed_comes_back_escaped_and_a_password_does_not() -> None:
    typed = {"reason": '</textarea><script>alert("1")</script>', "note": '"><b>', "password": "hunter22222"}
    soup = fields(Everything({**typed, "account": "sub", "kinds": ["b"], "team": "review"}))
    assert soup.select_one("textarea").get_text() == typed["reason"]
    assert soup.select_one("#id_note")["value"] == typed["note"]
    assert soup.select("script") == []
    assert not soup.select_one("#id_password").get("value")
    assert soup.select_one("input[type=radio][checked]")["value"] == "sub"
    assert soup.select_one("input[name=kinds][checked]")["value"] == "b"
    assert soup.select_one("option[selected]")["value"] == "review"


def test_password_has_a_show_button_and_its_autocomplete() -> None:
    soup = fields(Everything())
    assert soup.select_one("#id_password")["autocomplete"] == "current-password"
    assert soup.select_one(".govuk-password-input button[aria-controls=id_password]")["type"] == "button"
    assert soup.select_one("#id_email")["autocomplete"] == "username"
    assert soup.select_one("#id_email")["type"] == "email"


def test_a_limited_textarea_counts_and_does_not_cut() -> None:
    soup = fields(Everything())
    assert soup.select_one("[data-module=govuk-character-count]")["data-maxlength"] == "20"
    assert not soup.select("[maxlength]")


def test_only_fields_that_may_be_left_empty_say_optional() -> None:
    labels = [words(label) for label in fields(Everything()).select("label, legend")]
    assert [label for label in labels if "(optional)" in label] == [
        "Note (optional)",
        "Kinds (optional)",
        "Screenshots (optional)",
    ]


def test_several_files_may_be_chosen_at_once() -> None:
    shown = fields(Everything()).select_one("input[type=file]")
    assert "multiple" in shown.attrs
    assert shown["name"] == "files"


def test_a_form_carries_the_token_and_leaves_checking_to_the_server() -> None:
    source = '{% call form_for("/send/", files=true) %}{{ submit("Verify") }}{% endcall %}'
    form = fields(Everything(), source).select_one("form")
    assert form.select_one("input[name=csrfmiddlewaretoken]")["value"] == "secret"
    assert "novalidate" in form.attrs
    assert form["enctype"] == "multipart/form-data"
    assert form.select_one("button[type=submit]")["data-prevent-double-click"] == "true"


# The frame


def test_title_begins_with_error_when_a_form_has_one() -> None:
    assert laid_out().title.string == "Cases – Landlord Portal"
    assert laid_out(errors=True).title.string == "Error: Cases – Landlord Portal"
    assert laid_out(form=Everything({})).title.string == "Error: Cases – Landlord Portal"
    assert laid_out(form=Everything()).title.string == "Cases – Landlord Portal"


@pytest.mark.row("S26", "S28", "S29")
def test_top_right_holds_guide_accessibility_bell_and_person() -> None:
    tools = laid_out(layout=layout()).select_one(".portal-header__tools")
    assert [words(shown) for shown in tools.select(".portal-header__words")] == [
        "User guide",
        "Accessibility statement",
        "Notifications",
    ]
    assert tools.select_one('a[href="/bell/"]')["aria-label"] == "Notifications, 3 unread"
    assert words(tools.select_one("summary")) == "Profile and settings"


@pytest.mark.row("S17")
def test_person_menu_is_a_details_without_script_and_posts_to_sign_out() -> None:
    menu = laid_out(layout=layout(), csrf_input=TOKEN).select_one("details[data-module=portal-menu]")
    assert menu.select_one('a[href="/profile/"]')
    assert menu.select_one('form[action="/out/"][method=post] input[name=csrfmiddlewaretoken]')


def test_the_bell_says_no_number_when_nothing_is_unread() -> None:
    soup = laid_out(layout=layout(bell_count=0))
    assert soup.select_one('a[href="/bell/"]')["aria-label"] == "Notifications"
    assert soup.select(".portal-badge") == []


def test_navigation_marks_the_current_page_and_folds_children_into_a_menu() -> None:
    cases = link("Cases", "", current=True, children=[link("Open cases", "/open/"), link("Closed cases", "/closed/")])
    soup = laid_out(layout=layout(navigation=(link("Home", "/"), cases)))
    assert [words(shown) for shown in soup.select("nav .portal-menu__item")] == ["Open cases", "Closed cases"]
    flat = laid_out(layout=layout())
    assert words(flat.select_one("nav [aria-current=page]")) == "Open cases"


def test_the_frame_has_language_skip_link_demo_ribbon_and_nothing_inline() -> None:
    soup = laid_out(layout=layout())
    assert soup.html["lang"] == "en"
    assert soup.select_one("main")["id"] == soup.select_one(".govuk-skip-link")["href"].lstrip("#")
    assert "Demo: fictional people and landlords" in words(soup)
    assert soup.select("style, [style], script:not([src]), [onclick]") == []
    assert "fictional" not in words(laid_out(layout=layout(demo=False)))


def test_a_back_link_stands_in_a_landmark() -> None:
    back = '{% from "design/components.html" import back %}{% block before %}{{ back("/cases/") }}{% endblock %}'
    assert laid_out(source=back).select_one('nav[aria-label="Back"] a.govuk-back-link')["href"] == "/cases/"


def test_messages_after_an_action_are_announced_and_escaped() -> None:
    request = RequestFactory().get("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    add_message(request, constants.SUCCESS, "<b>Sent</b>")
    banner = laid_out(request, layout=layout()).select_one("[role=alert]")
    assert "<b>Sent</b>" in banner.get_text()
    assert "govuk-notification-banner--success" in banner["class"]


@pytest.mark.row("S4")
@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_every_error_page_shows_support_address_and_request_id(status: int) -> None:
    soup = parse(engines.all()[0].get_template("design/error.html").render({"status": status, "request_id": "f3a9"}))
    assert "portal@ombudsman.example" in words(soup.main)
    assert words(soup.select_one(".portal-reference")) == "f3a9"
    assert soup.title.string.startswith(words(soup.h1))
    assert len(soup.select("h1")) == 1


# Lists and records


@pytest.mark.row("S58")
@pytest.mark.parametrize(
    ("text", "colour"),
    [("New", "blue"), ("Pending", "blue"), ("Approaching", "yellow"), ("Overdue", "red"), ("Completed", "green")],
)
def test_a_status_has_its_colour_and_says_its_name(text: str, colour: str) -> None:
    tag = component("status_tag", "{{ status_tag(text) }}", text=text).strong
    assert tag.get_text() == text
    assert f"govuk-tag--{colour}" in tag["class"]


def test_pagination_counts_and_keeps_every_filter_of_the_address() -> None:
    request = RequestFactory().get("/cases/?status=a&status=b&q=O%27Neil+%26+Co&page=3")
    page = Paginator(range(300), 25).page(3)
    soup = component("pagination", "{{ pagination(page, request) }}", page=page, request=request)
    assert "Showing 51 to 75 of 300 results" in words(soup)
    assert soup.select_one('a[rel="next"]')["href"] == "?status=a&status=b&q=O%27Neil+%26+Co&page=4"
    assert words(soup.select_one("[aria-current=page]")) == "3"


def test_one_page_of_results_has_no_page_links() -> None:
    request = RequestFactory().get("/")
    soup = component(
        "pagination", '{{ pagination(page, request, "case") }}', page=Paginator([1], 25).page(1), request=request
    )
    assert words(soup) == "Showing 1 to 1 of 1 case"
    assert soup.select("nav") == []


@pytest.mark.row("S66", "S67")
def test_three_dot_menu_names_its_row() -> None:
    links = [link("Task completed", "/a/"), link("Unable to complete", "/b/")]
    soup = component("button_menu", '{{ button_menu("Options for " ~ title, links) }}', title="A & B", links=links)
    assert words(soup.summary) == "Options for A & B"
    assert [shown["href"] for shown in soup.select("details a")] == ["/a/", "/b/"]


@pytest.mark.row("S57", "S58")
def test_a_task_row_opens_its_details_by_the_arrow_at_the_left_of_its_status() -> None:
    source = (
        '{% call task_row(7, "Respond", "/t/7/", "Overdue", due, case="202601234", case_href="/c/", options=options) %}'
        "<p>Send it</p>{% endcall %}"
    )
    soup = component("task_row", source, "tasks", due=date(2026, 12, 3), options=[link("Task completed")])
    summary = soup.select_one("details.portal-disclosure > summary")
    assert [part.name for part in summary.find_all(recursive=False)] == ["svg", "strong", "span"]
    assert words(summary) == "Overdue Details of Respond"
    assert words(soup.select_one(".portal-disclosure__panel")) == "Send it"
    assert soup.select_one("time")["datetime"] == "2026-12-03"


def test_table_cells_carry_their_heading_for_narrow_screens() -> None:
    head = [{"text": "Reference", "sort": "?sort=ref", "sorted": "ascending"}, {"text": "Status"}]
    rows = [["202601234", "Determined"]]
    soup = component("data_table", '{{ data_table("Open cases", head, rows) }}', "tables", head=head, rows=rows)
    assert soup.select_one("td")["data-label"] == "Status"
    assert soup.select_one("tbody th")["scope"] == "row"
    assert soup.select_one("th[aria-sort=ascending] a")["href"] == "?sort=ref"
    assert words(soup.caption) == "Open cases"


@pytest.mark.row("S30")
def test_applied_filters_are_shown_with_ways_to_take_them_away() -> None:
    chips = [{"text": "Open cases"}, {"category": "Status", "text": "Determined", "href": "?q=x"}]
    source = '{% call filter_panel("Filter cases", chips, "/open/") %}<p>fields</p>{% endcall %}'
    soup = component("filter_panel", source, "filters", chips=chips)
    assert words(soup.select_one(".portal-applied__fixed")) == "Open cases"
    assert words(soup.select_one(".moj-filter__tag")) == "Remove this filter: Status: Determined"
    assert {shown["href"] for shown in soup.find_all("a", string="Clear filters")} == {"/open/"}
    assert soup.select_one("form")["method"] == "get"


def test_messages_stand_under_their_day_and_escape_what_people_wrote() -> None:
    items = [
        {
            "sender": "Dev",
            "at": AT,
            "text": "One\n\n<script>",
            "attachments": [{"name": "<i>.pdf", "href": "/d/", "size": 2048}],
        },
        {"sender": "Amina", "at": AT, "text": "Two", "mine": True},
    ]
    soup = component("messages", "{{ messages(items) }}", items=items)
    assert [words(day) for day in soup.select(".moj-message-list__date")] == ["23 November 2026"]
    assert soup.select("script, i") == []
    assert "<i>.pdf (2 kB)" in words(soup)
    assert len(soup.select(".moj-message-item--sent")) == 1


def test_timeline_shows_who_and_when() -> None:
    soup = component(
        "timeline", "{{ timeline(items) }}", items=[{"title": "Task set", "by": "Dev", "at": AT, "text": "a\nb"}]
    )
    assert words(soup) == "Task set by Dev 23 November 2026 at 4:21pm a b"
    assert soup.time["datetime"] == "2026-11-23T16:21:00+00:00"


def test_tabs_have_addresses_and_mark_the_current_one() -> None:
    items = [link("Overview", "/c/", current=True), link("Tasks", "/c/tasks/", count=3)]
    soup = component("sub_navigation", '{{ sub_navigation(items, "Case") }}', items=items)
    assert words(soup.select_one("[aria-current=page]")) == "Overview"
    assert words(soup.select_one('a[href="/c/tasks/"]')) == "Tasks (3)"


# Uploads


@pytest.mark.row("S73", "S74")
def test_upload_form_works_without_script_and_carries_the_words_for_it() -> None:
    soup = component(
        "upload_form", '{{ upload_form("/up/", too_large="{name} is too large") }}', "uploads", csrf_input=TOKEN
    )
    form = soup.form
    assert form["data-max-bytes"] == "20971520"
    assert form["data-too-large"] == "{name} is too large"
    assert form["enctype"] == "multipart/form-data"
    assert words(soup.select_one(f'label[for="{form.select_one("input[type=file]")["id"]}"]')) == "Browse documents"
    assert form.select_one("button[type=submit]")
    assert form.select_one("[aria-live=polite]")


@pytest.mark.row("S75")
def test_upload_row_asks_for_a_category_and_a_refused_one_says_why() -> None:
    rows = '{{ upload_row(1, "<b>.pdf", 9, kinds, category="r") }}{{ upload_row(2, "x.zip", 5, kinds, refusal="No") }}'
    soup = component("upload_row", f"<ul>{rows}</ul>", "uploads", kinds=[("t", "Tenancy"), ("r", "Repair log")])
    good, refused = soup.select("li[data-upload-row]")
    assert words(good.label) == "Category of <b>.pdf"
    assert good.select_one("option[selected]")["value"] == "r"
    assert words(good.select_one("button[name=remove][value='1']")) == "Remove <b>.pdf"
    assert refused.select("select") == []
    assert words(refused.select_one(".portal-upload-row__status")) == "Refused No"

"""Dates as people type them, several files, and the words for dates, sizes and counts."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from portal.lib import amounts
from portal.lib.errors import RuleBroken
from portal.pages.design import wording
from portal.pages.design.fields import DateField, FilesField, add_rule


class Due(forms.Form):
    due_on = DateField(label="Due date")


class Files(forms.Form):
    files = FilesField()


def typed(day: str = "", month: str = "", year: str = "") -> Due:
    return Due({"due_on-day": day, "due_on-month": month, "due_on-year": year})


@pytest.mark.parametrize("month", ["3", "03", "Mar", "march", "MARCH"])
def test_a_month_may_be_a_number_or_a_name(month: str) -> None:
    form = typed(" 27", month, "2026 ")
    assert form.is_valid()
    assert form.cleaned_data["due_on"] == date(2026, 3, 27)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("", "", ""), "Enter the due date"),
        (("27", "", "2026"), "Due date must include a month"),
        (("", "3", ""), "Due date must include a day and year"),
        (("27", "3", "26"), "Due date must include a year of 4 numbers, for example 2026"),
        (("31", "2", "2026"), "Due date must be a real date, for example 27 3 2026"),
        (("1", "Xyz", "2026"), "Due date must be a real date, for example 27 3 2026"),
        (("1", "3", "0000"), "Due date must be a real date, for example 27 3 2026"),
        (("1_0", "3", "2026"), "Due date must be a real date, for example 27 3 2026"),
        (("9" * 30, "3", "2026"), "Due date must be a real date, for example 27 3 2026"),
        (("1", "marble", "2026"), "Due date must be a real date, for example 27 3 2026"),
        (("²", "3", "2026"), "Due date must be a real date, for example 27 3 2026"),
    ],
)
def test_a_date_error_names_what_is_wrong(parts: tuple[str, str, str], words: str) -> None:
    assert typed(*parts).errors["due_on"] == [words]


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_whatever_is_typed_is_a_date_or_an_error(day: str, month: str, year: str) -> None:
    form = typed(day, month, year)
    assert form.is_valid() == isinstance(form.cleaned_data.get("due_on"), date)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_date_comes_back_as_it_was_typed(day: date) -> None:
    form = typed(str(day.day), str(day.month), f"{day.year:04}")
    assert form.is_valid()
    assert form.cleaned_data["due_on"] == day


def test_an_optional_date_may_be_left_empty() -> None:
    field = DateField(required=False)
    assert field.clean({"day": "", "month": "", "year": ""}) is None


def test_a_broken_rule_stands_beside_its_field_or_above_the_form() -> None:
    form = typed("27", "3", "2026")
    add_rule(form, RuleBroken("The date cannot be in the future.", field="due_on"))
    add_rule(form, RuleBroken("The task was withdrawn."))
    add_rule(form, RuleBroken("No such field here.", field="other"))
    assert form.errors["due_on"] == ["The date cannot be in the future"]
    assert form.non_field_errors() == ["The task was withdrawn.", "No such field here."]


def test_several_files_are_a_list() -> None:
    sent = [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")]
    form = Files({}, MultiValueDict({"files": sent}))
    assert form.is_valid()
    assert [file.name for file in form.cleaned_data["files"]] == ["a.txt", "b.txt"]
    assert Files({}, MultiValueDict()).errors["files"] == ["Choose at least one file"]


@pytest.mark.row("D9")
@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1,023 bytes"),
        (1024, "1 kB"),
        (178999, "175 kB"),
        (20_971_520, "20 MB"),
        (20_971_521, "20.1 MB"),
        (1024 * 1024, "1 MB"),
    ],
)
def test_a_size_reads_as_people_say_it(count: int, words: str) -> None:
    assert amounts.file_size(count) == words


@pytest.mark.row("D16")
def test_moments_are_shown_in_london() -> None:
    summer = datetime(2026, 6, 30, 23, 5, tzinfo=UTC)
    assert wording.moment(summer) == "1 July 2026 at 12:05am"
    assert wording.long_date(summer) == "1 July 2026"
    assert wording.short_date(date(2026, 11, 3)) == "3 Nov 2026"
    assert wording.iso(summer) == "2026-07-01T00:05:00+01:00"
    assert wording.moment(None) == wording.long_date(None) == ""


def test_counts_agree_with_their_noun() -> None:
    assert amounts.plural(1, "case") == "1 case"
    assert amounts.plural(1204, "case") == "1,204 cases"
    assert amounts.plural(2, "reply", "replies") == "2 replies"


def test_typed_text_keeps_its_lines_and_loses_its_markup() -> None:
    assert wording.lines("a\nb\n\n<b>") == "<p>a<br>b</p>\n\n<p>&lt;b&gt;</p>"

"""What the portal team and IT support fill in at the support desk."""

from datetime import date, datetime, time
from typing import Any

from django import forms

from portal.lib.clock import LONDON
from portal.pages.design.fields import DateField, IdempotencyField, ReplacingForm, TypedText
from portal.support.models import Notice, NoticeKind, TicketKind
from portal.support.notices import TEXT_LIMIT as NOTICE_LIMIT
from portal.support.states import State
from portal.support.writing import TEXT_LIMIT

_TIMES = ["%H:%M", "%H.%M", "%I:%M%p", "%I.%M%p", "%I%p"]
OPEN = "open"


class SupportFilter(forms.Form):
    """The filters of the list of reports."""

    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "All"), (OPEN, "Not resolved"), *State.choices]
    )
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "All"), *TicketKind.choices])
    words = forms.CharField(label="Number or e-mail address", required=False, max_length=100)


class AnswerForm(forms.Form):
    """One text, and what to do with it."""

    text = TypedText(
        label="Your answer",
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": TEXT_LIMIT}),
        error_messages={"required": "Enter your answer"},
    )
    then = forms.ChoiceField(
        label="What is it?",
        initial="answer",
        choices=[
            ("answer", "An answer to the reporter"),
            ("resolve", "An answer that resolves the report"),
            ("note", "A note that the reporter does not see"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is"},
    )


class FileMailForm(forms.Form):
    """Where an unfiled e-mail belongs."""

    reference = forms.CharField(
        label="Number of the report",
        help_text="For example, SR-000123 or IT-000123",
        max_length=20,
        error_messages={"required": "Enter the number of the report"},
    )


class NoticeForm(ReplacingForm):
    """A known issue or a service notice (B28). Times are London's."""

    kind = forms.ChoiceField(
        label="Kind",
        choices=NoticeKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the kind of notice"},
    )
    text = TypedText(
        label="What people should know",
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": NOTICE_LIMIT}),
        error_messages={"required": "Enter what people should know"},
    )
    starts_on = DateField(label="First day", required=False, help_text="Leave empty to show it at once")
    starts_at = forms.TimeField(label="From", required=False, input_formats=_TIMES, help_text="For example, 18:00")
    ends_on = DateField(label="Last day", required=False, help_text="Leave empty to show it until you take it down")
    ends_at = forms.TimeField(label="Until", required=False, input_formats=_TIMES, help_text="For example, 20:30")
    is_banner = forms.BooleanField(
        label="Show it at the top of every page",
        required=False,
        help_text="Also on the sign-in page. People see it within half a minute.",
    )
    once = IdempotencyField()

    def clean(self) -> dict[str, Any]:
        for day, hour in (("starts_on", "starts_at"), ("ends_on", "ends_at")):
            if self.cleaned_data.get(hour) and not self.cleaned_data.get(day) and day not in self.errors:
                self.add_error(day, "Enter the day, too")
        return self.cleaned_data

    def given(self) -> dict[str, Any]:
        """As the action takes it. A last day without a time counts to its end."""
        typed = self.cleaned_data
        return {
            "kind": typed["kind"],
            "text": typed["text"],
            "is_banner": typed["is_banner"],
            "starts_at": _moment(typed["starts_on"], typed["starts_at"] or time(0, 0)),
            "ends_at": _moment(typed["ends_on"], typed["ends_at"] or time(23, 59)),
        }


def of_notice(notice: Notice) -> dict[str, Any]:
    """What the form shows of a notice that is changed."""
    starts = notice.starts_at.astimezone(LONDON)
    ends = notice.ends_at.astimezone(LONDON) if notice.ends_at else None
    return {
        "seen": notice.version_token,
        "kind": notice.kind,
        "text": notice.text,
        "is_banner": notice.is_banner,
        "starts_on": starts.date(),
        "starts_at": f"{starts:%H:%M}",
        "ends_on": ends.date() if ends else None,
        "ends_at": f"{ends:%H:%M}" if ends else "",
    }


def _moment(day: date | None, hour: time) -> datetime | None:
    return datetime.combine(day, hour, tzinfo=LONDON) if day else None

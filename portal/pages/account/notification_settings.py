"""“Notification settings” behind the person icon: when e-mails come, for each kind of event (D2)."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from portal.access.actor import Actor
from portal.access.roles import Role
from portal.lib.errors import RuleBroken
from portal.notifications.choices import choice_of, choose_mails, pace_of
from portal.notifications.steps import Step
from portal.notifications.topics import Topic, paces_for, topics_for
from portal.pages.design.fields import add_rule
from portal.pages.guards import PortalRequest, signed_in
from portal.pages.shared.page import page

HINTS = {
    Topic.TASKS: "A new task, a changed or cancelled one, our answer to “unable to complete”",
    Topic.DEADLINES: "Of tasks, and the due dates of orders",
    Topic.DETERMINATIONS: "A determination is issued, we accept or return what you did on an order, a review is decided",
    Topic.REMINDERS: f"Of a deadline: {', '.join(list(Step)[:-1])} and {list(Step)[-1]}",
    Topic.ANSWERS: "Uploads, messages, completed tasks and confirmed orders on the cases that you own",
}
MISSING = "Choose when you want these e-mails"


class SettingsForm(forms.Form):
    """A choice for each kind of event that the person may choose, and the hours where the portal has any."""

    any_time = forms.ChoiceField(label="When e-mails may come", widget=forms.RadioSelect)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic in topics_for(actor):
            self.fields[topic.value] = forms.ChoiceField(
                label=topic.label,
                choices=[(pace.value, pace.label) for pace in paces_for(actor.role)],
                help_text=HINTS.get(topic, ""),
                error_messages={"required": MISSING, "invalid_choice": MISSING},
            )
        if settings.SENDING_HOURS is None:
            del self.fields["any_time"]
        else:
            hours = self.fields["any_time"]
            hours.choices = [("no", f"{_window()} on working days"), ("yes", "At any time, on any day")]  # type: ignore[attr-defined]
            hours.error_messages["required"] = "Choose when e-mails may come"
        self.order_fields([topic.value for topic in topics_for(actor)])

    def any_time_or(self, chosen: bool) -> bool:
        """What was chosen now; where e-mails leave at any time there is no such choice, and the former one is kept."""
        return self.cleaned_data["any_time"] == "yes" if "any_time" in self.fields else chosen


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def notification_settings(request: PortalRequest) -> HttpResponse:
    actor = request.actor
    form = SettingsForm(request.POST if request.method == "POST" else None, actor=actor, initial=_chosen(actor))
    if request.method == "POST" and form.is_valid():
        try:
            any_time = form.any_time_or(choice_of(actor.user_id).any_time)
            choose_mails(paces=form.cleaned_data, any_time=any_time, by=actor)
        except RuleBroken as error:
            add_rule(form, error)
        else:
            messages.success(request, "Your notification settings are saved.")
            return redirect("account:notifications")
    context = {
        "form": form,
        "errors": bool(form.errors),
        "topics": [topic.value for topic in topics_for(actor)],
        "is_administrator": actor.role is Role.ADMINISTRATOR,
        "an_hour": settings.MAILS_AN_HOUR,
    }
    return page(request, "account/notification_settings.html", context)


def _chosen(actor: Actor) -> dict[str, str]:
    choice = choice_of(actor.user_id)
    paces = {topic.value: pace_of(choice, topic, role=actor.role).value for topic in topics_for(actor)}
    return {**paces, "any_time": "yes" if choice.any_time else "no"}


def _window() -> str:
    return " to ".join(f"{at:%I:%M%p}".lstrip("0").replace(":00", "").lower() for at in settings.SENDING_HOURS or ())

"""The filters of the e-mail log and of the notifications beside it."""

from django import forms

from portal.pages.design.fields import EVERYTHING


class MailFilter(forms.Form):
    """The filters of the e-mail log."""

    STATES = (("waiting", "Waiting to be sent"), ("claimed", "Being sent"), ("done", "Sent"), ("failed", "Failed"))

    state = forms.ChoiceField(label="State", required=False, choices=[*EVERYTHING, *STATES])
    address = forms.CharField(label="E-mail address", required=False, max_length=254, help_text="All or part of it")


class NotificationFilter(forms.Form):
    """The filter of the notifications beside the e-mail log."""

    address = forms.CharField(label="E-mail address", required=False, max_length=254, help_text="All or part of it")

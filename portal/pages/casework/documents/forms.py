"""What a caseworker fills in to add a document."""

from django import forms

from portal.content.words import categories
from portal.documents.models import Visibility
from portal.files.inspection import LIMIT_WORDS
from portal.pages.design.fields import IdempotencyField


class DocumentForm(forms.Form):
    """A document that the service adds."""

    file = forms.FileField(
        label="File",
        allow_empty_file=True,
        help_text=f"Up to {LIMIT_WORDS}, under the same rules as for landlords",
        error_messages={"required": "Choose a file"},
    )
    category = forms.ChoiceField(
        label="Category",
        choices=lambda: [("", "Choose a category"), *categories()],
        error_messages={"required": "Choose a category"},
    )
    visibility = forms.ChoiceField(
        label="Who may see it",
        choices=Visibility.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who may see the document"},
    )
    once = IdempotencyField()

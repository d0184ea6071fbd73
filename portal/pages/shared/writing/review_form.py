"""The grounds on which a review is asked for, as the landlord chooses them and the service records them for the resident."""

from typing import Any

from django import forms

EVIDENCE, FACTS = "new-evidence", "facts"


class GroundsForm(forms.Form):
    """The areas add the text and why it comes late, in words of their own."""

    grounds = forms.MultipleChoiceField(
        label="On what grounds?",
        choices=[(EVIDENCE, "There is new evidence"), (FACTS, "The facts that the determination relies on are wrong")],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one ground for the review"},
    )

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        given = dict(self.cleaned_data)
        grounds = given.pop("grounds")
        return {"on_new_evidence": EVIDENCE in grounds, "on_facts": FACTS in grounds, **given}

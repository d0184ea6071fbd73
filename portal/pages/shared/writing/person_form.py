"""The boxes for a new person: name and e-mail address."""

from django import forms

from portal.pages.design.fields import AddressField


def name_field(label: str = "Name", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=200,
        required=required,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter the person’s name", "max_length": "Use 200 characters or fewer"},
    )


def address_field(label: str = "E-mail address", *, hint: str = "", required: bool = True) -> AddressField:
    return AddressField(
        label=label,
        max_length=254,
        required=required,
        help_text=hint,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter the e-mail address",
            "invalid": "Enter an e-mail address in the correct format, like name@example.com",
            "max_length": "Use 254 characters or fewer",
        },
    )


class PersonForm(forms.Form):
    """A new user (S89)."""

    name = name_field()
    email = address_field(hint="It is the username. The link to make a password and all codes go there.")

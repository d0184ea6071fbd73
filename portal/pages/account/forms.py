"""What is typed when signing in and on the account pages: labels and first checks. Rules are in portal/accounts."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from portal.accounts import actions, known_browsers, passwords, rate_limits
from portal.accounts.models import User
from portal.accounts.rate_limits import Kind
from portal.lib import pasted
from portal.lib.errors import RuleBroken
from portal.pages import visitor
from portal.pages.account import browser_cookie
from portal.pages.design.fields import AddressField, PasswordField, add_rule

CODE_LENGTH, RECOVERY_LENGTH = 6, 8  # digits
WRONG = "The e-mail address or password is not right. Check both and try again."
_ADDRESS_ERRORS = {
    "required": "Enter your e-mail address",
    "invalid": "Enter an e-mail address in the correct format, like name@example.com",
}


def address_field() -> AddressField:
    return AddressField(
        label="E-mail address",
        max_length=254,
        error_messages=_ADDRESS_ERRORS,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )


def password_field(label: str, *, autocomplete: str, missing: str, hint: str = "") -> PasswordField:
    return PasswordField(
        label=label,
        strip=False,
        max_length=passwords.LONGEST * 4,
        help_text=hint,
        error_messages={"required": missing, "max_length": f"A password has {passwords.LONGEST} characters or fewer"},
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class SignInForm(forms.Form):
    """Address and password. Right ones put the person into `user`; all else is refused in the same words."""

    login = address_field()
    password = password_field("Password", autocomplete="current-password", missing="Enter your password")
    user: User | None = None

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            try:
                self._try(self.cleaned_data["login"], self.cleaned_data["password"])
            except RuleBroken as pause:
                add_rule(self, pause)
        return self.cleaned_data

    def _try(self, address: str, password: str) -> None:
        browser = known_browsers.counter_of(address, browser_cookie.read(self.request))
        if not browser:
            rate_limits.begin(Kind.SIGN_IN_IP, rate_limits.subject_of(visitor.network_of(self.request)))
        subject = rate_limits.subject_of(address)
        attempt = rate_limits.begin(Kind.PASSWORD, subject, browser=browser)
        user = authenticate(self.request, email=address, password=password)
        if not isinstance(user, User):
            actions.password_was_wrong(address, attempt, ip=visitor.ip_of(self.request))
            raise RuleBroken(WRONG, field="login")
        attempt.succeeded()
        rate_limits.check(Kind.CODE, subject, browser=browser)
        self.user = user


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Enter code",
        max_length=60,
        error_messages={
            "required": "Enter the code from the e-mail",
            "max_length": "Enter the 6 numbers from the e-mail",
        },
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        """What cannot be a code is refused here, before it counts as a try."""
        code = pasted.code(str(self.cleaned_data["code"]))
        if not (code.isascii() and code.isdigit() and len(code) == CODE_LENGTH):
            raise ValidationError(self.fields["code"].error_messages["max_length"])
        return code


class FactorForm(forms.Form):
    """A code of the app or a recovery code; or what the passkey answered, which a script puts in."""

    code = forms.CharField(
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
    )
    credential = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kinds: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        has_app, has_codes = "totp" in kinds, "recovery_codes" in kinds
        both = "Code from your authenticator app, or a recovery code"
        label = both if has_app and has_codes else "Code from your authenticator app" if has_app else "Recovery code"
        self.fields["code"].label = label

    def clean_code(self) -> str:
        """What can be neither kind of code is refused here, before it counts as a try."""
        code = pasted.code(str(self.cleaned_data["code"]))
        if code and not (code.isascii() and code.isdigit() and len(code) in (CODE_LENGTH, RECOVERY_LENGTH)):
            raise ValidationError(f"Enter the {CODE_LENGTH} numbers that your app shows, or a recovery code")
        return code

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("credential") and not self.cleaned_data.get("code") and not self.errors:
            self.add_error("code", "Enter a code")
        return self.cleaned_data


class AppForm(CodeForm):
    code = forms.CharField(
        label="Code that the app shows",
        max_length=60,
        error_messages={
            "required": "Enter the code that your app shows",
            "max_length": "Enter the 6 numbers that your app shows",
        },
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
    )


class PasskeyForm(forms.Form):
    name = forms.CharField(
        label="Name of the passkey",
        help_text="So that you know it again, for example “Work laptop”",
        max_length=60,
        error_messages={"required": "Enter a name for the passkey"},
    )
    credential = forms.CharField(required=False, widget=forms.HiddenInput)


class ConfirmForm(forms.Form):
    password = password_field("Your password", autocomplete="current-password", missing="Enter your password")


class AddressForm(forms.Form):
    email = address_field()


class NewPasswordForm(forms.Form):
    password = password_field(
        "New password", autocomplete="new-password", missing="Enter a new password", hint=passwords.HINT
    )
    again = password_field(
        "Type the new password again", autocomplete="new-password", missing="Type the new password again"
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._person = person

    def clean_password(self) -> str:
        """Its strength is told even while the second field is empty: one correction instead of two."""
        password: str = self.cleaned_data["password"]
        try:
            passwords.check_new(password, self._person)
        except RuleBroken as weak:
            raise ValidationError(weak.words) from None
        return password

    def clean(self) -> dict[str, Any]:
        first, again = self.cleaned_data.get("password"), self.cleaned_data.get("again")
        if first and again and first != again:
            self.add_error("again", "The two passwords are not the same")
        return self.cleaned_data


class ChangePasswordForm(NewPasswordForm):
    current = password_field("Current password", autocomplete="current-password", missing="Enter your current password")
    field_order = ["current", "password", "again"]

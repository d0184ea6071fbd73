"""The steps after the password: an app or a passkey for who has one, else the button before the code is mailed (S15)."""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.stages import LoginStage
from allauth.core.internal.httpkit import headed_redirect_response
from django.http import HttpResponse

from portal.accounts import factors


class FactorStage(LoginStage):
    """For people with an app or a passkey. Who came by a passkey has shown both factors already."""

    key = "second_step"
    urlname = "account_second_step"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if not factors.has_own(self.login.user.pk) or self._came_by_passkey():
            return None, True
        return headed_redirect_response("account_second_step"), True

    def _came_by_passkey(self) -> bool:
        records = get_authentication_records(self.request, self.login.user)
        return any(record["method"] == "mfa" and record.get("passwordless") for record in records)


class SendCodeStage(LoginStage):
    """Stands before the library's own step that mails the code and asks for it."""

    key = "send_code"
    urlname = "account_send_code"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if factors.has_own(self.login.user.pk):
            return None, True
        return headed_redirect_response("account_send_code"), True

"""The step between password and code: no code is mailed before the person presses the button (S15)."""

from allauth.account.stages import LoginStage
from allauth.core.internal.httpkit import headed_redirect_response
from django.http import HttpResponse


class SendCodeStage(LoginStage):
    """Stands before the library's own step that mails the code and asks for it."""

    key = "send_code"
    urlname = "account_send_code"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        return headed_redirect_response("account_send_code"), True

"""The addresses of signing in and of the account. The sign-in library's own are never included: only these exist.

The first list keeps the names by which the library finds its pages.
"""

from django.urls import include, path

from portal.pages.account import (
    factors,
    notification_settings,
    passkeys,
    passwords,
    profile,
    second_step,
    session,
    sign_in,
    step_up,
)

_account = [
    path("", profile.profile, name="profile"),
    path("session/", session.session, name="session"),
    path("notifications/", notification_settings.notification_settings, name="notifications"),
    path("password/", profile.password, name="password"),
    path("confirm/", step_up.confirm, name="confirm"),
    path("two-factor/", factors.listing, name="factors"),
    path("two-factor/app/", factors.add_app, name="app_add"),
    path("two-factor/passkey/", passkeys.add, name="passkey_add"),
    path("two-factor/recovery-codes/", factors.recovery_codes, name="recovery_codes"),
    path("two-factor/recovery-codes/file/", factors.recovery_codes_file, name="recovery_codes_file"),
    path("two-factor/<int:factor_id>/remove/", factors.remove, name="factor_remove"),
    path("devices/", profile.devices, name="devices"),
    path("devices/<int:session_id>/sign-out/", profile.end_device, name="end_device"),
    path("devices/sign-out-others/", profile.end_other_devices, name="end_other_devices"),
]

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-in/send-code/", sign_in.send_code, name="account_send_code"),
    path("sign-in/code/", sign_in.enter_code, name="account_confirm_login_code"),
    path("sign-in/code/again/", sign_in.resend_code, name="account_resend_code"),
    path("sign-in/second-step/", second_step.second_step, name="account_second_step"),
    path("sign-in/passkey/", passkeys.sign_in, name="account_passkey"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("forgotten-password/", passwords.forgotten_password, name="account_reset_password"),
    path("forgotten-password/sent/", passwords.link_sent, name="account_reset_password_done"),
    path("new-password/<str:token>/", passwords.new_password, name="account_reset_password_from_key"),
    path("account/", include((_account, "account"))),
]

"""The addresses of signing in and of the account. The sign-in library's own are never included: only these exist.

The first list keeps the names by which the library finds its pages.
"""

from django.urls import include, path

from portal.pages.account import notification_settings, passwords, profile, sign_in

_account = [
    path("", profile.profile, name="profile"),
    path("notifications/", notification_settings.notification_settings, name="notifications"),
    path("password/", profile.password, name="password"),
    path("devices/", profile.devices, name="devices"),
    path("devices/<int:session_id>/sign-out/", profile.end_device, name="end_device"),
    path("devices/sign-out-others/", profile.end_other_devices, name="end_other_devices"),
]

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-in/send-code/", sign_in.send_code, name="account_send_code"),
    path("sign-in/code/", sign_in.enter_code, name="account_confirm_login_code"),
    path("sign-in/code/again/", sign_in.resend_code, name="account_resend_code"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("forgotten-password/", passwords.forgotten_password, name="account_reset_password"),
    path("forgotten-password/sent/", passwords.link_sent, name="account_reset_password_done"),
    path("new-password/<str:token>/", passwords.new_password, name="account_reset_password_from_key"),
    path("account/", include((_account, "account"))),
]

"""Addresses of the e-mail log."""

from django.urls import path

from portal.pages.office.mail import views

urlpatterns = [
    path("mail/", views.mail_log, name="mail_log"),
    path("mail/notifications/", views.notifications, name="mail_notifications"),
]

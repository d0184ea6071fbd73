"""Addresses that both audiences use."""

from django.urls import path

from portal.pages.shared import access, notifications

app_name = "shared"
urlpatterns = [
    path("your-access/", access.your_access, name="your_access"),
    path("notifications/", notifications.listing, name="notifications"),
    path("notifications/<int:entry_id>/", notifications.follow, name="notification"),
    path("notifications/all-read/", notifications.all_read, name="notifications_all_read"),
]

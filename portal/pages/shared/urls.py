"""Addresses that both audiences use."""

from django.urls import path

from portal.pages.shared import access, notifications
from portal.pages.shared.lists import saved_filters as filters
from portal.pages.shared.writing import drafts

app_name = "shared"
urlpatterns = [
    path("your-access/", access.your_access, name="your_access"),
    path("notifications/", notifications.listing, name="notifications"),
    path("notifications/all-read/", notifications.all_read, name="notifications_all_read"),
    path("drafts/", drafts.listing, name="drafts"),
    path("drafts/<int:draft_id>/discard/", drafts.discard, name="draft_discard"),
    path("filters/", filters.filters, name="filters"),
    path("filters/new/<slug:key>/", filters.filter_new, name="filter_new"),
    path("filters/<int:filter_id>/", filters.filter_change, name="filter"),
    path("filters/<int:filter_id>/delete/", filters.filter_delete, name="filter_delete"),
]

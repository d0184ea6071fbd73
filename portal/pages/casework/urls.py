"""Addresses of the caseworkers' pages, under /casework/. Each area adds its own."""

from django.urls import path

from portal.pages.casework import messages, search
from portal.pages.casework.cases import urls as cases
from portal.pages.casework.determination import urls as determination
from portal.pages.casework.documents import urls as documents
from portal.pages.casework.tasks import urls as tasks
from portal.pages.casework.worklist import views

app_name = "casework"
urlpatterns = [
    path("", views.worklist, name="worklist"),
    path("worklist/<slug:key>/", views.queue, name="queue"),
    path("search/", search.search, name="search"),
    path("cases/<slug:reference>/messages/", messages.messages, name="messages"),
    path("cases/<slug:reference>/messages/new/", messages.message_new, name="message_new"),
    path("cases/<slug:reference>/messages/<int:thread_id>/", messages.thread, name="thread"),
    *cases.urlpatterns,
    *tasks.urlpatterns,
    *documents.urlpatterns,
    *determination.urlpatterns,
]

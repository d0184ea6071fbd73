"""Addresses of the documents of a case."""

from django.urls import path

from portal.pages.casework.documents import views

urlpatterns = [
    path("cases/<slug:reference>/documents/", views.documents, name="documents"),
    path("cases/<slug:reference>/documents/new/", views.document_new, name="document_new"),
    path("cases/<slug:reference>/documents/seen/", views.uploads_seen, name="uploads_seen"),
    path("cases/<slug:reference>/documents/<int:document_id>/", views.document, name="document"),
]

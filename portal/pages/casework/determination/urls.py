"""The addresses of a case's determination, its orders and reviews, for the service."""

from django.urls import path

from portal.pages.casework.determination import steps, views

CASE = "cases/<slug:reference>"
DRAFT = f"{CASE}/determination/draft"
urlpatterns = [
    path(f"{CASE}/determination/", views.determination, name="determination"),
    path(f"{CASE}/determination/issue/", views.determination_issue, name="determination_issue"),
    path(f"{CASE}/determination/resident-letter/", views.resident_letter, name="resident_letter"),
    path(f"{DRAFT}/", views.draft_new, name="draft_new"),
    path(f"{DRAFT}/discard/", views.draft_discard, name="draft_discard"),
    path(f"{DRAFT}/letter/<slug:to>/", views.draft_letter, name="draft_letter"),
    path(f"{DRAFT}/<slug:part>/new/", views.draft_row_new, name="draft_row_new"),
    path(f"{DRAFT}/<slug:part>/<int:row_id>/", views.draft_row, name="draft_row"),
    path(f"{DRAFT}/<slug:part>/<int:row_id>/remove/", views.draft_row_remove, name="draft_row_remove"),
    path(f"{CASE}/orders/<int:order_id>/accept/", steps.order_accept, name="order_accept"),
    path(f"{CASE}/orders/<int:order_id>/return/", steps.order_return, name="order_return"),
    path(f"{CASE}/orders/<int:order_id>/due-date/", steps.order_extend, name="order_extend"),
    path(f"{CASE}/review/new/", steps.review_new, name="review_new"),
    path(f"{CASE}/review/late/", steps.review_lateness, name="review_lateness"),
    path(f"{CASE}/review/outcome/", steps.review_outcome, name="review_outcome"),
]

"""Addresses of a case's determination, for its landlord."""

from django.urls import path

from portal.pages.landlord.determination import views

urlpatterns = [
    path("cases/<slug:reference>/determination/", views.determination, name="determination"),
    path("cases/<slug:reference>/orders/<int:order_id>/confirm/", views.order_confirm, name="order_confirm"),
    path(
        "cases/<slug:reference>/recommendations/<int:recommendation_id>/", views.recommendation, name="recommendation"
    ),
    path("cases/<slug:reference>/review/", views.review_ask, name="review_ask"),
]

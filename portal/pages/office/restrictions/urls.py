"""Addresses of restrictions of access."""

from django.urls import path

from portal.pages.office.restrictions import views

urlpatterns = [
    path("landlords/<int:landlord_id>/people/<int:user_id>/restrict/", views.restrict, name="restrict"),
    path("restrictions/", views.restrictions, name="restrictions"),
    path("restrictions/<int:restriction_id>/", views.restriction, name="restriction"),
    path("restrictions/<int:restriction_id>/level/", views.restriction_change, name="restriction_change"),
    path("restrictions/<int:restriction_id>/review/", views.restriction_review, name="restriction_review"),
    path("restrictions/<int:restriction_id>/lift/", views.restriction_lift, name="restriction_lift"),
]

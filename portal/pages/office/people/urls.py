"""Addresses of the people of the service."""

from django.urls import path

from portal.pages.office.people import second_factors, views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/new/", views.person_new, name="person_new"),
    path("people/<int:staff_id>/", views.person, name="person"),
    path("people/<int:staff_id>/reset-password/", views.person_reset, name="person_reset"),
    path("people/<int:staff_id>/deactivate/", views.person_deactivate, name="person_deactivate"),
    path("people/<int:staff_id>/reactivate/", views.person_reactivate, name="person_reactivate"),
    path("people/<int:user_id>/two-factor/", second_factors.reset, name="factors"),
]

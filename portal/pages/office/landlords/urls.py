"""Addresses of the register of landlords and of their accounts."""

from django.urls import path

from portal.pages.office.landlords import account, views

urlpatterns = [
    path("landlords/", views.landlords, name="landlords"),
    path("landlords/invite/", views.landlord_invite, name="landlord_invite"),
    path("landlords/<int:landlord_id>/", views.landlord, name="landlord"),
    path("landlords/<int:landlord_id>/invite-again/", views.landlord_invite_again, name="landlord_invite_again"),
    path("landlords/<int:landlord_id>/limit/", account.limit, name="landlord_limit"),
    path("landlords/<int:landlord_id>/hand-over/", account.hand_over, name="landlord_hand_over"),
    path("landlords/<int:landlord_id>/people/<int:member_id>/address/", account.address, name="landlord_address"),
]

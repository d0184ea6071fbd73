"""The addresses at which the portal team looks after accounts: a landlord's, and the service's own."""

from django.urls import path

from portal.pages.casework import landlord_account, people

urlpatterns = [
    path("landlords/<int:landlord_id>/limit/", landlord_account.limit, name="landlord_limit"),
    path("landlords/<int:landlord_id>/hand-over/", landlord_account.hand_over, name="landlord_hand_over"),
    path(
        "landlords/<int:landlord_id>/people/<int:member_id>/address/", landlord_account.address, name="landlord_address"
    ),
    path("people/", people.people, name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/<int:staff_id>/", people.person, name="person"),
    path("people/<int:staff_id>/reset-password/", people.person_reset, name="person_reset"),
    path("people/<int:staff_id>/deactivate/", people.person_deactivate, name="person_deactivate"),
    path("people/<int:staff_id>/reactivate/", people.person_reactivate, name="person_reactivate"),
]

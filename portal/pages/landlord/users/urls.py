"""The addresses at which the administrator looks after the landlord's users."""

from django.urls import path

from portal.pages.landlord.users import views as users

urlpatterns = [
    path("users/", users.users, name="users"),
    path("users/new/", users.user_new, name="user_new"),
    path("users/<int:member_id>/reset-password/", users.user_reset, name="user_reset"),
    path("users/<int:member_id>/deactivate/", users.user_deactivate, name="user_deactivate"),
    path("users/<int:member_id>/reactivate/", users.user_reactivate, name="user_reactivate"),
]

"""The demo's own addresses; portal/config/urls.py includes them only in demo mode."""

from django.urls import path

from portal.demo import views

app_name = "demo"
urlpatterns = [
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<str:name>/", views.mail, name="mail"),
]

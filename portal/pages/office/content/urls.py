"""Addresses of the content that the portal team edits: words, categories, calendar."""

from django.urls import path

from portal.pages.office.content import lists, views

urlpatterns = [
    path("content/", views.content, name="content"),
    path("content/words/<str:word>/", views.content_words, name="content_words"),
    path("content/words/<str:word>/reset/", views.content_words_reset, name="content_words_reset"),
    path("content/categories/", lists.categories, name="categories"),
    path("content/categories/<slug:code>/", lists.category, name="category"),
    path("content/categories/<slug:code>/retire/", lists.category_retire, name="category_retire"),
    path("content/calendar/", lists.calendar, name="calendar"),
    path("content/calendar/<int:closure_id>/remove/", lists.closure_remove, name="closure_remove"),
]

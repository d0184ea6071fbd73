"""The addresses of restrictions and of the portal team's content, under /casework/."""

from django.urls import path

from portal.pages.casework import content, content_lists, restrictions

urlpatterns = [
    path("landlords/<int:landlord_id>/people/<int:user_id>/restrict/", restrictions.restrict, name="restrict"),
    path("restrictions/", restrictions.restrictions, name="restrictions"),
    path("restrictions/<int:restriction_id>/", restrictions.restriction, name="restriction"),
    path("restrictions/<int:restriction_id>/level/", restrictions.restriction_change, name="restriction_change"),
    path("restrictions/<int:restriction_id>/review/", restrictions.restriction_review, name="restriction_review"),
    path("restrictions/<int:restriction_id>/lift/", restrictions.restriction_lift, name="restriction_lift"),
    path("content/", content.content, name="content"),
    path("content/words/<str:word>/", content.content_words, name="content_words"),
    path("content/words/<str:word>/reset/", content.content_words_reset, name="content_words_reset"),
    path("content/categories/", content_lists.categories, name="categories"),
    path("content/categories/<slug:code>/", content_lists.category, name="category"),
    path("content/categories/<slug:code>/retire/", content_lists.category_retire, name="category_retire"),
    path("content/calendar/", content_lists.calendar, name="calendar"),
    path("content/calendar/<int:closure_id>/remove/", content_lists.closure_remove, name="closure_remove"),
]

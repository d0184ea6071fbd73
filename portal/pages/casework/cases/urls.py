"""Addresses of cases: the list, one case and what is done to it."""

from django.urls import path

from portal.pages.casework.cases import case, lists

urlpatterns = [
    path("cases/", lists.cases, name="cases"),
    path("cases/new/", lists.case_new, name="case_new"),
    path("cases/<slug:reference>/", case.overview, name="case"),
    path("cases/<slug:reference>/release/", case.case_release, name="case_release"),
    path("cases/<slug:reference>/status/", case.case_move, name="case_move"),
    path("cases/<slug:reference>/owner/", case.case_hand_over, name="case_hand_over"),
]

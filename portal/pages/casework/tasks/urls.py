"""Addresses of the tasks of a case."""

from django.urls import path

from portal.pages.casework.tasks import steps, views

urlpatterns = [
    path("cases/<slug:reference>/tasks/", views.case_tasks, name="case_tasks"),
    path("cases/<slug:reference>/tasks/new/", views.task_new, name="task_new"),
    path("tasks/<int:task_id>/", views.task, name="task"),
    path("tasks/<int:task_id>/accept/", steps.task_accept, name="task_accept"),
    path("tasks/<int:task_id>/return/", steps.task_return, name="task_return"),
    path("tasks/<int:task_id>/extend/", steps.task_extend, name="task_extend"),
    path("tasks/<int:task_id>/change/", steps.task_change, name="task_change"),
    path("tasks/<int:task_id>/cancel/", steps.task_cancel, name="task_cancel"),
    path("tasks/<int:task_id>/answer/", steps.task_answer, name="task_answer"),
]

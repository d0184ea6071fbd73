"""The addresses of a landlord's pages, in the guide's words."""

from django.urls import path

from portal.pages.landlord import home, search
from portal.pages.landlord.cases import case
from portal.pages.landlord.cases import lists as cases
from portal.pages.landlord.determination import urls as determination_urls
from portal.pages.landlord.documents import urls as document_urls
from portal.pages.landlord.tasks import views as tasks
from portal.pages.landlord.users import urls as user_urls

app_name = "landlord"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("cases/", cases.all_cases, name="cases"),
    path("cases/open/", cases.open_cases, name="open_cases"),
    path("cases/closed/", cases.closed_cases, name="closed_cases"),
    path("cases/<slug:reference>/", case.overview, name="case"),
    path("cases/<slug:reference>/tasks/", case.case_tasks, name="case_tasks"),
    path("messages/", home.unread_messages, name="unread_messages"),
    path("tasks/", tasks.listing, name="tasks"),
    path("tasks/<int:task_id>/", tasks.task, name="task"),
    path("tasks/<int:task_id>/completed/", tasks.task_completed, name="task_completed"),
    path("tasks/<int:task_id>/unable/", tasks.task_unable, name="task_unable"),
    path("tasks/<int:task_id>/assign/", tasks.task_assign, name="task_assign"),
]
urlpatterns += document_urls.urlpatterns + user_urls.urlpatterns + determination_urls.urlpatterns

"""The addresses of the caseworkers' and the portal team's pages, under /casework/."""

from django.urls import path

from portal.pages.casework import (
    case,
    cases,
    content_urls,
    determination_urls,
    documents,
    landlords,
    mail_log,
    messages,
    people_urls,
    search,
    second_factors,
    support_urls,
    task_steps,
    tasks,
    worklist,
)

app_name = "casework"
urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("worklist/<slug:key>/", worklist.queue, name="queue"),
    path("search/", search.search, name="search"),
    path("cases/", cases.cases, name="cases"),
    path("cases/new/", cases.case_new, name="case_new"),
    path("cases/<slug:reference>/", case.overview, name="case"),
    path("cases/<slug:reference>/release/", case.case_release, name="case_release"),
    path("cases/<slug:reference>/status/", case.case_move, name="case_move"),
    path("cases/<slug:reference>/owner/", case.case_hand_over, name="case_hand_over"),
    path("cases/<slug:reference>/tasks/", tasks.case_tasks, name="case_tasks"),
    path("cases/<slug:reference>/tasks/new/", tasks.task_new, name="task_new"),
    path("tasks/<int:task_id>/", tasks.task, name="task"),
    path("tasks/<int:task_id>/accept/", task_steps.task_accept, name="task_accept"),
    path("tasks/<int:task_id>/return/", task_steps.task_return, name="task_return"),
    path("tasks/<int:task_id>/extend/", task_steps.task_extend, name="task_extend"),
    path("tasks/<int:task_id>/change/", task_steps.task_change, name="task_change"),
    path("tasks/<int:task_id>/cancel/", task_steps.task_cancel, name="task_cancel"),
    path("tasks/<int:task_id>/answer/", task_steps.task_answer, name="task_answer"),
    path("cases/<slug:reference>/documents/", documents.documents, name="documents"),
    path("cases/<slug:reference>/documents/new/", documents.document_new, name="document_new"),
    path("cases/<slug:reference>/documents/seen/", documents.uploads_seen, name="uploads_seen"),
    path("cases/<slug:reference>/documents/<int:document_id>/", documents.document, name="document"),
    path("cases/<slug:reference>/messages/", messages.messages, name="messages"),
    path("cases/<slug:reference>/messages/new/", messages.message_new, name="message_new"),
    path("cases/<slug:reference>/messages/<int:thread_id>/", messages.thread, name="thread"),
    path("landlords/", landlords.landlords, name="landlords"),
    path("landlords/invite/", landlords.landlord_invite, name="landlord_invite"),
    path("landlords/<int:landlord_id>/", landlords.landlord, name="landlord"),
    path("people/<int:user_id>/two-factor/", second_factors.reset, name="factors"),
    path("landlords/<int:landlord_id>/invite-again/", landlords.landlord_invite_again, name="landlord_invite_again"),
    path("mail/", mail_log.mail_log, name="mail_log"),
    path("mail/notifications/", mail_log.notifications, name="mail_notifications"),
]
urlpatterns += content_urls.urlpatterns + people_urls.urlpatterns
urlpatterns += support_urls.urlpatterns + determination_urls.urlpatterns

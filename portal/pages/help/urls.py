"""The addresses of the help pages, under /help/."""

from django.urls import path

from portal.pages.help import chat, reports, start

app_name = "help"
urlpatterns = [
    path("", start.start, name="help"),
    path("known-issues/", start.known_issues, name="known_issues"),
    path("report/", reports.report, name="report"),
    path("report/sent/", reports.report_sent, name="report_sent"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<int:report_id>/", reports.ticket, name="ticket"),
    path("reports/<int:report_id>/files/<int:file_id>/", reports.ticket_file, name="ticket_file"),
    path("follow/<str:token>/", reports.follow, name="follow"),
    path("chat/", chat.chat, name="chat"),
]

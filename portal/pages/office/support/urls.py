"""The addresses of the support desk, under /casework/support/."""

from django.urls import path

from portal.pages.office.support import desk, views

urlpatterns = [
    path("support/", views.support, name="support"),
    path("support/spam/", views.support_spam, name="support_spam"),
    path("support/<int:ticket_id>/", views.support_ticket, name="support_ticket"),
    path("support/<int:ticket_id>/refer/", views.support_refer, name="support_refer"),
    path("support/<int:ticket_id>/reopen/", views.support_reopen, name="support_reopen"),
    path("support/<int:ticket_id>/not-spam/", views.support_not_spam, name="support_not_spam"),
    path("support/<int:ticket_id>/discard/", views.support_discard, name="support_discard"),
    path("support/<int:ticket_id>/files/<int:file_id>/", views.support_file, name="support_file"),
    path("support/mail/", desk.support_mail, name="support_mail"),
    path("support/mail/<int:incoming_id>/add/", desk.support_mail_add, name="support_mail_add"),
    path("support/mail/<int:incoming_id>/settle/", desk.support_mail_settle, name="support_mail_settle"),
    path("support/notices/", desk.support_notices, name="support_notices"),
    path("support/notices/new/", desk.support_notice_new, name="support_notice_new"),
    path("support/notices/<int:notice_id>/", desk.support_notice, name="support_notice"),
    path("support/notices/<int:notice_id>/end/", desk.support_notice_end, name="support_notice_end"),
]

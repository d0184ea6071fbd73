"""The addresses of the support desk, under /casework/support/."""

from django.urls import path

from portal.pages.casework import support, support_desk

urlpatterns = [
    path("support/", support.support, name="support"),
    path("support/spam/", support.support_spam, name="support_spam"),
    path("support/<int:ticket_id>/", support.support_ticket, name="support_ticket"),
    path("support/<int:ticket_id>/refer/", support.support_refer, name="support_refer"),
    path("support/<int:ticket_id>/reopen/", support.support_reopen, name="support_reopen"),
    path("support/<int:ticket_id>/not-spam/", support.support_not_spam, name="support_not_spam"),
    path("support/<int:ticket_id>/discard/", support.support_discard, name="support_discard"),
    path("support/<int:ticket_id>/files/<int:file_id>/", support.support_file, name="support_file"),
    path("support/mail/", support_desk.support_mail, name="support_mail"),
    path("support/mail/<int:incoming_id>/add/", support_desk.support_mail_add, name="support_mail_add"),
    path("support/mail/<int:incoming_id>/settle/", support_desk.support_mail_settle, name="support_mail_settle"),
    path("support/notices/", support_desk.support_notices, name="support_notices"),
    path("support/notices/new/", support_desk.support_notice_new, name="support_notice_new"),
    path("support/notices/<int:notice_id>/", support_desk.support_notice, name="support_notice"),
    path("support/notices/<int:notice_id>/end/", support_desk.support_notice_end, name="support_notice_end"),
]

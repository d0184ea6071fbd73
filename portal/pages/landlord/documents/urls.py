"""Addresses of a case's documents and messages, in the guide's words."""

from django.urls import path

from portal.pages.landlord import messages
from portal.pages.landlord.documents import views as documents
from portal.pages.landlord.documents import withdrawals

urlpatterns = [
    path("cases/<slug:reference>/documents/", documents.documents_tab, name="documents"),
    path("cases/<slug:reference>/documents/review/", documents.review, name="documents_review"),
    path(
        "cases/<slug:reference>/documents/uploads/<int:upload_id>/remove/",
        documents.remove,
        name="document_upload_remove",
    ),
    path("cases/<slug:reference>/documents/<int:document_id>/", documents.document, name="document"),
    path(
        "cases/<slug:reference>/documents/<int:document_id>/withdraw/", withdrawals.withdraw, name="document_withdraw"
    ),
    path(
        "cases/<slug:reference>/documents/<int:document_id>/category/", withdrawals.category, name="document_category"
    ),
    path("cases/<slug:reference>/documents/<int:document_id>/replace/", withdrawals.replace, name="document_replace"),
    path("cases/<slug:reference>/receipts/<int:submission_id>/", documents.receipt, name="receipt"),
    path("cases/<slug:reference>/receipts/<int:submission_id>/receipt.pdf", documents.receipt_file, name="receipt_pdf"),
    path("cases/<slug:reference>/messages/", messages.messages_tab, name="messages"),
    path("cases/<slug:reference>/messages/new/", messages.new, name="message_new"),
    path("cases/<slug:reference>/messages/<int:thread_id>/", messages.thread, name="thread"),
]

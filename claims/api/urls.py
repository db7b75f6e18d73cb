"""The API, version 1. One entry a line, sorted by topic."""

from __future__ import annotations

from django.urls import path

from claims.api import claims, decisions, documents, review, uploads

urlpatterns = [
    # intake
    path("documents/", uploads.documents_status, name="documents-status"),
    path("uploads/", uploads.upload, name="uploads"),
    # claims
    path("claims/", claims.ClaimList.as_view(), name="claims"),
    path("claims/<str:number>/", claims.ClaimDetail.as_view(), name="claim-detail"),
    # decisions
    path("claims/<str:number>/check/", decisions.check, name="check"),
    path("claims/<str:number>/decision/", decisions.decide, name="decision"),
    path("claims/<str:number>/pass/", decisions.pass_to_senior, name="pass-to-senior"),
    path("claims/<str:number>/reopen/", decisions.reopen, name="reopen"),
    path("claims/<str:number>/take-over/", decisions.take_over, name="take-over"),
    # one document
    path("documents/<int:pk>/confirm-partial/", documents.confirm_partial, name="confirm-partial"),
    path("documents/<int:pk>/pages/<int:index>/rotation/", documents.rotate_page, name="rotation"),
    path("documents/<int:pk>/pin/", documents.pin, name="pin"),
    path("documents/<int:pk>/read-again/", documents.read_again, name="read-again"),
    path("documents/<int:pk>/reveal/", documents.reveal, name="reveal"),
    # review page
    path("documents/<int:pk>/corrections/", review.correct, name="corrections"),
    path("documents/<int:pk>/findings/<int:finding>/acknowledge/", review.acknowledge, name="acknowledge"),
    path("documents/<int:pk>/findings/<int:finding>/reopen/", review.reopen_finding, name="reopen-finding"),
    path("documents/<int:pk>/redo/", review.redo_action, name="redo"),
    path("documents/<int:pk>/rows/", review.change_rows, name="rows"),
    path("documents/<int:pk>/state/", review.state, name="state"),
    path("documents/<int:pk>/undo/", review.undo_action, name="undo"),
]

"""The API, version 1. One entry a line, sorted by topic."""

from __future__ import annotations

from django.urls import path

from claims.api import bulk, claims, decisions, documents, exports, holds, letters, moves, reports, review, uploads

urlpatterns = [
    # intake
    path("documents/", uploads.documents_status, name="documents-status"),
    path("uploads/", uploads.upload, name="uploads"),
    # claims
    path("claims/", claims.ClaimList.as_view(), name="claims"),
    path("claims/<str:number>/", claims.ClaimDetail.as_view(), name="claim-detail"),
    path("claims/<str:number>/export/<slug:form>/", exports.export_claim, name="export"),
    # several claims
    path("bulk/", bulk.carry_out, name="bulk"),
    path("exports/", bulk.export_claims, name="exports"),
    # decisions
    path("claims/<str:number>/check/", decisions.check, name="check"),
    path("claims/<str:number>/decision/", decisions.decide, name="decision"),
    path("claims/<str:number>/pass/", decisions.pass_to_senior, name="pass-to-senior"),
    path("claims/<str:number>/reopen/", decisions.reopen, name="reopen"),
    path("claims/<str:number>/take-over/", decisions.take_over, name="take-over"),
    # the desk
    path("assignment/run/", reports.assign_by_rules, name="assign-waiting"),
    path("reports/<slug:name>/", reports.report, name="report"),
    # documents between claims
    path("claims/<str:number>/merge/", moves.merge, name="merge"),
    path("claims/<str:number>/move/", moves.move, name="move"),
    path("claims/<str:number>/moves/<int:pk>/take-back/", moves.take_back, name="take-back"),
    # legal holds
    path("claims/<str:number>/holds/", holds.claim_holds, name="holds"),
    path("claims/<str:number>/holds/<int:pk>/lift/", holds.lift, name="lift"),
    # letters
    path("claims/<str:number>/letters/", letters.claim_letters, name="letters"),
    path("claims/<str:number>/letters/<int:pk>/pdf/", letters.letter_pdf, name="letter-file"),
    # one document
    path("documents/<int:pk>/confirm-partial/", documents.confirm_partial, name="confirm-partial"),
    path("documents/<int:pk>/locate/", documents.locate, name="locate"),
    path("documents/<int:pk>/pages/<int:index>/rotation/", documents.rotate_page, name="rotation"),
    path("documents/<int:pk>/pin/", documents.pin, name="pin"),
    path("documents/<int:pk>/read-again/", documents.read_again, name="read-again"),
    path("documents/<int:pk>/reveal/", documents.reveal, name="reveal"),
    # review page
    path("documents/<int:pk>/answer/", review.answer, name="answer"),
    path("documents/<int:pk>/corrections/", review.correct, name="corrections"),
    path("documents/<int:pk>/findings/<int:finding>/acknowledge/", review.acknowledge, name="acknowledge"),
    path("documents/<int:pk>/findings/<int:finding>/reopen/", review.reopen_finding, name="reopen-finding"),
    path("documents/<int:pk>/redo/", review.redo_action, name="redo"),
    path("documents/<int:pk>/rows/", review.change_rows, name="rows"),
    path("documents/<int:pk>/state/", review.state, name="state"),
    path("documents/<int:pk>/undo/", review.undo_action, name="undo"),
]

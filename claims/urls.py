"""Pages and API of the desk. One entry a line, sorted by topic."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from claims.views import (
    api_docs,
    bulk,
    claims,
    decisions,
    exports,
    files,
    guide,
    health,
    holds,
    letters,
    moves,
    own_views,
    preferences,
    queue,
    reports,
    review,
    upload,
)

app_name = "claims"
urlpatterns: list[URLPattern | URLResolver] = [
    # The queue
    path("", queue.queue, name="queue"),
    path("queue/now-reading/", queue.now_reading, name="now-reading"),
    path("queue/views/", own_views.save_view, name="save-view"),
    path("queue/views/<int:pk>/forget/", own_views.forget_view, name="forget-view"),
    path("queue/bulk/", bulk.queue_bulk, name="queue-bulk"),
    path("queue/export/", bulk.queue_export, name="queue-export"),
    path("queue/assign-by-rules/", queue.assign_by_rules, name="assign-by-rules"),
    path("search/", queue.search, name="search"),
    # Intake
    path("upload/", upload.upload, name="upload"),
    path("claims/new/", claims.new_claim, name="new-claim"),
    # A claim
    path("claims/<str:number>/", claims.claim, name="claim"),
    path("claims/<str:number>/edit/", claims.edit_claim, name="edit-claim"),
    path("claims/<str:number>/take-over/", claims.take_over, name="take-over-claim"),
    path("claims/<str:number>/notes/", claims.add_note, name="add-note"),
    path("claims/<str:number>/duplicates/<int:pk>/dismiss/", claims.dismiss_duplicate, name="dismiss-duplicate"),
    path("claims/<str:number>/export.csv", exports.export_csv, name="export-csv"),
    path("claims/<str:number>/export.json", exports.export_json, name="export-json"),
    path("claims/<str:number>/export.xlsx", exports.export_xlsx, name="export-xlsx"),
    path("claims/<str:number>/export.fhir.json", exports.export_fhir, name="export-fhir"),
    path("claims/<str:number>/check/", decisions.check, name="check-decision"),
    path("claims/<str:number>/reopen/", decisions.reopen, name="reopen-claim"),
    path("claims/<str:number>/duplicates/<int:pk>/", claims.compare_duplicate, name="compare-duplicate"),
    path("claims/<str:number>/move/", moves.move_documents, name="move-documents"),
    path("claims/<str:number>/moves/<int:pk>/take-back/", moves.take_back, name="take-back-move"),
    path("claims/<str:number>/holds/", holds.place, name="place-hold"),
    path("claims/<str:number>/holds/<int:pk>/lift/", holds.lift, name="lift-hold"),
    # Letters, and papers that are missing
    path("claims/<str:number>/letters/", letters.issue_letter, name="issue-letter"),
    path("claims/<str:number>/letters/<int:pk>/", letters.letter, name="letter"),
    path("claims/<str:number>/letters/<int:pk>.pdf", letters.letter_pdf, name="letter-pdf"),
    path("claims/<str:number>/letters/<int:pk>/again/", letters.reissue_letter, name="reissue-letter"),
    path("claims/<str:number>/papers/remind/", letters.remind, name="remind-papers"),
    path("claims/<str:number>/return/", letters.return_claim, name="return-claim"),
    path("papers/", letters.papers_waiting, name="papers"),
    # Files of a document
    path("documents/<int:pk>/original", files.original, name="original"),
    path("documents/<int:pk>/pages/<int:index>.jpg", files.page_picture, name="page-picture"),
    path("documents/<int:pk>/pages/<int:index>/thumbnail.jpg", files.page_thumbnail, name="page-thumbnail"),
    # Reports
    path("reports/", reports.reports, name="reports"),
    path("reports/<slug:name>.csv", reports.report_csv, name="report-csv"),
    # Help
    path("help/", guide.help_page, name="help"),
    # Reviewing
    path("documents/<int:pk>/review/", review.review_document, name="review"),
    # API
    path("api/v1/", include("claims.api.urls")),
    path("api/docs/", api_docs.api_docs, name="api-docs"),
    path("api/schema/", api_docs.schema, name="schema"),
    # Operators
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    # A person's own choices
    path("preferences/theme/", preferences.theme, name="theme"),
    path("preferences/sign-out-everywhere/", preferences.sign_out_everywhere, name="sign-out-everywhere"),
]

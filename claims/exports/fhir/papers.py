"""The documents themselves: what file it is, where it is to be had; never its bytes."""

from __future__ import annotations

from collections.abc import Iterator

from claims.exports.fhir.elements import Context, Resource, coded, moment, said
from claims.models import Document


def references(context: Context) -> Iterator[Resource]:
    for document in context.file.documents:
        yield _reference(context, document)


def _reference(context: Context, document: Document) -> Resource:
    """The address asks for a session and leaves a log entry. FHIR's `hash` is a SHA-1; ours is an identifier."""
    return context.resource(
        "DocumentReference",
        document.pk,
        masterIdentifier={"system": context.system("document"), "value": str(document.pk)},
        identifier=[{"system": context.system("sha256"), "value": document.sha256}],
        status="current",
        docStatus="preliminary" if document.partial and not document.partial_confirmed else "final",
        type=said(document.get_kind_display()),
        category=[coded("media-type", "image")] if document.media_type.startswith("image/") else None,
        subject=context.reference("Patient"),
        date=moment(document.uploaded_at),
        content=[{"attachment": attachment(context, document)}],
    )


def attachment(context: Context, document: Document) -> Resource:
    return {
        "contentType": document.media_type,
        "url": f"{context.desk}/documents/{document.pk}/original",
        "size": document.byte_size,
        "title": document.original_name,
        "creation": moment(document.uploaded_at),
    }

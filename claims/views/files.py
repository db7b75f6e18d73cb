"""Page pictures, thumbnails and originals: after a permission check, never by a public address.

What browsers show is our own re-encoded JPEG. An original is only ever downloaded: a file may be a picture and a web
page at once, so it goes out as an attachment, under our own content type, sandboxed.
"""

from __future__ import annotations

from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.core.files.base import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims import access, audit, storage
from claims.models import Document
from claims.views.types import signed_in

JPEG = "image/jpeg"
SUFFIXES = {
    JPEG: ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/tiff": ".tif",
    "image/heic": ".heic",
    "application/pdf": ".pdf",
}


@login_required
@require_safe
def page_picture(request: HttpRequest, pk: int, index: int) -> HttpResponseBase:
    return _derived(request, access.get_page(signed_in(request), pk, index).picture)


@login_required
@require_safe
def page_thumbnail(request: HttpRequest, pk: int, index: int) -> HttpResponseBase:
    return _derived(request, access.get_page(signed_in(request), pk, index).thumbnail)


@login_required
@require_safe
def original(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it came; the log says who took it."""
    user = signed_in(request)
    document = access.get_document(user, pk)
    key = storage.original_key(document.sha256)
    file = _file(key)
    audit.record(person=user, action="document.original-opened", document=document)
    address = storage.signed_url(
        key, {"ResponseContentType": document.media_type, "ResponseContentDisposition": _attachment(document)}
    )
    if address:
        return _private(HttpResponseRedirect(address), immutable=False)
    response = _private(FileResponse(file, content_type=document.media_type), immutable=False)
    response["Content-Disposition"] = _attachment(document)
    return response


def _derived(request: HttpRequest, key: str) -> HttpResponseBase:
    """Streamed even where the store could serve it: pages show pictures of this host only."""
    tag = f'"{key}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponseBase = HttpResponse(status=304)
    else:
        response = FileResponse(_file(key), content_type=JPEG)
    response["ETag"] = tag
    return _private(response, immutable=True)


def _file(key: str) -> File[bytes]:
    try:
        return storage.open_file(key)
    except storage.FileDamaged:
        raise Http404(_("The file is not there.")) from None


def _private(response: HttpResponseBase, *, immutable: bool) -> HttpResponseBase:
    """For this person's browser only, and never anything but what we say it is."""
    response["Cache-Control"] = "private, max-age=31536000, immutable" if immutable else "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _attachment(document: Document) -> str:
    """The name it had, under the ending that its content has."""
    suffix = SUFFIXES[document.media_type]
    name = document.original_name
    if not name.lower().endswith(suffix):
        name += suffix
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"

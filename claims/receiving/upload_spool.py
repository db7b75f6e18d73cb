"""Where files stand while they come in: a temporary file each, never more of it than may be taken in at all."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Nobody fills the disk: not whoever is not signed in, and nobody with a file beyond the limit.

    What is beyond it is counted and not kept: `uploads.check_file` then says how much is too much.
    """

    def new_file(self, *args: Any, **options: Any) -> None:
        person = getattr(self.request, "user", None)
        if person is None or not person.is_authenticated:
            raise SkipFile
        super().new_file(*args, **options)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start <= settings.UPLOAD_MAX_BYTES:
            super().receive_data_chunk(raw_data, start)

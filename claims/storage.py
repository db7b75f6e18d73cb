"""The files of the desk, behind Django's storages: a private folder or a private S3 bucket.

    originals/ab/<sha256>                  as they came, never changed
    derived/<sha256>/<recipe>/<name>       made from an original, can be made again
    letters/ab/<sha256>.pdf                as they were issued, never changed

Only this module knows the layout. Keys are made from digests, never from names that people chose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage


class FileDamaged(Exception):
    """A stored file is missing or is not what was stored."""


def original_key(sha256: str) -> str:
    return f"originals/{sha256[:2]}/{sha256}"


def derived_key(sha256: str, recipe: str, name: str) -> str:
    """`recipe` names how the file was made, so that a better way of making it gets a name of its own."""
    return f"derived/{sha256}/{recipe}/{name}"


def letter_key(sha256: str) -> str:
    return f"letters/{sha256[:2]}/{sha256}.pdf"


def derived_keys(sha256: str) -> list[str]:
    """Everything that was made from an original, by whatever recipe."""
    return list(_keys_under(f"derived/{sha256}"))


def _keys_under(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _keys_under(f"{folder}/{name}")


def put(key: str, content: bytes) -> None:
    """Stores under exactly this key. What is there already stays, if it is whole."""
    if default_storage.exists(key):
        if default_storage.size(key) == len(content):
            return
        default_storage.delete(key)  # left behind by a process that was killed while writing
    stored_as = default_storage.save(key, ContentFile(content))
    if stored_as != key:  # somebody stored the same content at the same moment
        default_storage.delete(stored_as)


def read(key: str) -> bytes:
    with open_file(key) as file:
        content: bytes = file.read()
    return content


def open_file(key: str) -> File[bytes]:
    """Raises `FileDamaged` when it is not there."""
    try:
        return default_storage.open(key)
    except FileNotFoundError as error:
        raise FileDamaged("A stored file is missing.") from error


def exists(key: str) -> bool:
    return default_storage.exists(key)


def delete(key: str) -> None:
    """For erasure. A key that is not there is no error."""
    default_storage.delete(key)


def signed_url(key: str, parameters: Mapping[str, str]) -> str | None:
    """A short-lived address where the store itself serves files (S3); `None` where it does not.

    `parameters` are those of S3's GetObject (`ResponseContentType`, `ResponseContentDisposition`).
    """
    if not hasattr(default_storage, "querystring_auth"):
        return None
    url: str = default_storage.url(key, parameters=dict(parameters))  # type: ignore[call-arg]
    return url

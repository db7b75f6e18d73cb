"""The environment, parsed strictly: a value that does not fit its type, or a secret that is missing, stops the start.

Every secret may also come from a file: `NAME_FILE` holds the path of a file whose text is the value.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off"})


def text(name: str, default: str | None = None) -> str:
    """The value of `NAME`, or of the file that `NAME_FILE` names. Raises when neither is there and no default is."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return _file_text(name, Path(path))
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set (nor {name}_FILE).")
    return value


def _file_text(name: str, path: Path) -> str:
    if name in os.environ:
        raise ImproperlyConfigured(f"Both {name} and {name}_FILE are set; keep one.")
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}.") from error
    except UnicodeError:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: it is not UTF-8 text.") from None


def boolean(name: str, *, default: bool) -> bool:
    word = text(name, str(default)).strip().casefold()
    if word in TRUE_WORDS | FALSE_WORDS:
        return word in TRUE_WORDS
    raise ImproperlyConfigured(f"{name} must be true or false, not {word!r}.")


def integer(name: str, *, default: int, minimum: int = 0) -> int:
    value = text(name, str(default))
    try:
        number = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None
    if number < minimum:
        raise ImproperlyConfigured(f"{name} must be at least {minimum}, not {number}.")
    return number


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def secret(name: str, data_dir: Path, make: Callable[[], str]) -> str:
    """`NAME`, `NAME_FILE`, or a file under the data directory that the first start makes (one machine, embedded)."""
    if name in os.environ or f"{name}_FILE" in os.environ:
        return _not_empty(name, text(name))
    kept = data_dir / "secrets" / name.lower()
    if not kept.is_file():
        _keep_secret(kept, make())
    return _not_empty(name, _file_text(name, kept))


def _not_empty(name: str, value: str) -> str:
    """A variable that a compose file sets to nothing is a mistake, not a secret."""
    if not value.strip():
        raise ImproperlyConfigured(f"{name} is empty.")
    return value


def _keep_secret(path: Path, value: str) -> None:
    """Written whole or not at all: of two processes that start together the first one's value stands for both."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Not named by process id: two containers that share the folder may both be process 7.
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        draft = Path(folder) / path.name
        draft.touch(mode=0o600)
        draft.write_text(value, encoding="utf-8")
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)


SQLITE_OPTIONS: dict[str, Any] = {
    # IMMEDIATE and WAL: four web writers and four workers without one failed write; Django's defaults fail by hundreds.
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; "
        "PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000;"
    ),
}


def database(data_dir: Path) -> dict[str, Any]:
    """Django's `DATABASES["default"]` from `DATABASE_URL`; SQLite under the data directory when it is not set."""
    url = text("DATABASE_URL", f"sqlite:///{data_dir / 'claimdesk.sqlite3'}")
    scheme = urlsplit(url).scheme
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ImproperlyConfigured(f"DATABASE_URL names {scheme!r}; sqlite and postgresql are supported.")
    try:
        parsed: dict[str, Any] = environ.Env.db_url_config(url)
    except ValueError:  # its text may hold a part of the password
        raise ImproperlyConfigured("DATABASE_URL cannot be parsed: percent-encode what is special in it.") from None
    if scheme == "sqlite":
        return {**parsed, "ENGINE": "config.sqlite", "CONN_MAX_AGE": 60, "OPTIONS": SQLITE_OPTIONS}
    return {**parsed, "ENGINE": "config.postgresql", "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def file_store(data_dir: Path) -> dict[str, Any]:
    """Django's `STORAGES["default"]`: a private folder, or a private S3 bucket when `S3_BUCKET` is set."""
    bucket = text("S3_BUCKET", "")
    if not bucket:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": data_dir / "files",
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
    options = {
        "bucket_name": bucket,
        "endpoint_url": text("S3_ENDPOINT_URL", "") or None,
        "region_name": text("S3_REGION", "") or None,
        "access_key": text("S3_ACCESS_KEY", "") or None,
        "secret_key": text("S3_SECRET_KEY", "") or None,
        "default_acl": None,
        "signature_version": "s3v4",  # the older kind, botocore's choice for some endpoints, is refused by newer stores
        "querystring_auth": True,
        "querystring_expire": 300,
        "file_overwrite": False,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}

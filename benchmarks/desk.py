"""A desk of its own for a benchmark: a fresh database in a temporary folder, as `./run` would make it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

REPOSITORY = Path(__file__).resolve().parent.parent
SECRETS = {"BENCHMARK_KEY": "appkey-of-the-benchmark", "BENCHMARK_SECRET": "secret-of-the-benchmark"}


@contextmanager
def fresh_desk(database_url: str = "") -> Iterator[dict[str, str]]:
    """The environment of processes that work on the new desk: SQLite, or the empty database that the URL names."""
    with tempfile.TemporaryDirectory(prefix="claimdesk-benchmark-") as folder:
        environment = {
            **{
                name: text
                for name, text in os.environ.items()
                if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
            },
            **SECRETS,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "CLAIMDESK_DATA_DIR": folder,
            "SECRET_KEY": "only for this benchmark",
            "CREDENTIALS_KEYS": Fernet.generate_key().decode(),
            "LOG_LEVEL": "ERROR",
            **({"DATABASE_URL": database_url} if database_url else {}),
        }
        manage(environment, "migrate", "--verbosity=0")
        yield environment


@contextmanager
def data_folder(kept: Path | None) -> Iterator[Path]:
    """The folder named, made and kept; or a new one that goes away."""
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="claimdesk-benchmark-") as folder:
        yield Path(folder)


def run_part(module: str, environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    """What a part of a benchmark prints last, measured in a process of its own, so that memory and CPU are its own."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)  # noqa: S603
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def manage(environment: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, str(REPOSITORY / "manage.py"), *arguments]
    subprocess.run(command, env=environment, check=True, cwd=REPOSITORY, stdout=subprocess.DEVNULL)  # noqa: S603


def make_account(environment: dict[str, str], name: str, endpoint: str) -> None:
    """An account at a vendor that speaks the JD protocol."""
    credentials = ("--key-env", "BENCHMARK_KEY", "--secret-env", "BENCHMARK_SECRET")
    manage(environment, "ocr_account", name, "--vendor", "jd", "--endpoint", endpoint, *credentials)

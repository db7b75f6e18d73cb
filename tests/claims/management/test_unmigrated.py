"""On a database that is not set up for this version our commands say so in one line, and do nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from ocr_providers.management.desk_command import DeskCommand

ARGUMENTS = {
    "apply_retention": [],
    "erase_person": ["P-1", "--by", "ann", "--reason", "Asked for."],
    "evaluate": ["demo/pictures"],
    "import_documents": ["demo/pictures"],
    "index_claims": [],
    "load_demo": [],
    "ocr_account": ["jd", "--vendor", "jd"],
    "read": ["invoice.jpg"],
    "rotate_credentials": [],
    "verify_log": [],
    "worker": ["--once"],
}
WITHOUT_TABLES = {"check_documents", "compile_catalogues"}
LINE = "CommandError: The database is not set up for this version: run `manage.py migrate` first.\n"


def test_every_command_of_ours_looks_first() -> None:
    ours = {name: app for name, app in get_commands().items() if app in ("claims", "ocr_providers")}
    assert set(ours) == {*ARGUMENTS, *WITHOUT_TABLES}
    for name in ARGUMENTS:
        assert isinstance(load_command_class(ours[name], name), DeskCommand), name


@pytest.mark.django_db
@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_table_short_of_this_version_is_named_before_anything_is_done(name: str) -> None:
    newest = MigrationLoader(connection).graph.leaf_nodes("claims")[0]
    MigrationRecorder(connection).record_unapplied(*newest)
    with pytest.raises(CommandError, match=r"manage\.py migrate. first"):
        call_command(name, *ARGUMENTS[name])


def on_a_fresh_machine(tmp_path: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    keep = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**keep, "CLAIMDESK_DATA_DIR": str(tmp_path), **more},
        capture_output=True,
        text=True,
    )


def test_without_any_table_it_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    said = on_a_fresh_machine(tmp_path, "verify_log")
    assert (said.returncode, said.stdout, said.stderr) == (1, "", LINE)


def test_a_database_that_is_away_is_one_line_too(tmp_path: Path) -> None:
    said = on_a_fresh_machine(tmp_path, "verify_log", DATABASE_URL="postgresql://nobody:secret@127.0.0.1:1/none")
    assert said.returncode == 1
    assert said.stderr.startswith("CommandError: The database cannot be reached: ")
    assert said.stderr.count("\n") == 1
    assert "secret" not in said.stderr

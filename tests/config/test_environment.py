"""The environment is parsed strictly: what does not fit stops the start, in words that name the variable."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import environment

NAME = "CLAIMDESK_TRIED"


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (NAME, f"{NAME}_FILE", "DATABASE_URL", "S3_BUCKET"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("word", "means"), [("true", True), ("YES", True), (" 1 ", True), ("off", False), ("False", False), ("0", False)]
)
def test_words_for_true_and_false(monkeypatch: pytest.MonkeyPatch, word: str, means: bool) -> None:
    monkeypatch.setenv(NAME, word)
    assert environment.boolean(NAME, default=not means) is means


@pytest.mark.parametrize("word", ["", "ja", "2", "tru"])
def test_another_word_is_no_boolean(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv(NAME, word)
    with pytest.raises(ImproperlyConfigured, match=f"{NAME} must be true or false"):
        environment.boolean(NAME, default=False)


@pytest.mark.parametrize(
    ("text", "problem"), [("", "whole number"), ("20MB", "whole number"), ("1.5", "whole number"), ("0", "at least 1")]
)
def test_a_number_is_whole_and_not_too_small(monkeypatch: pytest.MonkeyPatch, text: str, problem: str) -> None:
    monkeypatch.setenv(NAME, text)
    with pytest.raises(ImproperlyConfigured, match=f"{NAME} must be .*{problem}"):
        environment.integer(NAME, default=20, minimum=1)


def test_what_is_not_set_has_its_default() -> None:
    assert environment.integer(NAME, default=20) == 20
    assert environment.boolean(NAME, default=True) is True
    assert environment.words(NAME, "a, b,,") == ["a", "b"]
    with pytest.raises(ImproperlyConfigured, match=f"{NAME} is not set"):
        environment.text(NAME)


def test_a_value_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "value").write_text("from a file\n")
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "value"))
    assert environment.text(NAME) == "from a file"
    assert environment.secret(NAME, tmp_path, make=lambda: "made") == "from a file"


def test_a_value_that_is_set_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(NAME, "one")
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "two"))
    with pytest.raises(ImproperlyConfigured, match=f"Both {NAME} and {NAME}_FILE"):
        environment.text(NAME)


def test_a_file_that_cannot_be_read_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match=f"{NAME}_FILE cannot be read: No such file"):
        environment.text(NAME)


def test_a_file_that_is_no_text_is_refused_without_its_bytes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "value").write_bytes(b"key\xff\xfe")
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "value"))
    with pytest.raises(ImproperlyConfigured, match=f"{NAME}_FILE cannot be read: it is not UTF-8"):
        environment.text(NAME)


# --- secrets ---------------------------------------------------------------------------------------------------------


def test_a_secret_is_made_once_and_kept_for_its_owner_only(tmp_path: Path) -> None:
    assert environment.secret(NAME, tmp_path, make=lambda: "first") == "first"
    assert environment.secret(NAME, tmp_path, make=lambda: "second") == "first"
    [kept] = (tmp_path / "secrets").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("value", ["", "  "])
def test_a_secret_that_is_set_but_empty_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str
) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=f"{NAME} is empty"):
        environment.secret(NAME, tmp_path, make=lambda: "made")


def test_processes_that_start_together_agree_on_one_secret(tmp_path: Path) -> None:
    program = (
        "import os; from pathlib import Path; from config import environment\n"
        f"print(environment.secret({NAME!r}, Path({str(tmp_path)!r}), make=lambda: str(os.getpid())))"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program], cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert len({process.communicate()[0] for process in started}) == 1
    assert len(list((tmp_path / "secrets").iterdir())) == 1


def test_a_secret_that_was_not_written_to_its_end_is_not_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(self: Path, text: str, encoding: str = "") -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(Path, "write_text", full)
        with pytest.raises(OSError, match="No space"):
            environment.secret(NAME, tmp_path, make=lambda: "first")
    assert environment.secret(NAME, tmp_path, make=lambda: "second") == "second"
    assert [kept.name for kept in (tmp_path / "secrets").iterdir()] == [NAME.lower()]


# --- database and files ----------------------------------------------------------------------------------------------


def test_without_a_url_the_database_is_a_file_beside_the_others(tmp_path: Path) -> None:
    found = environment.database(tmp_path)
    assert (found["ENGINE"], found["NAME"]) == ("config.sqlite", str(tmp_path / "claimdesk.sqlite3"))
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_connections_are_kept_and_checked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://desk:p%40ss@db.internal:5433/claims")
    found = environment.database(tmp_path)
    assert (found["HOST"], found["PORT"], found["PASSWORD"]) == ("db.internal", 5433, "p@ss")
    assert found["CONN_HEALTH_CHECKS"]


@pytest.mark.parametrize("url", ["mysql://desk@db/claims", "claims.sqlite3", ""])
def test_another_database_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="sqlite and postgresql are supported"):
        environment.database(tmp_path)


@pytest.mark.parametrize("url", ["postgresql://desk:se/cret@db/claims", "postgresql://desk:secret@db:port/claims"])
def test_a_url_that_cannot_be_parsed_is_refused_without_its_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL") as refused:
        environment.database(tmp_path)
    assert "cret" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_files_lie_in_a_private_folder_or_in_a_private_bucket(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = environment.file_store(tmp_path)
    assert folder["OPTIONS"]["location"] == tmp_path / "files"
    assert folder["OPTIONS"]["file_permissions_mode"] == 0o600
    monkeypatch.setenv("S3_BUCKET", "claims")
    bucket = environment.file_store(tmp_path)
    assert bucket["OPTIONS"]["bucket_name"] == "claims"
    assert bucket["OPTIONS"]["default_acl"] is None
    assert bucket["OPTIONS"]["querystring_auth"]

"""The file `run`: sets up only what changed, and says in one line what is wrong with the machine."""

from __future__ import annotations

import ast
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

FILE = Path(settings.BASE_DIR) / "run"


def as_module(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = spec_from_loader("desk_run", SourceFileLoader("desk_run", str(FILE)))
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The file as a module, working in an empty folder."""
    module = as_module(monkeypatch)
    for name, path in {
        "ROOT": tmp_path,
        "VENV": tmp_path / ".venv",
        "PYTHON": tmp_path / ".venv" / "bin" / "python",
        "DATA_DIR": tmp_path / "var",
    }.items():
        monkeypatch.setattr(module, name, path)
    return module


def test_a_data_folder_without_a_name_is_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMDESK_DATA_DIR", "")  # secrets would lie among the sources
    module = as_module(monkeypatch)
    assert module.DATA_DIR == module.ROOT / "var"


Commands = list[list[str]]


@pytest.fixture
def commands(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """What `run` starts; nothing is really started, and everything ends well."""
    started: Commands = []

    def note(command: list[str], **options: Any) -> SimpleNamespace:
        started.append([str(word) for word in command])
        return SimpleNamespace(returncode=0, stdout="", stderr="")

    monkeypatch.setattr(run.subprocess, "run", note)
    return started


@pytest.fixture
def venv(run: ModuleType) -> Path:
    """An environment whose Python works."""
    run.PYTHON.parent.mkdir(parents=True)
    run.PYTHON.symlink_to(sys.executable)
    return Path(run.VENV)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


# --- the machine -----------------------------------------------------------------------------------------------------


def test_an_old_python_can_read_the_file_and_is_told_what_to_do(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    ast.parse(FILE.read_text(), feature_version=(3, 7))
    monkeypatch.setattr(run.sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(run.SetupError, match=r"needs Python 3\.11 or newer; this is 3\.9\.2\. Start it as"):
        run.check_python()


def test_it_needs_nothing_but_the_standard_library() -> None:
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(FILE.read_text()))
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [])
        + ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
    }
    assert imported <= sys.stdlib_module_names


def test_a_full_disk_is_said_before_anything_is_made(
    run: ModuleType, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run.shutil, "disk_usage", lambda _path: SimpleNamespace(free=10**9))
    with pytest.raises(run.SetupError, match=r"Not enough disk space under .*about 2 GB"):
        run.make_environment()
    assert commands == []


def test_a_python_without_venv_is_told_what_to_install_and_leaves_nothing(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half_made(command: list[str], **options: Any) -> SimpleNamespace:
        run.PYTHON.parent.mkdir(parents=True)
        return SimpleNamespace(returncode=1, stdout="", stderr="ensurepip is not available")

    monkeypatch.setattr(run.subprocess, "run", half_made)
    with pytest.raises(run.SetupError, match="sudo apt install python3-venv"):
        run.make_environment()
    assert not run.VENV.exists()


@pytest.mark.parametrize("target", ["/nowhere/python3.11", "/bin/false"])
def test_an_environment_whose_python_is_gone_is_named(run: ModuleType, target: str) -> None:
    run.PYTHON.parent.mkdir(parents=True)
    run.PYTHON.symlink_to(target)
    with pytest.raises(run.SetupError, match=r"The Python in .*\.venv does not work\. Delete that folder"):
        run.make_environment()


def test_an_environment_that_works_is_kept(run: ModuleType, venv: Path) -> None:
    run.make_environment()
    assert venv.exists()


def test_a_taken_port_is_named_with_another_one(run: ModuleType, taken: int) -> None:
    with pytest.raises(run.SetupError, match=f"Port {taken} is taken.*--port {taken + 1}"):
        run.check_port("127.0.0.1", taken)


def test_an_address_that_is_not_ours_is_named(run: ModuleType) -> None:
    with pytest.raises(run.SetupError, match=r"Cannot listen on 192\.0\.2\.1:8000: Cannot assign"):
        run.check_port("192.0.2.1", 8000)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http"])
def test_what_is_no_port_is_refused(run: ModuleType, capsys: pytest.CaptureFixture[str], port: str) -> None:
    with pytest.raises(SystemExit):
        run.parse([f"--port={port}"])
    assert "is no port: choose one from 1 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize("workers", ["0", "-2", "two"])
def test_a_desk_has_at_least_one_reading_process(
    run: ModuleType, capsys: pytest.CaptureFixture[str], workers: str
) -> None:
    with pytest.raises(SystemExit):
        run.parse([f"--workers={workers}"])
    assert "--workers" in capsys.readouterr().err


# --- setting up ------------------------------------------------------------------------------------------------------


def test_a_lock_file_is_installed_when_it_changed_and_only_then(
    run: ModuleType, venv: Path, commands: Commands
) -> None:
    lock = run.ROOT / "some.lock"
    lock.write_text("django==5.2 --hash=sha256:1")
    run.install("some.lock")
    assert commands[0][-4:] == ["--no-deps", "--require-hashes", "-r", str(lock)]
    run.install("some.lock")
    assert len(commands) == 1
    lock.write_text("django==5.2.1 --hash=sha256:2")
    run.install("some.lock")
    assert len(commands) == 2


def test_an_installation_that_failed_is_tried_again(
    run: ModuleType, venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (run.ROOT / "some.lock").write_text("x")
    failing = SimpleNamespace(returncode=1, stdout="", stderr="Resolving …\nTHESE PACKAGES DO NOT MATCH THE HASHES\n\n")
    monkeypatch.setattr(run.subprocess, "run", lambda *_command, **_options: failing)
    for _attempt in range(2):
        with pytest.raises(run.SetupError, match=r"Could not install some\.lock: THESE PACKAGES DO NOT MATCH"):
            run.install("some.lock")


def test_static_files_are_collected_when_they_changed_and_only_then(
    run: ModuleType, venv: Path, commands: Commands
) -> None:
    (run.ROOT / "static").mkdir()
    (run.ROOT / "static" / "desk.css").write_text("a {}")
    (venv / "requirements.lock.installed").write_text("digest")
    (run.DATA_DIR / "static").mkdir(parents=True)
    run.collect_static()
    run.collect_static()
    assert len(commands) == 1
    (run.ROOT / "static" / "desk.css").write_text("a { color: red }")
    run.collect_static()
    (venv / "requirements.lock.installed").write_text("another digest")
    run.collect_static()
    assert len(commands) == 3


def test_a_command_that_failed_is_named_with_the_last_line_of_what_it_said(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = SimpleNamespace(returncode=1, stdout="", stderr="Traceback …\nImproperlyConfigured: DEBUG must be …\n")
    monkeypatch.setattr(run.subprocess, "run", lambda *_command, **_options: failing)
    with pytest.raises(run.SetupError, match=r"manage\.py migrate failed: ImproperlyConfigured: DEBUG"):
        run.manage("migrate")


# --- serving ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def serve(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[list[str], dict[str, str]]]:
    """`serve("--no-demo", load_demo_says="")`: what was announced, and the environment of the parts."""

    def start(*arguments: str, load_demo_says: str = "") -> tuple[list[str], dict[str, str]]:
        said: list[str] = []
        given: dict[str, str] = {}
        monkeypatch.setattr(run, "manage", lambda *_command: load_demo_says)
        monkeypatch.setattr(run, "check_port", lambda *_address: None)
        monkeypatch.setattr(run, "parts", lambda _options, env: given.update(env) or [])
        monkeypatch.setattr(run, "answers", lambda _address: True)
        monkeypatch.setattr(run, "watch", lambda *_running: 0)
        monkeypatch.setattr(run.signal, "signal", lambda *_handler: None)
        monkeypatch.setattr(run, "say", lambda _who, line: said.append(line))
        assert run.serve(run.parse(list(arguments))) == 0
        return said, given

    return start


def test_a_demo_desk_says_how_to_sign_in(serve: Callable[..., tuple[list[str], dict[str, str]]]) -> None:
    said, env = serve(load_demo_says="Sign in as clerk\nThe password of each is x")
    assert said == [
        "Claimdesk is ready at http://127.0.0.1:8000/   (Ctrl+C stops it)",
        "Sign in as clerk",
        "The password of each is x",
        "stopped",
    ]
    assert env["DEMO_DESK"] == "true"


def test_a_desk_where_people_work_shows_no_demo_users(
    serve: Callable[..., tuple[list[str], dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEMO_DESK", raising=False)
    said, env = serve(load_demo_says="")
    assert not [line for line in said if "password" in line]
    assert env["DEMO_DESK"] == "false"


def test_an_empty_desk_says_how_to_make_the_first_administrator(
    serve: Callable[..., tuple[list[str], dict[str, str]]],
) -> None:
    said, _env = serve("--no-demo")
    assert "Make the first administrator with: ./run manage createsuperuser" in said


def test_a_desk_on_every_address_is_announced_by_one_that_can_be_opened(
    serve: Callable[..., tuple[list[str], dict[str, str]]],
) -> None:
    said, _env = serve("--no-demo", "--host", "0.0.0.0", "--port", "8001")  # noqa: S104
    assert said[0].startswith("Claimdesk is ready at http://127.0.0.1:8001/")


def test_a_part_that_cannot_start_stops_those_that_did(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    good = run.Part("calls", [sys.executable, "-c", "import time; time.sleep(60)"], {})
    bad = run.Part("web", ["/nowhere/gunicorn"], {})
    monkeypatch.setattr(run, "check_port", lambda *_address: None)
    monkeypatch.setattr(run, "parts", lambda *_options: [good, bad])
    monkeypatch.setattr(run.signal, "signal", lambda *_handler: None)
    with pytest.raises(FileNotFoundError):
        run.serve(run.parse(["--no-demo"]))
    assert good.process.poll() is not None


def test_a_worker_that_died_is_started_again_until_the_web_server_stops(run: ModuleType) -> None:
    web = run.Part("web", [sys.executable, "-c", "import time; time.sleep(4); raise SystemExit(3)"], {})
    worker = run.Part("reading1", [sys.executable, "-c", "raise SystemExit(9)"], {})
    demo = run.Part("demo", [sys.executable, "-c", ""], {}, once=True)
    starts: list[str] = []

    def note_and_start(name: str, start: Callable[[], None]) -> None:
        starts.append(name)
        start()

    for part in (web, worker, demo):
        part.start()
        part.start = partial(note_and_start, part.name, part.start)
    assert run.watch([web, worker, demo], threading.Event()) == 1
    assert set(starts) == {"reading1"}


# --- the command line ------------------------------------------------------------------------------------------------


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(FILE), *arguments], capture_output=True, text=True, timeout=60)


def test_help_shows_every_command_and_sets_nothing_up() -> None:
    done = call("--help")
    assert done.returncode == 0
    for word in ("./run test", "./run check", "./run setup", "./run manage", "--port", "--workers", "--no-demo"):
        assert word in done.stdout
    assert "setup |" not in done.stdout


def test_a_word_that_is_no_command_is_refused() -> None:
    done = call("serv")
    assert done.returncode == 2
    assert "invalid choice" in done.stderr


@pytest.mark.parametrize(("statement", "is_new"), [("PRAGMA user_version = 1", True), ("CREATE TABLE a (b)", False)])
def test_a_database_without_tables_is_set_up_like_none(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, statement: str, is_new: bool
) -> None:
    """What a command leaves behind that came before the first migration."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert run.is_new_desk()
    run.DATA_DIR.mkdir()
    with closing(sqlite3.connect(run.DATA_DIR / "claimdesk.sqlite3")) as connection:
        connection.execute(statement)
    assert run.is_new_desk() is is_new


def test_management_commands_get_their_own_arguments(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    class Replaced(Exception):
        pass

    def replace(_path: str, words: list[str], _env: dict[str, str]) -> None:
        raise Replaced(words[1:])

    monkeypatch.setattr(run, "prepare", lambda **_options: None)
    monkeypatch.setattr(run.os, "execve", replace)
    with pytest.raises(Replaced, match="'migrate', '--help'"):
        run.main(["manage", "migrate", "--help"])


def test_tests_get_their_own_arguments_and_run_in_parallel(
    run: ModuleType, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "prepare", lambda **_options: None)
    assert run.main(["test", "-x", "tests/claims"]) == 0
    assert commands[0][1:] == ["-m", "pytest", "-n", "auto", "-x", "tests/claims"]
    run.main(["test", "-n", "2"])
    assert commands[1][1:] == ["-m", "pytest", "-n", "2"]

"""Real worker processes, killed in the middle of their work: nothing is lost, nothing is done or paid twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from claims import audit
from claims.models import Document, Job, LineItem, LogEntry, Reading
from config import environment

ROOT = Path(settings.BASE_DIR)
PICTURES = sorted((ROOT / "demo" / "pictures").glob("single-*-clean.jpg"))
PATIENCE = 180.0
ALIAS = "desk"


@dataclass
class Desk:
    """A desk of its own: database, files, and the processes that the test starts."""

    env: dict[str, str]
    log: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def manage(self, *arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def start_worker(self, *arguments: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            command = [sys.executable, "manage.py", "worker", *arguments]
            process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def document(self) -> Document:
        return Document.objects.using(ALIAS).get()

    def job(self) -> Job:
        return Job.objects.using(ALIAS).get(kind="read-document")

    def wait_for(self, what: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not what():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)


def new_database(folder: Path) -> tuple[str, Callable[[], None]]:
    """The URL of an empty database of the same kind as the suite's, and how to get rid of it."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{folder / 'desk.sqlite3'}", lambda: None
    import psycopg

    at = connection.settings_dict
    name = f"desk_{uuid.uuid4().hex[:12]}"
    server = f"{at['USER']}:{at['PASSWORD']}@{at['HOST'] or ''}:{at['PORT'] or 5432}"
    with psycopg.connect(f"postgresql://{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")

    def drop() -> None:
        with psycopg.connect(f"postgresql://{server}/postgres", autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    return f"postgresql://{server}/{name}", drop


@pytest.fixture
def desk(tmp_path: Path, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with django_db_blocker.unblock():
        url, drop = new_database(tmp_path)
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "CLAIMDESK_DATA_DIR": str(tmp_path),
            "DATABASE_URL": url,
            "JOB_LEASE_SECONDS": "3",
        }
        monkeypatch.setenv("DATABASE_URL", url)
        connections.settings[ALIAS] = {**connections.settings["default"], **environment.database(tmp_path)}
        made = Desk(env, tmp_path / "workers.log")
        made.manage("migrate", "-v0")
        yield made
        for process in made.processes:
            process.kill()
            process.wait()
        connections[ALIAS].close()
        del connections[ALIAS], connections.settings[ALIAS]
        drop()


def take_in_one_picture(desk: Desk, folder: Path) -> None:
    folder.mkdir()
    (folder / "invoice.jpg").write_bytes(PICTURES[0].read_bytes())
    desk.manage("import_documents", str(folder))


def is_read(desk: Desk) -> bool:
    return desk.document().status == Document.Status.READ


def is_being_read(desk: Desk) -> bool:
    """Well inside: the pages are made and the engine is at work."""
    return desk.job().state == Job.State.RUNNING and desk.document().pages.using(ALIAS).exists()


def assert_read_once(desk: Desk) -> None:
    assert Reading.objects.using(ALIAS).count() == 1
    assert LogEntry.objects.using(ALIAS).filter(action="document.read").count() == 1
    numbers = list(LineItem.objects.using(ALIAS).values_list("n", flat=True))
    assert numbers
    assert numbers == list(range(len(numbers)))
    assert desk.job().state == Job.State.DONE


@pytest.mark.engine
def test_a_reading_whose_worker_was_killed_is_finished_once_by_another(desk: Desk, tmp_path: Path) -> None:
    take_in_one_picture(desk, tmp_path / "in")
    first = desk.start_worker("--queue", "engine")
    desk.wait_for(lambda: is_being_read(desk))
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    killed_at = time.monotonic()
    desk.start_worker("--queue", "engine")
    desk.wait_for(lambda: desk.job().attempts == 2)
    assert time.monotonic() - killed_at < 60
    desk.wait_for(lambda: is_read(desk))
    assert_read_once(desk)


@pytest.mark.engine
def test_a_worker_told_to_stop_gives_back_what_it_cannot_finish(desk: Desk, tmp_path: Path) -> None:
    take_in_one_picture(desk, tmp_path / "in")
    first = desk.start_worker("--queue", "engine", "--grace", "0")
    desk.wait_for(lambda: is_being_read(desk))
    first.send_signal(signal.SIGTERM)
    assert first.wait(30) == 0
    assert (desk.job().state, desk.job().attempts) == (Job.State.QUEUED, 0)
    second = desk.start_worker("--queue", "engine")
    desk.wait_for(lambda: desk.job().state == Job.State.RUNNING)
    second.send_signal(signal.SIGTERM)  # this one has its twenty seconds, and more than enough
    assert second.wait(60) == 0
    assert desk.job().state in {Job.State.DONE, Job.State.QUEUED}


class SlowVendor(BaseHTTPRequestHandler):
    """Charges, and keeps its answer to itself."""

    requests: list[str] = []

    def do_POST(self) -> None:
        self.requests.append(self.path.partition("?")[0])
        time.sleep(60)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def vendor() -> Iterator[str]:
    SlowVendor.requests = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), SlowVendor)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_a_call_that_was_under_way_when_its_worker_was_killed_is_held_not_repeated(
    desk: Desk, vendor: str, tmp_path: Path
) -> None:
    desk.env |= {"VENDOR_KEY": "key", "VENDOR_SECRET": "secret"}
    keys = ("--key-env", "VENDOR_KEY", "--secret-env", "VENDOR_SECRET")
    desk.manage("ocr_account", "jd", "--vendor", "jd", "--endpoint", vendor, *keys, "--enable")
    take_in_one_picture(desk, tmp_path / "in")
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("UPDATE claims_document SET kind = 'invoice'")
        cursor.execute("UPDATE claims_job SET queue = 'vendor' WHERE kind = 'read-document'")
    first = desk.start_worker("--queue", "vendor", "--threads", "2")
    desk.wait_for(lambda: len(SlowVendor.requests) == 1)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    desk.start_worker("--queue", "vendor", "--threads", "2")
    desk.wait_for(lambda: desk.job().state == Job.State.HELD)
    assert desk.document().status == Document.Status.HELD
    assert len(SlowVendor.requests) == 1


def test_the_log_of_killed_workers_is_one_unbroken_chain(desk: Desk, tmp_path: Path) -> None:
    take_in_one_picture(desk, tmp_path / "in")
    entries = list(LogEntry.objects.using(ALIAS).order_by("id"))
    assert [entry.previous for entry in entries] == [audit.GENESIS, *(entry.digest for entry in entries[:-1])]


def children_of(process: subprocess.Popen[bytes]) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def is_ready(desk: Desk, processes: int) -> bool:
    return desk.log.read_text().count("is ready") == processes


def test_a_worker_of_several_processes_ends_well_when_told(desk: Desk) -> None:
    worker = desk.start_worker("--queue", "vendor", "--threads", "3", "--processes", "2")
    desk.wait_for(lambda: is_ready(desk, 2))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0


def test_a_worker_that_lost_one_of_its_processes_ends_so_that_it_is_started_again(desk: Desk) -> None:
    worker = desk.start_worker("--queue", "vendor", "--threads", "3", "--processes", "2")
    desk.wait_for(lambda: is_ready(desk, 2))
    first, second = children_of(worker)
    os.kill(first, signal.SIGKILL)
    assert worker.wait(30) != 0
    assert not Path(f"/proc/{second}").exists()


def test_the_engine_is_not_shared_out_to_processes(desk: Desk) -> None:
    worker = desk.start_worker("--processes", "2")
    assert worker.wait(60) == 1
    assert "--queue vendor" in desk.log.read_text()

"""The door of the live server: after a test nobody is inside when the tables are emptied.

A page that closes may leave a request behind (a beacon, an answer nobody waits for). On PostgreSQL the flush
would meet it in a deadlock; anywhere it could write into the next test's tables.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from pytest_django.live_server_helper import LiveServer

LEAVING_SECONDS = 30


class Answer:
    """A WSGI answer that says when the server has done with it."""

    def __init__(self, body: Iterable[bytes], done: Callable[[], None]) -> None:
        self._body, self._done = body, done

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    def close(self) -> None:
        try:
            getattr(self._body, "close", lambda: None)()
        finally:
            self._done()


class Gate:
    """A WSGI application around another: counts the requests inside, and lets none in once it is shut."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self._inside, self._shut = 0, False
        self._changed = threading.Condition()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not self._enter():
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return []
        try:
            return Answer(self._application(environ, start_response), self._leave)
        except BaseException:
            self._leave()
            raise

    def shut(self) -> None:
        """Returns when the last request has left; `TimeoutError` when one stays too long."""
        with self._changed:
            self._shut = True
            if not self._changed.wait_for(lambda: self._inside == 0, LEAVING_SECONDS):
                raise TimeoutError(f"{self._inside} requests still inside the live server")

    def _enter(self) -> bool:
        with self._changed:
            self._inside += not self._shut
            return not self._shut

    def _leave(self) -> None:
        with self._changed:
            self._inside -= 1
            self._changed.notify_all()


@contextmanager
def gate_before(live_server: LiveServer) -> Iterator[None]:
    """The live server's requests pass a gate that shuts at the end."""
    server = live_server.thread.httpd
    application = server.get_app()
    assert application is not None
    gate = Gate(application)
    server.set_app(gate)
    try:
        yield
        gate.shut()
    finally:
        server.set_app(application)

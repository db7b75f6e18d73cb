"""A vendor on loopback that answers as it is told, well or badly."""

from __future__ import annotations

import base64
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Seen:
    """One request as the vendor got it."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def picture(self, name: str) -> bytes:
        return base64.b64decode(json.loads(self.body)[name], validate=True)


Step = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class FaultServer:
    url: str
    steps: list[Step] = field(default_factory=list)
    """What to do next; the last one repeats."""
    seen: list[Seen] = field(default_factory=list)
    connections: set[int] = field(default_factory=set)

    def script(self, *steps: Step) -> None:
        self.steps, self.seen = list(steps), []

    def next_step(self) -> Step:
        return self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]


def _handler(server: FaultServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            server.connections.add(self.client_address[1])
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = urlsplit(self.path)
            headers = {name.lower(): text for name, text in self.headers.items()}
            server.seen.append(Seen(parts.path, dict(parse_qsl(parts.query)), headers, body))
            with suppress(BrokenPipeError, ConnectionResetError):
                server.next_step()(self)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
            """Tests stay quiet."""

    return Handler


@contextmanager
def fault_server() -> Iterator[FaultServer]:
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    httpd.daemon_threads = True
    server = FaultServer(url=f"http://127.0.0.1:{httpd.server_address[1]}")
    httpd.RequestHandlerClass = _handler(server)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()


def reply(body: bytes | object = b"{}", status: int = 200, **headers: str) -> Step:
    """A whole answer. Header names are written with underscores."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def step(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(status)
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        for name, text in {"Content-Length": str(len(content)), "Date": handler.date_time_string(), **named}.items():
            handler.send_header(name, text)
        handler.end_headers()
        handler.wfile.write(content)

    return step


def slow(seconds: float, then: Step) -> Step:
    def step(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        then(handler)

    return step


def drop(handler: BaseHTTPRequestHandler) -> None:
    """Takes the request, does the work, charges, and hangs up without a word."""
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def cut_off(body: bytes, at: int) -> Step:
    """Promises the whole body and hangs up in the middle."""

    def step(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[:at])
        drop(handler)

    return step


def drip(body: bytes, pause: float) -> Step:
    """One byte after another, each in time, the whole never."""

    def step(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        for byte in body:
            handler.wfile.write(bytes([byte]))
            time.sleep(pause)

    return step

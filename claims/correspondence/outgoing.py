"""One message to an address that an administrator named: never to a private address, never by a redirect.

What a name resolves to may change between a look and the connection. So the connection itself is looked at: before a
byte is sent, the other end's address has to be a public one.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from django.utils.translation import gettext as _
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

CONNECT_SECONDS, READ_SECONDS = 5, 10
REASONS: tuple[tuple[type[Exception], str], ...] = (
    (requests.ConnectTimeout, "connect timeout"),
    (requests.ReadTimeout, "timeout"),
    (requests.exceptions.SSLError, "TLS"),
    (requests.ConnectionError, "connection"),
)


class NotReached(Exception):
    """No answer came. `str(error)` is a word of ours: the library's own text holds the address."""


class PrivateAddress(NotReached):
    """The name leads into a private network."""


def problem_with(url: str, *, allow_private: bool) -> str | None:
    """Why this cannot be an address to send to; `None` when it can."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        return _("The address has to begin with https:// and name a host.")
    if parts.username or parts.password or parts.fragment:
        return _("The address holds no user name and no fragment.")
    if parts.scheme == "http" and not allow_private:
        return _("Messages are sent by https:// only.")
    if not allow_private and _names_private(parts.hostname):
        return _("The address leads into a private network.")
    return None


def _names_private(host: str) -> bool:
    """As far as it can be known now; a name that does not resolve is looked at again when it is used."""
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        return False
    return not all(is_public(str(entry[4][0])) for entry in found)


def is_public(address: str) -> bool:
    """Also of an IPv4 address inside an IPv6 one."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    inside = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    return (inside or parsed).is_global and not parsed.is_multicast


def post(url: str, body: bytes, headers: Mapping[str, str], *, allow_private: bool) -> int:
    """Sends once; the status of the answer, whose body nobody reads. Raises `NotReached`."""
    with requests.Session() as session:
        session.trust_env = False
        adapter = HTTPAdapter(max_retries=0) if allow_private else _PublicOnly(max_retries=0)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        try:
            answer = session.post(
                url,
                data=body,
                headers={"User-Agent": "claimdesk", **headers},
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            )
        except _Private:
            raise PrivateAddress(_("The address leads into a private network.")) from None
        except (requests.RequestException, HTTPError, OSError) as error:
            raise NotReached(_reason(error)) from None
        with answer:
            return answer.status_code


def _reason(error: Exception) -> str:
    return next((word for kind, word in REASONS if isinstance(error, kind)), type(error).__name__)


# --- connections to public addresses alone ---------------------------------------------------------------------------


class _Private(Exception):
    """Not an error that urllib3 knows: it goes through unchanged."""


def _checked(sock: socket.socket) -> socket.socket:
    if not is_public(str(sock.getpeername()[0])):
        sock.close()
        raise _Private
    return sock


class _Connection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn())


class _SecureConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn())


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _PublicOnly(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

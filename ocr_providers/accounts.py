"""Accounts: which one to ask for a document, and whether it may be asked at all."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from operator import attrgetter
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

from ocr_providers import bulk, credentials
from ocr_providers.base import BaseProvider, Connection
from ocr_providers.exceptions import Misconfigured, TellAdministrator
from ocr_providers.models import ProviderAccount
from ocr_providers.providers import provider_class
from ocr_providers.results import Kind

LOCAL_ACCOUNT = "local"
LOCAL_PREFERENCE = 1000
"""After every vendor: an account that somebody made is there to be used."""


def default_local_account() -> ProviderAccount:
    """The account of the engine that ships inside; made when it is first asked for."""
    account, _made = ProviderAccount.objects.get_or_create(
        name=LOCAL_ACCOUNT, defaults={"vendor": "local", "preference": LOCAL_PREFERENCE, "max_in_flight": 16}
    )
    return account


def accounts_for(kind: Kind, *, region: str = "") -> list[ProviderAccount]:
    """Accounts that may read such a document, in order of preference; paused ones too, they say when they are back."""
    enabled = sorted(bulk.rows_where(ProviderAccount, "enabled", [True]), key=attrgetter("preference", "name"))
    near = [account for account in enabled if not region or account.region in ("", region)]
    return [account for account in near if _reads(account, kind) and _may_have_documents(account)]


def _reads(account: ProviderAccount, kind: Kind) -> bool:
    """A kind that is not known yet goes only to those that recognise kinds."""
    allowed = account.kinds or sorted(provider_class(account.vendor).kinds)
    return str(kind) in allowed


def _may_have_documents(account: ProviderAccount) -> bool:
    return account.documents_may_leave or provider_class(account.vendor).in_house


def refuse_unless_usable(account: ProviderAccount, kind: Kind) -> None:
    """Raises `TellAdministrator` when the account is switched off, or may not be given (such) documents."""
    if not account.enabled:
        raise TellAdministrator(_("“%(account)s” is disabled.") % {"account": account.name}, code="disabled")
    if not _may_have_documents(account):
        raise TellAdministrator(
            _("Documents may not leave the house with “%(account)s”.") % {"account": account.name}, code="must-stay"
        )
    if account.kinds and kind is not Kind.AUTO and str(kind) not in account.kinds:
        raise TellAdministrator(
            _("“%(account)s” is not used for documents of the kind “%(kind)s”.")
            % {"account": account.name, "kind": kind},
            code="other-kind",
        )


def provider_for(account: ProviderAccount) -> BaseProvider:
    """The vendor's client with this account's settings. Raises `Misconfigured`."""
    vendor = provider_class(account.vendor)
    return vendor(
        Connection(
            account=account.pk or 0,
            endpoint=(account.endpoint or vendor.default_endpoint).rstrip("/"),
            route=account.route,
            credentials=credentials.decrypt(account.encrypted_credentials),
            connect_timeout=account.connect_timeout,
            read_timeout=account.read_timeout,
            total_timeout=account.total_timeout,
            max_in_flight=account.max_in_flight,
            clock_offset=account.clock_offset,
        )
    )


def set_credentials(account: ProviderAccount, given: Mapping[str, str]) -> None:
    """Stores what was given, keeps the rest. Does not save the row."""
    known = provider_class(account.vendor).credential_names
    unknown = set(given) - set(known)
    if unknown:
        raise Misconfigured(f"{account.vendor} has no {', '.join(sorted(unknown))}.")
    kept = credentials.decrypt(account.encrypted_credentials)
    account.encrypted_credentials = credentials.encrypt(
        {**kept, **{name: text for name, text in given.items() if text}}
    )


def missing_credentials(account: ProviderAccount) -> list[str]:
    held = credentials.decrypt(account.encrypted_credentials)
    return [name for name in provider_class(account.vendor).credential_names if not held.get(name)]


def check_endpoint(endpoint: str, *, allow_private: bool) -> None:
    """Raises `Misconfigured` unless `endpoint` is a base URL that credentials and documents may be sent to."""
    parts = _parts(endpoint)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Misconfigured(_("The base URL has to begin with https:// and name a host."))
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise Misconfigured(_("The base URL has no query, fragment or user name."))
    private = _is_private(parts.hostname)
    if private and not allow_private:
        raise Misconfigured(_("The base URL names a loopback or private address."))
    if parts.scheme == "http" and not private:
        raise Misconfigured(_("Documents and keys go to a vendor by https:// only."))


def _parts(endpoint: str) -> SplitResult | None:
    """`None` for what is no URL: brackets without an address in them, a port that is no number."""
    try:
        parts = urlsplit(endpoint)
        parts.port  # noqa: B018 - raises
    except ValueError:
        return None
    return parts


def _is_private(host: str) -> bool:
    """Whether any address of the host is not a public one. A name that does not resolve is not private."""
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        return False
    return any(not ipaddress.ip_address(str(entry[4][0]).partition("%")[0]).is_global for entry in found)

"""`ocr_account`: makes, changes or tests a provider account without a browser. Secrets come from the environment."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from ocr_providers import circuit
from ocr_providers.accounts import check_endpoint, missing_credentials, provider_for, set_credentials
from ocr_providers.exceptions import Misconfigured, OcrError
from ocr_providers.management.desk_command import DeskCommand
from ocr_providers.models import ProviderAccount
from ocr_providers.providers import PROVIDERS, provider_class


class Command(DeskCommand):
    help = (
        "Makes or changes a provider account. A new account is enabled as soon as it has all its credentials, and may "
        "be given documents unless --documents-stay is said."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--vendor", choices=list(PROVIDERS), help="needed for a new account")
        parser.add_argument("--endpoint", metavar="URL", help="base URL before the vendor's path")
        parser.add_argument("--key-env", metavar="VAR", help="environment variable that holds the key")
        parser.add_argument("--secret-env", metavar="VAR", help="environment variable that holds the secret, if any")
        parser.add_argument("--test", action="store_true", help="test the connection afterwards, without a picture")
        switch = parser.add_mutually_exclusive_group()
        switch.add_argument("--enable", action="store_const", const=True, dest="enabled")
        switch.add_argument("--disable", action="store_const", const=False, dest="enabled")
        leave = parser.add_mutually_exclusive_group()
        leave.add_argument("--documents-may-leave", action="store_const", const=True, dest="leave")
        leave.add_argument("--documents-stay", action="store_const", const=False, dest="leave")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            account = find_or_new(options["name"], options["vendor"])
            apply_options(account, options)
        except Misconfigured as error:
            raise CommandError(str(error)) from None
        account.save()
        circuit.resume(account)
        self.stdout.write(described(account))
        if options["test"]:
            self.stdout.write(tested(account))


def find_or_new(name: str, vendor: str | None) -> ProviderAccount:
    account = ProviderAccount.objects.filter(name=name).first()
    if account is None:
        if not vendor:
            raise CommandError(f"There is no account {name!r} yet; say its --vendor.")
        may_leave = not provider_class(vendor).in_house
        return ProviderAccount(name=name, vendor=vendor, documents_may_leave=may_leave, enabled=False)
    if vendor and vendor != account.vendor:
        raise CommandError(f"{name!r} is an account at {account.vendor}; its calls stay on record. Use a new name.")
    return account


def apply_options(account: ProviderAccount, options: dict[str, Any]) -> None:
    """Changes the row in memory. Raises `Misconfigured` or `CommandError`, and then nothing is saved."""
    if options["endpoint"] is not None:
        check_endpoint(options["endpoint"], allow_private=True)
        account.endpoint = options["endpoint"].rstrip("/")
    set_credentials(account, secrets_from_environment(account, options))
    if options["leave"] is not None:
        account.documents_may_leave = options["leave"]
    missing = missing_credentials(account)
    if options["enabled"] and missing:
        raise CommandError(f"{account.name!r} cannot be enabled without {' and '.join(missing)}.")
    if options["enabled"] is not None:
        account.enabled = options["enabled"]
    elif account._state.adding:
        account.enabled = not missing


def secrets_from_environment(account: ProviderAccount, options: dict[str, Any]) -> dict[str, str]:
    names = provider_class(account.vendor).credential_names
    variables = [options["key_env"], options["secret_env"]]
    superfluous = [variable for variable in variables[len(names) :] if variable]
    if superfluous:
        raise CommandError(f"{account.vendor} has no place for {superfluous[0]}.")
    return {name: from_environment(variable) for name, variable in zip(names, variables, strict=False) if variable}


def from_environment(variable: str) -> str:
    value = os.environ.get(variable, "").strip()
    if not value:
        raise CommandError(f"The environment variable {variable} is not set.")
    return value


def described(account: ProviderAccount) -> str:
    vendor = provider_class(account.vendor)
    where = account.endpoint or vendor.default_endpoint or "this machine"
    missing = missing_credentials(account)
    return ", ".join(
        (
            f"{account.name}: {vendor.title} at {where}",
            "enabled" if account.enabled else "disabled",
            f"without {' and '.join(missing)}" if missing else "credentials complete",
            "documents may leave the house" if account.documents_may_leave else "documents stay in the house",
        )
    )


def tested(account: ProviderAccount) -> str:
    try:
        return provider_for(account).test_connection()
    except (OcrError, Misconfigured) as error:
        raise CommandError(f"{account.name!r} does not work: {error}") from None

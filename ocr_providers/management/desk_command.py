"""What commands that work on the desk's tables have in common."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor


class DeskCommand(BaseCommand):
    """Looks at the tables before it begins: nothing is done by half on a database that is not set up.

    Raises `CommandError`, which is one line at a terminal.
    """

    requires_migrations_checks = True

    def check_migrations(self) -> None:
        """Django's own only warns, and goes on."""
        try:
            executor = MigrationExecutor(connection)
        except OperationalError as error:
            raise CommandError(f"The database cannot be reached: {' '.join(str(error).split())}") from error
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("The database is not set up for this version: run `manage.py migrate` first.")

"""For operators and their tools: is the process alive, and can it work?"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

log = structlog.get_logger(__name__)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else: a database that is away is no reason to kill it."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when requests can be served, else 503; says which part is not ready, and nothing more."""
    parts = {"database": _holds(_database), "migrations": _holds(_migrations), "store": _holds(_store)}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - a probe: whatever a driver or a store's client raises means "not ready"
        log.warning("not_ready", part=check.__name__, error=type(error).__name__)
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _store() -> bool:
    default_storage.exists("originals/none")
    return True

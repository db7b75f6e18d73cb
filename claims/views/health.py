"""For operators and their tools: is the process alive, and can it work?"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

import structlog
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

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


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counters for Prometheus: with the token, or without one set, for this machine alone."""
    if not _may_measure(request):
        return HttpResponseForbidden("metrics: not from here\n", content_type="text/plain")
    answer: HttpResponse = ExportToDjangoView(request)
    return answer


def _may_measure(request: HttpRequest) -> bool:
    """A request through a proxy comes from this machine's address too, but says for whom."""
    if settings.METRICS_TOKEN:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}")
    forwarded = {"X-Forwarded-For", "Forwarded", "X-Real-Ip"} & set(request.headers)
    address = request.META.get("REMOTE_ADDR", "")
    try:
        return not forwarded and ip_address(address).is_loopback
    except ValueError:
        return False


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

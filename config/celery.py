"""Celery, for desks on many machines (`CELERY_BROKER_URL`): `celery -A config.celery worker -Q engine -c 1`,
`celery -A config.celery worker -Q vendor -P threads -c 32`, and one `celery -A config.celery beat`.

It only announces jobs; their rows are the truth (docs/decisions/0008-readings-as-jobs.md).
"""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings

app = Celery("claimdesk", broker=settings.CELERY_BROKER_URL)
app.conf.update(
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    task_routes={"claims.sweep": {"queue": "vendor"}},
    beat_schedule={"sweep": {"task": "claims.sweep", "schedule": 10.0}},
    db_reuse_max=1000,  # otherwise each task connects to the database anew
)
app.autodiscover_tasks(["claims"])

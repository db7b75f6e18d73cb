"""The WSGI application that gunicorn serves."""

import gc
import os
from typing import Any

from django.core.signals import request_finished
from django.core.wsgi import get_wsgi_application

from claims.garbage import IS_DUE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

AT_THE_LATEST = 1_000_000


def collect(**_: Any) -> None:
    """When an answer has left: a page of 500 lines makes 40 000 objects and no garbage, and grows undisturbed."""
    counts = gc.get_count()
    due = [generation for generation, most in enumerate(IS_DUE) if counts[generation] > most]
    if 0 in due:
        gc.collect(max(due))


gc.set_threshold(AT_THE_LATEST, *IS_DUE[1:])
gc.freeze()  # what was loaded stays for good: no request has to wait while it is searched for garbage again
request_finished.connect(collect, dispatch_uid="config.wsgi.collect")

"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
# A page of 500 lines makes 40 000 objects and no garbage: it is not searched while it grows.
gc.set_threshold(50_000, 20, 50)
gc.freeze()  # what was loaded stays for good: no request has to wait while it is searched for garbage again

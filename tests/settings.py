"""Settings of the test suite: the desk's own, with files and secrets in a folder that goes away with the process."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

# Every process of a parallel run imports this for itself, so each has a folder of its own.
_folder = tempfile.mkdtemp(prefix="claimdesk-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["CLAIMDESK_DATA_DIR"] = _folder
os.environ.setdefault("SECRET_KEY", "a-key-for-tests-only-that-opens-nothing-anywhere")
for _name in ("S3_BUCKET", "CELERY_BROKER_URL"):
    os.environ.pop(_name, None)

from config.settings import *  # noqa: E402, F403 - the environment comes first

if "sqlite" in DATABASES["default"]["ENGINE"]:  # noqa: F405
    # A file, as in use: a database in memory, shared by threads, locks whole tables and ignores the timeout.
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/test.sqlite3"}  # noqa: F405
REVIEW_ROWS_KEPT = 0  # tests change rows without a verb, and ids come again
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT.mkdir()  # noqa: F405 - WhiteNoise warns of a folder that is not there
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

"""Settings. Everything that differs between two machines comes from the environment (docs/deployment.md lists it)."""

from __future__ import annotations

import sys
from pathlib import Path

import django_stubs_ext
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

from config import environment

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(environment.text("CLAIMDESK_DATA_DIR", "") or BASE_DIR / "var").resolve()
TESTING = "pytest" in sys.modules

SECRET_KEY = environment.secret("SECRET_KEY", DATA_DIR, make=get_random_secret_key)
CREDENTIALS_KEYS = environment.secret("CREDENTIALS_KEYS", DATA_DIR, make=lambda: Fernet.generate_key().decode()).split(
    ","
)
"""Fernet keys for vendor credentials, newest first; older ones still decrypt (rotation: docs/security.md)."""
DEBUG = environment.boolean("DEBUG", default=False)
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")
BEHIND_TLS = environment.boolean("BEHIND_TLS", default=False)
TRUSTED_PROXIES = environment.integer("TRUSTED_PROXIES", default=1 if BEHIND_TLS else 0)
"""How many proxies in front each add to `X-Forwarded-For` whom they speak for; none: the header is not believed."""
DEMO_DESK = environment.boolean("DEMO_DESK", default=False)
"""The sign-in page names the demo users. Never on a desk with real claims."""

INSTALLED_APPS = [
    "claims",
    "ocr_providers",
    "config.admin.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "django_prometheus",
    "django_structlog",
    "lucide",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "claims.web_rules.NothingIsKept",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "claims.staff.sessions.SessionRules",
    "claims.web_rules.WhatNoDatabaseHolds",
    "django_structlog.middlewares.RequestMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "claims.views.context.desk",
            ],
        },
    },
]

DATABASES = {"default": environment.database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STORAGES = {
    "default": environment.file_store(DATA_DIR),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "config.static.HashedStaticFilesStorage"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]

# --- people ----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "claims.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "claims.staff.accounts.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,10/300s/key"}
"""For second factors, which axes does not see. Wrong passwords meet the lock-out below first."""
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Claimdesk"
MFA_ADAPTER = "claims.staff.accounts.StaffTwoFactorAdapter"
SESSION_COOKIE_AGE = environment.integer("SESSION_HOURS", default=10, minimum=1) * 3600
SESSION_IDLE_SECONDS = environment.integer("SESSION_IDLE_MINUTES", default=60, minimum=1) * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
"""Hours: a quarter of an hour locked out after eight failed sign-ins."""
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "claims.staff.accounts.client_address"
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "claimdesk_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
"""Holds what `ACCOUNT_RATE_LIMITS` counts and the codes that were used: one store for all web processes. The attempts
that lock a name out are rows of axes. Nothing else of the desk is kept here."""
AXES_LOCKOUT_TEMPLATE = "account/locked.html"

# --- security --------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_SSL_REDIRECT = False  # the proxy in front redirects; health checks come in plain
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
LANGUAGE_COOKIE_SAMESITE = "Lax"

METRICS_TOKEN = environment.text("METRICS_TOKEN", "")
"""What Prometheus sends as a bearer token. Empty: `/metrics` answers this machine only, and nobody through a proxy."""

# --- uploads ---------------------------------------------------------------------------------------------------------

UPLOAD_MAX_BYTES = environment.integer("UPLOAD_MAX_MB", default=20, minimum=1) * 1024 * 1024
UPLOAD_MAX_PIXELS = environment.integer("UPLOAD_MAX_MEGAPIXELS", default=40, minimum=1) * 1_000_000
UPLOAD_MAX_PAGES = environment.integer("UPLOAD_MAX_PAGES", default=50, minimum=1)
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
"""A gateway request carries a picture as base64 in its JSON body."""
FILE_UPLOAD_HANDLERS = ["claims.receiving.upload_spool.BoundedUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 200

REVIEW_ROWS_KEPT = environment.integer("REVIEW_ROWS_KEPT", default=4000)
"""Lines of documents that a web process keeps in memory between two requests (`claims.working_values.kept_values`)."""

# --- reading ---------------------------------------------------------------------------------------------------------

ENGINE_THREADS = environment.integer("ENGINE_THREADS", default=2, minimum=1)
"""Threads of the OCR engine in each reading process."""
PROVIDER_ALLOW_PRIVATE_ENDPOINTS = environment.boolean("PROVIDER_ALLOW_PRIVATE_ENDPOINTS", default=False)
"""Whether an account edited in the admin may point at a loopback or private address."""
WEBHOOK_ALLOW_PRIVATE_ADDRESSES = environment.boolean("WEBHOOK_ALLOW_PRIVATE_ADDRESSES", default=False)
"""Whether webhooks may lead to a loopback or private address, and by plain http."""
DESK_ADDRESS = environment.text("DESK_ADDRESS", "")
"""What the desk is called from outside, as in https://desk.example: links in webhooks begin with it."""
JOB_LEASE_SECONDS = environment.integer("JOB_LEASE_SECONDS", default=30, minimum=2)
CELERY_BROKER_URL = environment.text("CELERY_BROKER_URL", "")
"""Set: jobs are also announced to Celery workers. Job rows stay the truth."""

# --- languages and time ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = environment.text("LANGUAGE_CODE", "en")
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese")), ("th", _("Thai"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = environment.text("TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# --- API -------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "claims.api.authentication.SessionAuthentication",
        "rest_framework.authentication.TokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["claims.api.json_bodies.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "claims.api.json_bodies.JSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "EXCEPTION_HANDLER": "claims.api.errors.handle",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
    "PAGE_SIZE": 50,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Claimdesk API",
    "DESCRIPTION": "Claims, documents, working values, findings and decisions.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ClaimStatusEnum": "claims.models.claim.Claim.Status",
        "DocumentStatusEnum": "claims.models.document.Document.Status",
        "LanguageEnum": "claims.models.letter.LetterLanguage",
    },
}

# --- logs ------------------------------------------------------------------------------------------------------------

LOG_JSON = environment.boolean("LOG_JSON", default=False)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.formatter", "as_json": LOG_JSON}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.text("LOG_LEVEL", "INFO")},
    "loggers": {
        # urllib3 logs whole URLs at debug level, and a JD URL carries the signature.
        "urllib3": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        # Requests: structured lines without the query string, for machines; people at a terminal want none of it.
        "django_structlog": {"level": "INFO" if LOG_JSON else "WARNING"},
        "django.server": {"level": "WARNING"},
    },
}

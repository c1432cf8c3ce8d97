"""Settings of every process. What differs between machines comes from the environment (fupin/env.py); the rest stands here."""

import os
import sys
from datetime import timedelta
from pathlib import Path

import pghistory
import pgtrigger
from celery.schedules import crontab

from fupin import env

ROOT = Path(__file__).resolve().parents[2]
HOME = env.home()
LOGIN = os.environ.get("FUPIN_LOGIN", "web")
"""Which database login this process uses: owner at the console, web, worker."""

DEMO = env.demo()
DEBUG = False
SECURE = env.flag("FUPIN_TLS", default=False)
"""Served over TLS. On plain http Chromium keeps `__Host-` cookies for localhost only, so ordinary names are used."""

_keys = env.load_or_create_keys(HOME)
SECRET_KEY = _keys.secret_key
VAULT_KEYS = _keys.vault
VAULT_CURRENT_KEY = _keys.vault_current
VAULT_INDEX_KEY = _keys.index

ALLOWED_HOSTS = env.hosts(demonstrating=DEMO)
CSRF_TRUSTED_ORIGINS = env.names("FUPIN_ORIGINS", default=[])
ROOT_URLCONF = "fupin.urls"
WSGI_APPLICATION = "fupin.wsgi.application"

INSTALLED_APPS = [
    "fupin.accounts",
    "fupin.vault",
    "fupin.divisions",
    "fupin.jobs",
    "fupin.history",
    "fupin.deadlines",
    "fupin.sheets",
    "fupin.prints",
    "fupin.notices",
    "fupin.ledgers",
    "fupin.servers",
    "fupin.home",
    "registry",
    "projects",
    "funds",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "pghistory",
    "pgtrigger",
    "django_htmx",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "fupin.accounts.middleware.unavailable.DatabaseAway",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "fupin.accounts.middleware.session.SessionLimits",
    "fupin.accounts.middleware.scope.Scope",
    "fupin.accounts.middleware.doors.Doors",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fupin.home.context.product",
                "fupin.home.context.navigation",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": {
        **env.database(LOGIN),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    },
}
# What must be kept though the request's transaction rolls back (access records, refusals) goes over its own connection.
DATABASES["record"] = {**DATABASES["default"], "TEST": {"MIRROR": "default"}}
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "fupin.accounts.backends.PasswordBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "fupin.accounts.passwords.EnoughCharacters"},
    {"NAME": "fupin.accounts.passwords.ThreeOfFourClasses"},
    {"NAME": "fupin.accounts.passwords.NotCommon"},
    {"NAME": "fupin.accounts.passwords.NotAboutOneself"},
    {"NAME": "fupin.accounts.passwords.NotUsedBefore"},
]
PASSWORD_DAYS = 90
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-fupin" if SECURE else "fupin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE
SESSION_IDLE = timedelta(minutes=15)
SESSION_LENGTH = timedelta(hours=8)
SESSION_COOKIE_AGE = int(SESSION_LENGTH.total_seconds()) + 3600
"""Longer than a session may last: the sign-in's own row ends it, and says why."""
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "fupin.home.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
BEHIND_PROXY = env.flag("FUPIN_BEHIND_PROXY", default=False)
"""A proxy of ours stands in front: it says over which scheme and from which address a request came."""
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    },
}

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "fupin.accounts.views.sign_in.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
"""A whole county office stands behind one address: locked is the account that is attacked, not the address."""

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.redis_url(2),
        "KEY_PREFIX": "fupin",
    }
}

EMAIL_BACKEND = env.text("FUPIN_EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env.text("FUPIN_EMAIL_HOST", default="localhost")
EMAIL_PORT = env.number("FUPIN_EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.text("FUPIN_EMAIL_USER", default="")
EMAIL_HOST_PASSWORD = env.text("FUPIN_EMAIL_PASSWORD", default="")
EMAIL_USE_TLS = env.flag("FUPIN_EMAIL_TLS", default=False)
EMAIL_TIMEOUT = 10
SEAL_MAIL = env.names("FUPIN_SEAL_MAIL", default=[])
DEFAULT_FROM_EMAIL = env.text("FUPIN_EMAIL_FROM", default="fupin@localhost")

CELERY_BROKER_URL = env.celery_url(0)
CELERY_RESULT_BACKEND = env.celery_url(1)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 1800
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 5,  # a queue that hangs must not hang the web; the sweeper delivers what was not
    "socket_connect_timeout": 5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_RESULT_EXPIRES = timedelta(days=1)
CELERY_BEAT_SCHEDULE_FILENAME = str(HOME / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "sweep jobs": {
        "task": "fupin.jobs.tasks.sweep",
        "schedule": timedelta(seconds=15),
        "options": {"expires": 15},  # rounds missed while no worker was there need not be made up
    },
    "tidy accounts": {"task": "fupin.accounts.tasks.tidy", "schedule": timedelta(hours=12)},
    "seal the history": {
        "task": "fupin.history.tasks.seal",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 300},
    },
    "remove old exports": {"task": "fupin.sheets.tasks.tidy", "schedule": timedelta(minutes=30)},
    # A new day begins at midnight in Shanxi; every hour what was missed is made up, and mails go out from 7:00 on.
    "begin the day's deadlines": {
        "task": "fupin.deadlines.tasks.work",
        "schedule": crontab(hour=0, minute=5),
    },
    "begin the three-year re-identification": {
        "task": "registry.tasks.reidentify_when_due",
        "schedule": crontab(hour=1, minute=10),
    },
    "recognise stranded money": {
        "task": "funds.tasks.recognise_stranded",
        "schedule": crontab(hour=0, minute=45),
    },
    "catch up with deadlines": {
        "task": "fupin.deadlines.tasks.work",
        "schedule": crontab(minute=35),
        "options": {"expires": 3000},
    },
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "fupin.accounts.api.authentication.TokenAuthentication",
        "fupin.accounts.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["fupin.accounts.api.permissions.DoorPermission"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "fupin.accounts.api.paging.Pages",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["fupin.accounts.api.parsing.PlainJSON"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "fupin.accounts.api.errors.handle",
    "DEFAULT_THROTTLE_CLASSES": ["fupin.accounts.api.throttling.CallerThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "600/minute"},
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "精准扶贫网络管理系统接口",
    "DESCRIPTION": "各部门按授权读写建档立卡数据；范围、规则与网页相同。",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["fupin.accounts.api.permissions.DoorPermission"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [],  # codes stay beside their field, with their names
}

PGHISTORY_LEVEL = pgtrigger.Statement
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_ADMIN_ALL_EVENTS = False

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["fupin.settings.formats"]

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = HOME / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
# Uploads stay in memory, up to a workbook's size: nothing of theirs touches the disk before it is encrypted.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 65 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"fupin": {"level": "INFO"}},
}

"""Settings of the test suite: the real ones, against throw-away servers that tests/conftest.py starts before Django does."""

from fupin import env
from fupin.settings.base import *  # noqa: F403
from fupin.settings.base import DATABASES, REST_FRAMEWORK

DATABASES["owner"] = {**env.database("owner"), "TEST": {"MIRROR": None}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": []}
WHITENOISE_AUTOREFRESH = True  # nothing is collected for tests

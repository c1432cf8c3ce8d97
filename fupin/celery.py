"""The worker and the beat: they log in to the database as the worker role."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fupin.settings.base")
os.environ.setdefault("FUPIN_LOGIN", "worker")

from celery import Celery

app = Celery("fupin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

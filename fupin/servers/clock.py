"""`celery -A fupin.servers.clock beat`: keeps the clock and nothing else.

Beat sends tasks by name. It needs the schedule from the settings, but no models, no database and no tasks'
code: without Django's set-up it takes less memory.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fupin.settings.base")
os.environ.setdefault("FUPIN_LOGIN", "worker")

app = Celery("fupin", fixups=[])
app.config_from_object("django.conf:settings", namespace="CELERY")

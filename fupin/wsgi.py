"""The web process: it logs in to the database as the web role, never as the owner."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fupin.settings.base")
os.environ.setdefault("FUPIN_LOGIN", "web")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

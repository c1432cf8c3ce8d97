"""The embedded servers as an app: it brings the commands `up`, `backup` and `restore`."""

from django.apps import AppConfig


class ServersConfig(AppConfig):
    """PostgreSQL and Valkey from wheels, and who watches them."""

    name = "fupin.servers"
    verbose_name = "内置服务"

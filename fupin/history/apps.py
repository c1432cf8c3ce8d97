"""History: how it stood on a day, sealed so that nobody can change it unseen."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import autodiscover_modules


class HistoryConfig(AppConfig):
    """历史."""

    name = "fupin.history"
    label = "history"
    verbose_name = "历史"

    def ready(self) -> None:
        """Keep the tables of the past in step with those of the present; load every app's `verified`: what else must be true."""
        from fupin.history import past

        autodiscover_modules("verified")
        # Taken down before migrations, put up after.
        pre_migrate.connect(past.before_migrations, sender=self, dispatch_uid="history.past")
        post_migrate.connect(past.after_migrations, sender=self, dispatch_uid="history.past")

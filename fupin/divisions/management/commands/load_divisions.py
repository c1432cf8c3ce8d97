"""`manage.py load_divisions`: bring Shanxi's divisions into the database, or up to date."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from fupin.divisions.services.load import load_divisions
from fupin.divisions.sources import SourceDamaged, read_shanxi


class Command(BaseCommand):
    """Load the divisions; run as the owner of the tables, as the console does."""

    help = "装入山西省行政区划(可反复执行,只写有变化的)"

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how much."""
        try:
            loaded = load_divisions(read_shanxi())
        except SourceDamaged as error:
            raise CommandError(f"区划数据有误 / the division files are damaged: {error}") from error
        if options["verbosity"]:
            self.stdout.write(f"区划 {loaded.divisions:,} 个,写入 {loaded.changed:,} 行")

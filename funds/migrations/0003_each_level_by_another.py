from decimal import Decimal

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("divisions", "0002_grants"),
        ("funds", "0002_walls"),
        ("ledgers", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="scheme",
            name="unit_yuan",
            field=models.DecimalField(
                decimal_places=2, default=Decimal("100.00"), max_digits=8, verbose_name="取整单位（元）"
            ),
        ),
        migrations.AddConstraint(
            model_name="allotment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("passed_by__isnull", True),
                        ("issued_by__isnull", True),
                        models.Q(("passed_by", models.F("issued_by")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("received_by__isnull", True),
                        ("passed_by__isnull", True),
                        models.Q(("received_by", models.F("passed_by")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("received_by__isnull", True),
                        ("issued_by__isnull", True),
                        models.Q(("received_by", models.F("issued_by")), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="allotment_each_level_by_another",
                violation_error_message="下达、转下、到账须由不同的人登记",
            ),
        ),
    ]

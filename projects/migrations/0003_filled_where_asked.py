from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("divisions", "0002_grants"),
        ("projects", "0002_walls"),
        ("registry", "0036_link_days"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="project",
            name="project_done_in_order",
        ),
        migrations.RemoveConstraint(
            model_name="projectcheck",
            name="projectcheck_problem_has_day",
        ),
        migrations.RemoveConstraint(
            model_name="projectcheck",
            name="projectcheck_mended_in_words",
        ),
        migrations.RemoveConstraint(
            model_name="projectcheck",
            name="projectcheck_closed_after_mending",
        ),
        migrations.RemoveConstraint(
            model_name="projecthousehold",
            name="projecthousehold_removed_for_a_reason",
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("finished_on__isnull", True),
                        models.Q(("finished_on__gte", models.F("started_on")), ("started_on__isnull", False)),
                        _connector="OR",
                    ),
                    models.Q(
                        ("accepted_on__isnull", True),
                        models.Q(
                            ("accepted_on__gte", models.F("finished_on")), ("finished_on__isnull", False)
                        ),
                        _connector="OR",
                    ),
                ),
                name="project_done_in_order",
                violation_error_message="实际日期应依次为开工、完工、验收",
            ),
        ),
        migrations.AddConstraint(
            model_name="projectcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("has_problem", True), ("mend_by__gte", models.F("on")), ("mend_by__isnull", False)
                    ),
                    models.Q(("has_problem", False), ("mend_by__isnull", True)),
                    _connector="OR",
                ),
                name="projectcheck_problem_has_day",
                violation_error_message="有问题的须定整改期限，期限不早于抽查日期；没有问题的不定",
            ),
        ),
        migrations.AddConstraint(
            model_name="projectcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("mended_by__isnull", True), ("mended_how", ""), ("mended_on__isnull", True)),
                    models.Q(
                        ("has_problem", True),
                        ("mended_by__isnull", False),
                        ("mended_on__gte", models.F("on")),
                        ("mended_on__isnull", False),
                        models.Q(("mended_how", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="projectcheck_mended_in_words",
                violation_error_message="整改须写明日期和情况，日期不早于抽查日期",
            ),
        ),
        migrations.AddConstraint(
            model_name="projectcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_by__isnull", True), ("closed_on__isnull", True)),
                    models.Q(
                        ("closed_by__isnull", False),
                        ("closed_on__gte", models.F("mended_on")),
                        ("closed_on__isnull", False),
                        ("mended_on__isnull", False),
                        models.Q(("closed_by", models.F("mended_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="projectcheck_closed_after_mending",
                violation_error_message="整改后由另一人销号，销号日期不早于整改日期",
            ),
        ),
        migrations.AddConstraint(
            model_name="projecthousehold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("removed_because", ""), ("removed_by__isnull", True), ("removed_on__isnull", True)
                    ),
                    models.Q(
                        ("removed_by__isnull", False),
                        ("removed_on__gte", models.F("added_on")),
                        ("removed_on__isnull", False),
                        models.Q(("removed_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="projecthousehold_removed_for_a_reason",
                violation_error_message="移出须写明日期和原因，日期不早于列入日期",
            ),
        ),
    ]

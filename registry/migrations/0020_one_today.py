"""Steps, quotas and help are held to the product's one day."""

from django.db import migrations

ASKS = """
CREATE OR REPLACE FUNCTION registry_today() RETURNS date LANGUAGE sql STABLE AS $$ SELECT product_today() $$;
CREATE OR REPLACE FUNCTION registry_help_today() RETURNS date LANGUAGE sql STABLE AS $$ SELECT product_today() $$;
"""
BY_ITSELF = "".join(
    f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date
$$;
"""
    for name in ("registry_today", "registry_help_today")
)


class Migration(migrations.Migration):
    dependencies = [("registry", "0019_reidentification_walls"), ("accounts", "0003_today")]
    operations = [migrations.RunSQL(ASKS, BY_ITSELF)]

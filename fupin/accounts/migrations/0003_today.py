"""The day on which the product lives, in one place: what must not be dated ahead or back-dated is held to it.

Only the owner of the tables may replace the function; no setting of a session moves it.
"""

from django.db import migrations

TODAY = """
CREATE FUNCTION product_today() RETURNS date LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date
$$;
COMMENT ON FUNCTION product_today() IS '系统当日（北京时间）；不得倒签、不得晚于今天的规则都以它为准';
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_grants")]
    operations = [migrations.RunSQL(TODAY, "DROP FUNCTION product_today();")]

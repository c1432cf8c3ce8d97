"""A quota holds everybody who stands on the register beside those on the way to it (procedures §2: 各级录入在册贫困人口 ≤ 本级配额).

Whoever is on the register counts by the card of the round's income year, or the one nearest to it before, in whatever round he came on;
whoever has left, been removed or closed counts no more. Households of a provincial or city standard take up none.
"""

from django.db import migrations

from registry.rules.help.after_exit import ON_REGISTER

STATUSES = ", ".join(sorted(f"'{status.value}'" for status in ON_REGISTER))

ON_THE_WAY_AND_ON = f"""
CREATE FUNCTION registry_standing(of_round bigint, at bigint, span bigint, besides bigint)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(card.member_count), 0)
    FROM registry_round r, registry_household h CROSS JOIN LATERAL (
        SELECT y.id_standard, y.member_count FROM registry_householdyear y WHERE y.household_id = h.id
        ORDER BY y.year > r.income_year, abs(y.year - r.income_year) LIMIT 1
    ) AS card
    WHERE r.id = of_round AND h.division >= at AND h.division < at + span AND h.id IS DISTINCT FROM besides
        AND card.id_standard = '1' AND (h.status IN ({STATUSES}) OR h.status = 'S' AND EXISTS (
            SELECT FROM registry_case c WHERE c.household_id = h.id AND c.track = 'EXIT' AND c.closed_on IS NULL))
$$;
REVOKE ALL ON FUNCTION registry_standing(bigint, bigint, bigint, bigint) FROM PUBLIC;
CREATE OR REPLACE FUNCTION registry_listed(of_round bigint, at bigint, span bigint, from_place integer, besides bigint)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT registry_standing(of_round, at, span, (SELECT household_id FROM registry_case WHERE id = besides)) + coalesce((
        SELECT sum(c.persons) FROM registry_case c
        WHERE c.round_id = of_round AND c.track = 'ENTRY' AND c.closed_on IS NULL AND c.id <> besides
            AND c.division >= at AND c.division < at + span AND registry_place_on_the_way(c.id, c.status) >= from_place
    ), 0)
$$;
"""

ON_THE_WAY = """
CREATE OR REPLACE FUNCTION registry_listed(of_round bigint, at bigint, span bigint, from_place integer, besides bigint)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(c.persons), 0) FROM registry_case c JOIN registry_household h ON h.id = c.household_id
    WHERE c.round_id = of_round AND c.track = 'ENTRY' AND c.id <> besides
        AND c.division >= at AND c.division < at + span AND h.status NOT IN ('K', 'Z')
        AND registry_place_on_the_way(c.id, c.status) >= from_place
$$;
DROP FUNCTION registry_standing(bigint, bigint, bigint, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0020_one_today")]
    operations = [migrations.RunSQL(ON_THE_WAY_AND_ON, ON_THE_WAY)]

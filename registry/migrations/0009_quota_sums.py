"""Quotas add up, are set by the level above, and never fall below who is already listed (procedures §2)."""

from django.db import migrations

QUOTA_SET = """
CREATE FUNCTION registry_set_quota() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    today date := registry_today();
    above bigint;
    span bigint := division_hi(NEW.division) - NEW.division;
    from_place integer := CASE WHEN division_hi(NEW.division) - NEW.division = 1 THEN 1
        WHEN division_hi(NEW.division) - NEW.division = 1000 THEN 3 ELSE 6 END;
    listed bigint;
BEGIN
    IF has_table_privilege(session_user, 'registry_transition', 'INSERT') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.division <> OLD.division OR NEW.round_id <> OLD.round_id) THEN
        PERFORM registry_refuse('quota_stays', '规模只能改人数');
    END IF;
    IF NEW.set_by_id IS DISTINCT FROM registry_actor() THEN
        PERFORM registry_refuse('quota_by_its_actor', '下达人须是登录的本人');
    END IF;
    SELECT coalesce(parent_id, code) INTO above FROM divisions_division WHERE code = NEW.division;
    IF NOT EXISTS (
        SELECT FROM accounts_post p
        WHERE p.user_id = NEW.set_by_id AND p.role IN ('PROVINCE', 'CITY', 'COUNTY_APPROVE', 'TOWNSHIP')
            AND p.approved_by_id IS NOT NULL AND p.revoked_at IS NULL AND p.since <= today AND (p.until IS NULL OR p.until > today)
            AND above >= p.division_id AND above < division_hi(p.division_id)
    ) THEN
        PERFORM registry_refuse('quota_from_above', '规模由上一级下达和批准调整');
    END IF;
    listed := registry_listed(NEW.round_id, NEW.division, span, from_place, 0);
    IF TG_OP = 'UPDATE' AND NEW.persons < OLD.persons AND NEW.persons < listed THEN
        PERFORM registry_refuse('quota_holds_the_listed', format('已列 %s 人，规模不能调到 %s 人', listed, NEW.persons));
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER set_quota BEFORE INSERT OR UPDATE ON registry_quota FOR EACH ROW EXECUTE FUNCTION registry_set_quota();
"""

QUOTA_SUMS = """
CREATE FUNCTION registry_quotas_add_up() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    above bigint := (SELECT parent_id FROM divisions_division WHERE code = NEW.division);
    whole bigint;
    parts bigint;
BEGIN
    IF above IS NOT NULL THEN
        SELECT persons INTO whole FROM registry_quota WHERE round_id = NEW.round_id AND division = above;
        SELECT sum(q.persons) INTO parts FROM registry_quota q JOIN divisions_division d ON d.code = q.division
        WHERE q.round_id = NEW.round_id AND d.parent_id = above;
        IF whole IS DISTINCT FROM parts THEN
            PERFORM registry_refuse('quota_adds_up', format('下级规模合计 %s 人，上级规模 %s 人，应当相等', parts, coalesce(whole, 0)));
        END IF;
    END IF;
    SELECT persons INTO whole FROM registry_quota WHERE id = NEW.id;
    SELECT sum(q.persons) INTO parts FROM registry_quota q JOIN divisions_division d ON d.code = q.division
    WHERE q.round_id = NEW.round_id AND d.parent_id = NEW.division;
    IF parts IS NOT NULL AND parts <> whole THEN
        PERFORM registry_refuse('quota_adds_up', format('规模 %s 人，已分到下级 %s 人，请同时调整下级', whole, parts));
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER quotas_add_up AFTER INSERT OR UPDATE ON registry_quota
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry_quotas_add_up();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_case_steps")]
    operations = [
        migrations.RunSQL(
            QUOTA_SET, "DROP TRIGGER set_quota ON registry_quota; DROP FUNCTION registry_set_quota();"
        ),
        migrations.RunSQL(
            QUOTA_SUMS,
            "DROP TRIGGER quotas_add_up ON registry_quota; DROP FUNCTION registry_quotas_add_up();",
        ),
    ]

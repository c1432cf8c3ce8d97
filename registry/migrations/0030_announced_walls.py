"""The second signature registers an announced list's households; nothing else brings anybody onto the register past the steps."""

from django.db import migrations

from fupin.servers.rls import same_division, scoped

APPROVE = """
CREATE FUNCTION registry_propose_announced() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    batch sheets_importbatch%ROWTYPE;
BEGIN
    SELECT * INTO batch FROM sheets_importbatch WHERE id = NEW.batch_id FOR SHARE;
    IF batch.id IS NULL OR batch.kind <> 'households' OR batch.status <> 'APPLIED' OR batch.applied = 0 THEN
        PERFORM registry_refuse('announced_of_an_import', '名单须先导入为草稿户，才能按已公告名单迁移');
    END IF;
    IF NEW.division <> batch.division - batch.division % 1000000 THEN
        PERFORM registry_refuse('announced_of_its_county', '名单属于导入所在的县');
    END IF;
    IF NEW.proposed_by_id IS DISTINCT FROM registry_actor() THEN
        PERFORM registry_refuse('announced_by_its_actor', '提出人须是登录的本人');
    END IF;
    IF NEW.announced_on > registry_today() THEN
        PERFORM registry_refuse('announced_in_time', '公告日期不能晚于今天');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER propose_announced BEFORE INSERT ON registry_announcedlist
    FOR EACH ROW EXECUTE FUNCTION registry_propose_announced();
CREATE FUNCTION registry_approve_announced() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    list registry_announcedlist%ROWTYPE;
    batch sheets_importbatch%ROWTYPE;
BEGIN
    SELECT * INTO list FROM registry_announcedlist WHERE id = NEW.of_list_id FOR UPDATE;
    SELECT * INTO batch FROM sheets_importbatch WHERE id = list.batch_id FOR SHARE;
    IF NEW.by_id IS DISTINCT FROM registry_actor() THEN
        PERFORM registry_refuse('announced_by_its_actor', '批准人须是登录的本人');
    END IF;
    IF NEW.by_id IN (list.proposed_by_id, batch.uploaded_by_id) THEN
        PERFORM registry_refuse('announced_not_his_own', '自己上传或提出的名单须由另外两人批准');
    END IF;
    IF NEW.role NOT IN ('COUNTY_REVIEW', 'COUNTY_APPROVE')
        OR NOT registry_holds_post(NEW.by_id, NEW.role, list.division, registry_today()) THEN
        PERFORM registry_refuse('announced_by_the_county', '须由县扶贫办的审核人、审批人批准');
    END IF;
    IF batch.status <> 'APPLIED' THEN
        PERFORM registry_refuse('announced_of_an_import', '导入已撤销，名单不能再批准');
    END IF;
    IF (SELECT count(*) FROM registry_announcedapproval WHERE of_list_id = list.id) >= 2 THEN
        PERFORM registry_refuse('announced_once', '名单已经两人批准');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER approve_announced BEFORE INSERT ON registry_announcedapproval
    FOR EACH ROW EXECUTE FUNCTION registry_approve_announced();
CREATE FUNCTION registry_register_announced() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    list registry_announcedlist%ROWTYPE;
BEGIN
    IF (SELECT count(*) FROM registry_announcedapproval WHERE of_list_id = NEW.of_list_id) < 2 THEN
        RETURN NULL;
    END IF;
    SELECT * INTO list FROM registry_announcedlist WHERE id = NEW.of_list_id;
    WITH eligible AS (
        SELECT h.id, h.division FROM sheets_stagedunit u JOIN registry_household h ON h.id = u.object_id
        WHERE u.batch_id = list.batch_id AND u.verdict = 'NEW' AND u.applied_at IS NOT NULL
            AND u.entry_key = h.entry_key AND h.status = 'D'
            AND h.division >= list.division AND h.division < division_hi(list.division)
            -- Whoever has no papers yet is not to be announced (data standard §1.1).
            AND NOT EXISTS (SELECT FROM registry_member m WHERE m.household_id = h.id AND m.id_type = '90')
            AND NOT EXISTS (SELECT FROM registry_case c WHERE c.household_id = h.id AND c.closed_on IS NULL)
        FOR UPDATE OF h
    ), registered AS (
        UPDATE registry_household h SET status = 'N', first_identified_year = list.identified_year
        FROM eligible e WHERE h.id = e.id RETURNING h.id, h.division
    )
    INSERT INTO registry_householdorigin (division, household_id, of_list_id, registered_at)
    SELECT division, id, list.id, now() FROM registered;
    RETURN NULL;
END
$$;
CREATE TRIGGER register_announced AFTER INSERT ON registry_announcedapproval
    FOR EACH ROW EXECUTE FUNCTION registry_register_announced();
"""

FUNCTIONS = ("registry_propose_announced()", "registry_approve_announced()", "registry_register_announced()")


class Migration(migrations.Migration):
    dependencies = [("registry", "0029_announced_lists")]
    operations = [
        *scoped("registry_announcedlist", "SELECT, INSERT"),
        *scoped("registry_announcedapproval", "SELECT, INSERT"),
        *scoped("registry_householdorigin", "SELECT"),
        same_division("registry_announcedapproval", "of_list_id", "registry_announcedlist"),
        same_division("registry_householdorigin", "household_id", "registry_household"),
        migrations.RunSQL(APPROVE, "".join(f"DROP FUNCTION {one} CASCADE;" for one in FUNCTIONS)),
        *(
            migrations.RunSQL(f"REVOKE ALL ON FUNCTION {one} FROM PUBLIC;", migrations.RunSQL.noop)
            for one in FUNCTIONS
        ),
    ]

"""Who sees and writes projects; the database's own copy of the stages; the trigger that takes a step or refuses it.

The functions run with the rights of the tables' owner, because the application may not write what they write. Each names the rule it
refuses by as a constraint, and says why in words for staff.
"""

from typing import Any

from django.db import migrations

from fupin.servers.rls import APPLICATION, AUDIT, grant, history, same_division, scoped
from projects.rules.stages import EDITABLE, REVIEWS, TRANSITIONS
from registry.rules.help.after_exit import ON_REGISTER

FACTS = (
    "name",
    "kind",
    "industry",
    "year",
    "content",
    "place",
    "planned_yuan",
    "money_sources",
    "subsidy_standard",
    "procurement",
    "goals",
    "use_way",
    "use_way_reason",
    "is_to_household",
    "needs_prov_approval",
    "prov_approval_reason",
    "implementing_unit",
    "responsible_person",
    "supervising_unit",
    "supervising_person",
    "approving_unit",
    "hotline",
    "planned_start_on",
    "planned_finish_on",
    "planned_accept_on",
)
"""What may be changed before the approval; everything else of a project is the steps'."""

ABOVE_TOO = "division <= current_setting('app.lo')::bigint AND division_hi(division) > current_setting('app.lo')::bigint"


def fill(apps: Any, schema: Any) -> None:
    """Copy the stages as they stand in the code; a later change of them runs this again in a migration of its own."""
    step = apps.get_model("projects", "AllowedStep")
    alias = schema.connection.alias
    step.objects.using(alias).all().delete()
    step.objects.using(alias).bulk_create(
        step(
            source=one.source,
            target=one.target,
            name=one.name,
            label=one.label,
            actors=sorted(one.actors),
            files=sorted(one.files),
            opinion=one.opinion,
            document=one.document,
            beneficiaries=one.beneficiaries,
            others=one.others,
            by_province=one.by_province,
            after_notices=one.after_notices,
            posted=one.posted,
        )
        for one in TRANSITIONS
    )


def _listed(values: Any) -> str:
    return ", ".join(f"'{one}'" for one in sorted(str(getattr(one, "value", one)) for one in values))


def _seen_from_below(table: str) -> migrations.RunSQL:
    """A project of the county is read in its villages too; what is written there stays the county's."""
    return migrations.RunSQL(
        f"CREATE POLICY from_below ON {table} FOR SELECT USING ({ABOVE_TOO});",
        f"DROP POLICY from_below ON {table};",
    )


BEGINNING = """
CREATE FUNCTION projects_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.entered_by_id IS DISTINCT FROM registry_actor() THEN
        PERFORM registry_refuse('project_by_its_actor', '录入人须是登录的本人');
    END IF;
    IF NEW.stage <> 'DRAFT' OR NEW.approved_by_id IS NOT NULL OR NEW.approved_on IS NOT NULL OR NEW.started_on IS NOT NULL
        OR NEW.finished_on IS NOT NULL OR NEW.accepted_on IS NOT NULL OR NEW.ended_on IS NOT NULL THEN
        PERFORM registry_refuse('project_begins_as_draft', '新项目从“拟入库”开始，环节只能逐步改变');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER begin BEFORE INSERT ON projects_project FOR EACH ROW EXECUTE FUNCTION projects_begin();
CREATE FUNCTION projects_next_number(county bigint, of_year integer) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head text := (county / 1000000)::text || '-' || of_year::text || '-';
    last integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('projects_project ' || head, 0));
    SELECT coalesce(max(right(number, 4)::integer), 0) INTO last FROM projects_project WHERE number LIKE head || '%';
    IF last >= 9999 THEN
        PERFORM registry_refuse('project_numbers_left', '本县本年度项目编号 0001–9999 已用完，请报告系统管理员');
    END IF;
    RETURN head || lpad((last + 1)::text, 4, '0');
END
$$;
"""

# The invoker's trigger: the steps move a project with the owner's rights, and are not asked.
FROZEN = f"""
CREATE FUNCTION projects_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT has_column_privilege(TG_RELID, 'stage', 'UPDATE') AND OLD.stage NOT IN ({_listed(EDITABLE)}) THEN
        PERFORM registry_refuse('project_frozen_when_approved', '项目已批准，内容不能再改');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER frozen BEFORE UPDATE ON projects_project FOR EACH ROW EXECUTE FUNCTION projects_frozen();
"""

VILLAGES = """
CREATE FUNCTION projects_villages_of(of_project bigint) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    SELECT division FROM projects_projectvillage WHERE project_id = of_project
    UNION SELECT division FROM projects_projecthousehold WHERE project_id = of_project AND removed_on IS NULL
    UNION SELECT division FROM projects_project WHERE id = of_project AND division % 1000 <> 0
$$;
CREATE FUNCTION projects_village_fits() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_project projects_project%ROWTYPE;
BEGIN
    SELECT * INTO of_project FROM projects_project WHERE id = coalesce(NEW.project_id, OLD.project_id) FOR SHARE;
    IF TG_OP = 'DELETE' THEN
        IF of_project.stage NOT IN ('DRAFT', 'POOL', 'ARGUED', 'ASSESSED') THEN
            PERFORM registry_refuse('projectvillage_of_open_project', '项目已批准，项目村不能再减');
        END IF;
        RETURN OLD;
    END IF;
    IF NEW.division % 1000 = 0 OR NEW.division < of_project.county OR NEW.division >= of_project.county + 1000000 THEN
        PERFORM registry_refuse('projectvillage_in_its_county', '项目村须是本县的行政村');
    END IF;
    IF of_project.stage NOT IN ('DRAFT', 'POOL', 'ARGUED', 'ASSESSED') THEN
        PERFORM registry_refuse('projectvillage_of_open_project', '项目已批准，不能再加项目村');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER village_fits BEFORE INSERT OR DELETE ON projects_projectvillage
    FOR EACH ROW EXECUTE FUNCTION projects_village_fits();
"""

HOUSEHOLDS = f"""
CREATE FUNCTION projects_household_fits() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_project projects_project%ROWTYPE;
    standing text;
BEGIN
    SELECT * INTO of_project FROM projects_project WHERE id = NEW.project_id FOR SHARE;
    IF of_project.stage IN ('ACCEPTED', 'ANNOUNCED', 'EVALUATED', 'REJECTED', 'FAILED') THEN
        PERFORM registry_refuse('projecthousehold_of_open_project', '项目已验收或已结束，名单不能再变');
    END IF;
    IF TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    IF NEW.added_by_id IS DISTINCT FROM registry_actor() OR NEW.added_on > registry_today() THEN
        PERFORM registry_refuse('projecthousehold_by_its_actor', '列入人须是登录的本人，列入日期不能晚于今天');
    END IF;
    IF of_project.stage NOT IN ({_listed(EDITABLE)}) THEN
        PERFORM registry_refuse('projecthousehold_before_approval', '项目已批准，名单已随批复固定，不能再加户');
    END IF;
    SELECT status INTO standing FROM registry_household WHERE id = NEW.household_id FOR SHARE;
    IF standing IS NULL OR standing NOT IN ({_listed(ON_REGISTER)}) THEN
        PERFORM registry_refuse('projecthousehold_on_register', '该户不在册，不能列入项目名单');
    END IF;
    IF NEW.division < of_project.county OR NEW.division >= of_project.county + 1000000 THEN
        PERFORM registry_refuse('projecthousehold_in_its_county', '该户不在本县');
    END IF;
    IF (NEW.division < of_project.division OR NEW.division >= division_hi(of_project.division))
        AND NOT EXISTS (SELECT FROM projects_projectvillage v WHERE v.project_id = NEW.project_id AND v.division = NEW.division) THEN
        PERFORM registry_refuse('projecthousehold_in_its_villages', '该户所在村不是本项目的项目村，请先增加项目村');
    END IF;
    IF NEW.member_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM registry_member m WHERE m.id = NEW.member_id AND m.household_id = NEW.household_id
    ) THEN
        PERFORM registry_refuse('projecthousehold_its_member', '劳动力须是该户成员');
    END IF;
    IF NEW.measure_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM registry_measurerecipient r WHERE r.measure_id = NEW.measure_id AND r.household_id = NEW.household_id
    ) THEN
        PERFORM registry_refuse('projecthousehold_its_measure', '该户不在这项帮扶措施的受益名单中');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER household_fits BEFORE INSERT OR UPDATE OF removed_on, measure_id, promised_yuan, promised ON projects_projecthousehold
    FOR EACH ROW EXECUTE FUNCTION projects_household_fits();
"""

FILES = """
CREATE FUNCTION projects_file_fits() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.uploaded_by_id IS DISTINCT FROM registry_actor() OR NEW.withdrawn_at IS NOT NULL THEN
            PERFORM registry_refuse('projectfile_by_its_actor', '上传人须是登录的本人');
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.withdrawn_at IS NOT NULL THEN
        PERFORM registry_refuse('projectfile_withdrawn_once', '该材料已撤下');
    END IF;
    IF EXISTS (
        SELECT FROM projects_projectstep s JOIN projects_transition t
            ON t.source = s.source AND t.target = s.target AND t.name = s.name
        WHERE s.project_id = OLD.project_id AND s.at >= OLD.uploaded_at AND OLD.kind = ANY (t.files)
    ) THEN
        PERFORM registry_refuse('projectfile_proves_a_step', '该材料是已办环节的依据，不能撤下');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER file_fits BEFORE INSERT OR UPDATE ON projects_projectfile FOR EACH ROW EXECUTE FUNCTION projects_file_fits();
"""

CHECKS = """
CREATE FUNCTION projects_check_fits() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.by_id IS DISTINCT FROM registry_actor() OR NEW.on > registry_today()
            OR NOT registry_holds_post(NEW.by_id, NEW.role, NEW.division, registry_today()) THEN
            PERFORM registry_refuse('projectcheck_by_its_actor', '抽查人须是登录的本人、现任该岗，抽查日期不能晚于今天');
        END IF;
        IF NEW.mended_on IS NOT NULL OR NEW.closed_on IS NOT NULL THEN
            PERFORM registry_refuse('projectcheck_begins_open', '抽查单先登记，后整改，再销号');
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.closed_on IS NOT NULL THEN
        PERFORM registry_refuse('projectcheck_closed', '抽查单已销号，不能再改');
    END IF;
    IF NEW.mended_on > registry_today() OR NEW.closed_on > registry_today() THEN
        PERFORM registry_refuse('projectcheck_in_time', '日期不能晚于今天');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER check_fits BEFORE INSERT OR UPDATE ON projects_projectcheck FOR EACH ROW EXECUTE FUNCTION projects_check_fits();
"""

TAKE_STEP = f"""
CREATE FUNCTION projects_take_step() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    today date := registry_today();
    of_project projects_project%ROWTYPE;
    rule projects_transition%ROWTYPE;
    latest date;
    missing text;
    place bigint;
BEGIN
    SELECT * INTO of_project FROM projects_project WHERE id = NEW.project_id FOR UPDATE;
    IF of_project.id IS NULL OR of_project.division < current_setting('app.lo')::bigint
        OR of_project.division >= current_setting('app.hi')::bigint THEN
        PERFORM registry_refuse('projectstep_in_scope', '项目不在您的岗位所属区划之内');
    END IF;
    SELECT * INTO rule FROM projects_transition t
    WHERE t.source = of_project.stage AND t.name = NEW.name AND t.target = NEW.target
        AND (t.by_province IS NULL OR t.by_province = of_project.needs_prov_approval);
    IF rule.id IS NULL OR NEW.source <> of_project.stage THEN
        PERFORM registry_refuse('projectstep_allowed', '现在的环节不能办这一步：环节不得跳过或倒退');
    END IF;
    IF NEW.by_id IS DISTINCT FROM registry_actor() THEN
        PERFORM registry_refuse('projectstep_by_its_actor', '经办人须是登录的本人');
    END IF;
    IF NEW.role <> ALL (rule.actors) OR NOT registry_holds_post(NEW.by_id, NEW.role, of_project.division, today) THEN
        PERFORM registry_refuse('projectstep_by_its_role', '您的岗位不办这一步');
    END IF;
    IF rule.others AND (NEW.by_id = of_project.entered_by_id OR rule.name NOT IN ({_listed(REVIEWS)}) AND EXISTS (
        SELECT FROM projects_projectstep s
        WHERE s.project_id = of_project.id AND s.name IN ({_listed(REVIEWS)}) AND s.by_id = NEW.by_id
            AND rule.name IN ('approve', 'plan')
    )) THEN
        PERFORM registry_refuse('projectstep_by_another', '录入、审核过本项目的人不能再办这一步，须由另一人办理');
    END IF;
    SELECT max(s.on) INTO latest FROM projects_projectstep s WHERE s.project_id = of_project.id;
    IF NEW.on > today OR NEW.on < latest THEN
        PERFORM registry_refuse('projectstep_in_time', format('日期须在 %s 至 %s 之间：不得倒签，也不得晚于今天',
            coalesce(latest, NEW.on), today));
    END IF;
    IF rule.opinion AND btrim(NEW.opinion) = '' THEN
        PERFORM registry_refuse('projectstep_with_opinion', '须写明意见或理由');
    END IF;
    IF rule.document AND btrim(NEW.document_no) = '' THEN
        PERFORM registry_refuse('projectstep_with_document', '须填文号');
    END IF;
    IF EXISTS (
        SELECT FROM unnest(rule.files) AS needed(kind) WHERE NOT EXISTS (
            SELECT FROM projects_projectfile f
            WHERE f.project_id = of_project.id AND f.kind = needed.kind AND f.withdrawn_at IS NULL)
    ) THEN
        PERFORM registry_refuse('projectstep_with_files', '须附的材料不齐');
    END IF;
    IF rule.name IN ('enter', 'approve') AND NOT EXISTS (SELECT FROM projects_villages_of(of_project.id)) THEN
        PERFORM registry_refuse('projectstep_with_villages', '还没有项目村');
    END IF;
    IF rule.beneficiaries AND of_project.is_to_household AND NOT EXISTS (
        SELECT FROM projects_projecthousehold h WHERE h.project_id = of_project.id AND h.removed_on IS NULL
    ) THEN
        PERFORM registry_refuse('projectstep_with_beneficiaries', '到户项目须先挂受益户名单');
    END IF;
    IF rule.after_notices THEN
        IF NOT notices_passed('project:' || of_project.number, 'projects_county', NEW.on) THEN
            PERFORM registry_refuse('projectstep_after_notices', '县级公示没有期满，已撤下，或有异议未办结');
        END IF;
        FOR place IN SELECT projects_villages_of(of_project.id) LOOP
            IF NOT notices_passed('project:' || of_project.number || '@' || place, 'projects_village', NEW.on) THEN
                SELECT name INTO missing FROM divisions_division WHERE code = place;
                PERFORM registry_refuse('projectstep_after_notices',
                    format('%s的公示没有期满，已撤下，或有异议未办结', missing));
            END IF;
        END LOOP;
    END IF;
    IF rule.after_notices AND EXISTS (
        SELECT FROM projects_projecthousehold h JOIN registry_household r ON r.id = h.household_id
        WHERE h.project_id = of_project.id AND h.removed_on IS NULL AND NOT notices_passed(
            'project:' || of_project.number || '@' || h.division || ':' || r.household_no, 'projects_beneficiaries', NEW.on)
    ) THEN
        PERFORM registry_refuse('projectstep_after_notices', '受益户名单的公示没有期满，已撤下，或有异议未办结、异议成立的户未移出');
    END IF;
    IF rule.posted THEN
        IF NOT projects_is_posted('project:' || of_project.number, 'projects_county_done', NEW.on) THEN
            PERFORM registry_refuse('projectstep_announced', '县级还没有公告完成情况');
        END IF;
        FOR place IN SELECT projects_villages_of(of_project.id) LOOP
            IF NOT projects_is_posted('project:' || of_project.number || '@' || place, 'projects_village_done', NEW.on) THEN
                SELECT name INTO missing FROM divisions_division WHERE code = place;
                PERFORM registry_refuse('projectstep_announced', format('%s还没有公告完成情况', missing));
            END IF;
        END LOOP;
    END IF;
    IF rule.name = 'finish' AND of_project.finished_on IS NOT NULL THEN
        PERFORM registry_refuse('projectstep_finished_once', '已登记完工');
    END IF;
    IF rule.name = 'accept' AND of_project.finished_on IS NULL THEN
        PERFORM registry_refuse('projectstep_finished_first', '须先登记完工，再验收');
    END IF;
    NEW.division := of_project.division;
    NEW.position := (SELECT coalesce(max(position), 0) + 1 FROM projects_projectstep WHERE project_id = of_project.id);
    UPDATE projects_project SET
        stage = rule.target,
        stage_on = CASE WHEN rule.target = rule.source THEN stage_on ELSE NEW.on END,
        approved_by_id = CASE rule.name WHEN 'approve' THEN NEW.by_id ELSE approved_by_id END,
        approved_on = CASE rule.name WHEN 'approve' THEN NEW.on ELSE approved_on END,
        started_on = CASE rule.name WHEN 'start' THEN NEW.on ELSE started_on END,
        finished_on = CASE rule.name WHEN 'finish' THEN NEW.on ELSE finished_on END,
        accepted_on = CASE rule.name WHEN 'accept' THEN NEW.on ELSE accepted_on END,
        ended_on = CASE WHEN rule.target IN ('EVALUATED', 'REJECTED', 'FAILED') THEN NEW.on ELSE ended_on END
    WHERE id = of_project.id;
    RETURN NEW;
END
$$;
CREATE FUNCTION projects_is_posted(of_subject text, of_kind text, on_day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM notices_noticeline l JOIN notices_notice n ON n.id = l.notice_id
        WHERE l.subject_key = of_subject AND n.kind = of_kind AND n.posted_on <= on_day AND n.taken_down_on IS NULL)
$$;
CREATE TRIGGER take_step BEFORE INSERT ON projects_projectstep FOR EACH ROW EXECUTE FUNCTION projects_take_step();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0001_initial"),
        ("notices", "0002_walls"),
        ("registry", "0034_measures_corrected"),
    ]
    operations = [
        grant("projects_transition", "SELECT", (*APPLICATION, AUDIT)),
        *scoped("projects_project", f"SELECT, INSERT, UPDATE ({', '.join(FACTS)})"),
        *scoped("projects_projectvillage", "SELECT, INSERT, DELETE"),
        *scoped("projects_projectstep", "SELECT, INSERT"),
        *scoped("projects_projectfile", "SELECT, INSERT, UPDATE (withdrawn_at)"),
        *scoped(
            "projects_projectcheck",
            "SELECT, INSERT, UPDATE (mended_on, mended_how, mended_by_id, closed_on, closed_by_id)",
        ),
        *scoped(
            "projects_projecthousehold",
            "SELECT, INSERT,"
            " UPDATE (measure_id, promised_yuan, promised, removed_on, removed_because, removed_by_id)",
        ),
        *history("projects_projectevent"),
        *history("projects_projecthouseholdevent"),
        *(
            _seen_from_below(f"projects_{table}")
            for table in ("project", "projectstep", "projectfile", "projectcheck")
        ),
        same_division("projects_projectstep", "project_id", "projects_project"),
        same_division("projects_projectfile", "project_id", "projects_project"),
        same_division("projects_projectcheck", "project_id", "projects_project"),
        same_division("projects_projecthousehold", "household_id", "registry_household"),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(
            BEGINNING,
            "DROP TRIGGER begin ON projects_project; DROP FUNCTION projects_begin();"
            "DROP FUNCTION projects_next_number(bigint, integer);",
        ),
        migrations.RunSQL(
            f"REVOKE ALL ON FUNCTION projects_next_number(bigint, integer) FROM PUBLIC;"
            f"GRANT EXECUTE ON FUNCTION projects_next_number(bigint, integer) TO {', '.join(APPLICATION)};",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            FROZEN, "DROP TRIGGER frozen ON projects_project; DROP FUNCTION projects_frozen();"
        ),
        migrations.RunSQL(
            VILLAGES,
            "DROP TRIGGER village_fits ON projects_projectvillage; DROP FUNCTION projects_village_fits();"
            "DROP FUNCTION projects_villages_of(bigint);",
        ),
        migrations.RunSQL(
            HOUSEHOLDS,
            "DROP TRIGGER household_fits ON projects_projecthousehold; DROP FUNCTION projects_household_fits();",
        ),
        migrations.RunSQL(
            FILES, "DROP TRIGGER file_fits ON projects_projectfile; DROP FUNCTION projects_file_fits();"
        ),
        migrations.RunSQL(
            CHECKS, "DROP TRIGGER check_fits ON projects_projectcheck; DROP FUNCTION projects_check_fits();"
        ),
        migrations.RunSQL(
            TAKE_STEP,
            "DROP TRIGGER take_step ON projects_projectstep; DROP FUNCTION projects_take_step();"
            "DROP FUNCTION projects_is_posted(text, text, date);",
        ),
    ]

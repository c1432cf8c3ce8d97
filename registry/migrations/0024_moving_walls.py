"""A household goes to another county only when both have said so: one side asks, the other answers, the owner moves (ADR 0004).

Neither scope holds both villages, so nobody's own rights reach; the functions look at the posts of whoever asks and answers.
"""

from django.db import migrations

from fupin.divisions.codes import PROVINCE_CODE, code_range
from fupin.servers.rls import APPLICATION, scoped

LOW, HIGH = code_range(PROVINCE_CODE)

COMING = "to_division_id >= current_setting('app.lo')::bigint AND to_division_id < current_setting('app.hi')::bigint"

# The move itself, in the scope of both: granted to nobody, called by the answer alone.
CARRY = f"""
CREATE FUNCTION registry_carry_household(moved bigint, to_village bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    lo text := current_setting('app.lo');
    hi text := current_setting('app.hi');
BEGIN
    PERFORM set_config('app.lo', '{LOW}', true), set_config('app.hi', '{HIGH}', true);
    PERFORM registry_move_household(moved, to_village);
    PERFORM set_config('app.lo', lo, true), set_config('app.hi', hi, true);
END
$$;
"""

# What hinders: looked at when it is asked and again when it is answered.
HINDRANCE = """
CREATE FUNCTION registry_moving_hindrance(of_household bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN h.status IN ('K', 'Z') THEN '该户已清退或注销'
        WHEN NOT EXISTS (SELECT FROM registry_householdyear y WHERE y.household_id = h.id) THEN '该户没有户卡'
        WHEN EXISTS (SELECT FROM registry_case c WHERE c.household_id = h.id AND c.closed_on IS NULL)
            THEN '该户有未结的识别、退出档案，结档后再迁'
        WHEN EXISTS (
            SELECT FROM registry_correctionslip s JOIN registry_householdyear y ON y.id = s.household_year_id
            WHERE y.household_id = h.id AND s.status = 'PROPOSED'
        ) THEN '该户有待审核的更正单，审核后再迁'
        ELSE '' END
    FROM registry_household h WHERE h.id = of_household
$$;
"""

PROPOSE = """
CREATE FUNCTION registry_propose_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    today date := registry_today();
    moving registry_household;
    card registry_householdyear;
BEGIN
    SELECT * INTO moving FROM registry_household WHERE id = NEW.household_id FOR UPDATE;
    IF moving.id IS NULL OR moving.division < current_setting('app.lo')::bigint
        OR moving.division >= current_setting('app.hi')::bigint THEN
        PERFORM registry_refuse('moving_in_scope', '该户不在您的岗位所属区划之内');
    END IF;
    IF NEW.asked_by_id IS DISTINCT FROM registry_actor()
        OR NOT registry_holds_post(NEW.asked_by_id, 'COUNTY_ENTRY', moving.division, today) THEN
        PERFORM registry_refuse('moving_by_its_side', '跨县迁移由迁出县扶贫办录入岗商请');
    END IF;
    IF NOT EXISTS (SELECT FROM divisions_division WHERE code = NEW.to_division_id AND level = 3)
        OR (moving.division >= NEW.to_division_id AND moving.division < division_hi(NEW.to_division_id)) THEN
        PERFORM registry_refuse('moving_to_another_county', '请选择另一个县；本县之内直接办理迁移');
    END IF;
    IF NEW.answer_by <= today THEN
        PERFORM registry_refuse('moving_answer_in_time', '答复期限须晚于今天');
    END IF;
    IF registry_moving_hindrance(moving.id) <> '' THEN
        PERFORM registry_refuse('moving_unhindered', registry_moving_hindrance(moving.id));
    END IF;
    UPDATE registry_movingproposal SET status = 'LAPSED', answered_at = now()
    WHERE household_id = moving.id AND status = 'PROPOSED' AND answer_by < today;
    SELECT * INTO card FROM registry_householdyear WHERE household_id = moving.id ORDER BY year DESC LIMIT 1;
    NEW.division := moving.division;
    NEW.household_no := moving.household_no;
    NEW.head_name := card.head_name;
    NEW.persons := card.member_count;
    NEW.standing := moving.status;
    NEW.status := 'PROPOSED';
    NEW.to_village_id := NULL;
    NEW.answered_by_id := NULL;
    NEW.answered_at := NULL;
    NEW.answer_note := '';
    RETURN NEW;
END
$$;
CREATE TRIGGER propose_move BEFORE INSERT ON registry_movingproposal
    FOR EACH ROW EXECUTE FUNCTION registry_propose_move();
"""

ANSWER = """
CREATE FUNCTION registry_answer_move(asked bigint, answer text, village bigint, said text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    lo bigint := current_setting('app.lo')::bigint;
    hi bigint := current_setting('app.hi')::bigint;
    me bigint := registry_actor();
    today date := registry_today();
    moving registry_household;
    proposal registry_movingproposal;
BEGIN
    SELECT h.* INTO moving FROM registry_household h JOIN registry_movingproposal p ON p.household_id = h.id
    WHERE p.id = asked FOR UPDATE OF h;
    SELECT * INTO proposal FROM registry_movingproposal WHERE id = asked FOR UPDATE;
    IF proposal.id IS NULL OR NOT (
        (proposal.division >= lo AND proposal.division < hi) OR (proposal.to_division_id >= lo AND proposal.to_division_id < hi)
    ) THEN
        PERFORM registry_refuse('moving_in_scope', '没有这件商请');
    END IF;
    IF proposal.status <> 'PROPOSED' THEN
        PERFORM registry_refuse('moving_open', '该商请已办结');
    END IF;
    IF answer = 'WITHDRAWN' THEN
        IF proposal.division < lo OR proposal.division >= hi
            OR NOT registry_holds_post(me, 'COUNTY_ENTRY', proposal.division, today) THEN
            PERFORM registry_refuse('moving_by_its_side', '撤回由迁出县扶贫办录入岗办理');
        END IF;
    ELSIF answer IN ('ACCEPTED', 'REFUSED') THEN
        IF proposal.to_division_id < lo OR proposal.to_division_id >= hi
            OR NOT registry_holds_post(me, 'COUNTY_REVIEW', proposal.to_division_id, today) THEN
            PERFORM registry_refuse('moving_by_the_other_side', '答复由迁入县扶贫办审核岗办理');
        END IF;
        IF me = proposal.asked_by_id THEN
            PERFORM registry_refuse('moving_by_two', '商请人与答复人不能是同一人');
        END IF;
        IF today > proposal.answer_by THEN
            PERFORM registry_refuse('moving_answer_in_time', '已过答复期限，请迁出县重新商请');
        END IF;
    ELSE
        PERFORM registry_refuse('moving_answered', '请选择同意、退回或撤回');
    END IF;
    IF answer <> 'ACCEPTED' AND btrim(said) = '' THEN
        PERFORM registry_refuse('moving_answer_has_a_reason', '退回、撤回须写明理由');
    END IF;
    IF answer = 'ACCEPTED' THEN
        IF NOT EXISTS (
            SELECT FROM divisions_division d WHERE d.code = village AND d.is_administrative_village
                AND d.code >= proposal.to_division_id AND d.code < division_hi(proposal.to_division_id)
                AND d.valid_from <= today AND (d.valid_to IS NULL OR d.valid_to > today)
        ) THEN
            PERFORM registry_refuse('moving_to_a_village', '请选择本县的行政村');
        END IF;
        IF moving.division <> proposal.division THEN
            PERFORM registry_refuse('moving_still_there', '该户已不在原村，请迁出县撤回后重新商请');
        END IF;
        IF registry_moving_hindrance(moving.id) <> '' THEN
            PERFORM registry_refuse('moving_unhindered', registry_moving_hindrance(moving.id));
        END IF;
        PERFORM registry_carry_household(moving.id, village);
    END IF;
    UPDATE registry_movingproposal SET status = answer, answered_by_id = me, answered_at = now(), answer_note = btrim(said),
        to_village_id = CASE WHEN answer = 'ACCEPTED' THEN village END
    WHERE id = asked;
END
$$;
"""

CARRY_FUNCTION = "registry_carry_household(bigint, bigint)"
ANSWER_FUNCTION = "registry_answer_move(bigint, text, bigint, text)"


class Migration(migrations.Migration):
    dependencies = [("registry", "0023_moving")]
    operations = [
        *scoped("registry_movingproposal", "SELECT, INSERT"),
        migrations.RunSQL(
            f"CREATE POLICY coming ON registry_movingproposal FOR SELECT USING ({COMING});",
            "DROP POLICY coming ON registry_movingproposal;",
        ),
        migrations.RunSQL(CARRY, f"DROP FUNCTION {CARRY_FUNCTION};"),
        migrations.RunSQL(HINDRANCE, "DROP FUNCTION registry_moving_hindrance(bigint);"),
        migrations.RunSQL(PROPOSE, "DROP FUNCTION registry_propose_move() CASCADE;"),
        migrations.RunSQL(ANSWER, f"DROP FUNCTION {ANSWER_FUNCTION};"),
        migrations.RunSQL(
            f"REVOKE ALL ON FUNCTION {ANSWER_FUNCTION} FROM PUBLIC; REVOKE ALL ON FUNCTION registry_propose_move() FROM PUBLIC;"
            f"REVOKE ALL ON FUNCTION registry_moving_hindrance(bigint) FROM PUBLIC; REVOKE ALL ON FUNCTION {CARRY_FUNCTION} FROM PUBLIC;"
            f"GRANT EXECUTE ON FUNCTION {ANSWER_FUNCTION} TO {', '.join(APPLICATION)};",
            migrations.RunSQL.noop,
        ),
    ]

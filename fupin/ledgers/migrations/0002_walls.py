"""The books as the database keeps them: entries balance, balances follow from postings and stay in their bounds, nothing is changed.

The application may add accounts, entries and postings, and nothing else: it has no right to write a balance, and no update or
deletion of an entry passes even for the owner. Each function names the rule it refuses by as a constraint, in words for staff.
"""

from django.db import migrations

from fupin.servers.rls import APPLICATION, AUDIT, IN_SCOPE, grant, history, same_division

EVERYBODY = ", ".join(APPLICATION)

REFUSE = """
CREATE FUNCTION ledgers_refuse(rule text, why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = rule, MESSAGE = why;
END
$$;
"""

# A county sees what the province entered on the county's accounts: its own lines of it, and none of the others'.
ENTRIES_SEEN = f"""
ALTER TABLE ledgers_entry ENABLE ROW LEVEL SECURITY; ALTER TABLE ledgers_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope_reads ON ledgers_entry FOR SELECT
    USING (({IN_SCOPE}) OR EXISTS (SELECT FROM ledgers_posting p WHERE p.entry_id = ledgers_entry.id));
CREATE POLICY in_scope_inserts ON ledgers_entry FOR INSERT WITH CHECK ({IN_SCOPE});
"""

ACCOUNTS = """
CREATE FUNCTION ledgers_account_opens_empty() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.balance <> 0 OR NEW.latest_on IS NOT NULL THEN
        PERFORM ledgers_refuse('ledgers_account_opens_empty', '新开账户的余额只能是零，余额由分录产生');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER opens_empty BEFORE INSERT ON ledgers_account FOR EACH ROW EXECUTE FUNCTION ledgers_account_opens_empty();
"""

# In the order of their keys, so that two who want the same accounts wait for each other and never for good. The application has no
# right to update accounts, so it could not lock them itself.
HOLD = f"""
CREATE FUNCTION ledgers_hold(of_accounts bigint[]) RETURNS SETOF ledgers_account
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT * FROM ledgers_account WHERE id = ANY (of_accounts) AND {IN_SCOPE} ORDER BY id FOR NO KEY UPDATE
$$;
REVOKE ALL ON FUNCTION ledgers_hold FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledgers_hold TO {EVERYBODY};

CREATE FUNCTION ledgers_extremes(
    of_account bigint, from_day date, OUT lowest numeric, OUT lowest_on date, OUT highest numeric, OUT highest_on date
) LANGUAGE sql STABLE AS $$
    WITH daily AS (
        SELECT "on", sum(amount) AS amount
        FROM (SELECT "on", amount FROM ledgers_posting WHERE account_id = of_account UNION ALL SELECT from_day, 0) AS line
        GROUP BY "on"
    ),
    standing AS (SELECT "on", sum(amount) OVER (ORDER BY "on") AS balance FROM daily)
    SELECT (array_agg(balance ORDER BY balance, "on"))[1], (array_agg("on" ORDER BY balance, "on"))[1],
        (array_agg(balance ORDER BY balance DESC, "on"))[1], (array_agg("on" ORDER BY balance DESC, "on"))[1]
    FROM standing WHERE "on" >= from_day
$$;
COMMENT ON FUNCTION ledgers_extremes IS '账户自某日起各日日终余额的最低与最高';
"""

ENTER = f"""
CREATE SEQUENCE ledgers_number;
GRANT USAGE ON SEQUENCE ledgers_number TO {EVERYBODY};

CREATE FUNCTION ledgers_enter() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    serial text := nextval('ledgers_number')::text;
BEGIN
    IF NEW."on" > product_today() THEN
        PERFORM ledgers_refuse('ledgers_entry_not_in_the_future', '业务日期不能晚于今天');
    END IF;
    IF NOT has_table_privilege(TG_RELID, 'DELETE') THEN
        IF NEW.entered_by_id IS DISTINCT FROM nullif(current_setting('app.user', true), '')::bigint THEN
            PERFORM ledgers_refuse('ledgers_entry_by_its_actor', '记账人须是登录的本人');
        END IF;
        NEW.entered_at := (product_today() + (now() AT TIME ZONE 'Asia/Shanghai')::time) AT TIME ZONE 'Asia/Shanghai';
    END IF;
    NEW.number := to_char(NEW."on", 'YYYY') || '-' || lpad(serial, greatest(6, length(serial)), '0');
    RETURN NEW;
END
$$;
CREATE TRIGGER enter BEFORE INSERT ON ledgers_entry FOR EACH ROW EXECUTE FUNCTION ledgers_enter();

CREATE FUNCTION ledgers_posting_of_its_entry() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    entry ledgers_entry;
BEGIN
    SELECT * INTO entry FROM ledgers_entry WHERE id = NEW.entry_id;
    IF entry.id IS NULL OR NEW.position > entry.lines THEN
        PERFORM ledgers_refuse('ledgers_posting_counted', '凭证已记，不能再加分录');
    END IF;
    NEW.entered_at := entry.entered_at;
    RETURN NEW;
END
$$;
CREATE TRIGGER of_its_entry BEFORE INSERT ON ledgers_posting FOR EACH ROW EXECUTE FUNCTION ledgers_posting_of_its_entry();
CREATE UNIQUE INDEX ledgers_entry_id_on ON ledgers_entry (id, "on");
ALTER TABLE ledgers_posting ADD CONSTRAINT ledgers_posting_on_the_day_of_its_entry FOREIGN KEY (entry_id, "on")
    REFERENCES ledgers_entry (id, "on") ON DELETE RESTRICT;
"""

# The balance is checked by the account's own constraints; a line dated before others could leave an earlier day's balance out of
# bounds while today's is well, so those days are looked at too.
CARRY = """
CREATE FUNCTION ledgers_carry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    account ledgers_account;
    extremes record;
BEGIN
    UPDATE ledgers_account SET balance = balance + NEW.amount, latest_on = greatest(latest_on, NEW."on")
        WHERE id = NEW.account_id RETURNING * INTO STRICT account;
    IF account.opened_on > NEW."on" THEN
        PERFORM ledgers_refuse('ledgers_posting_after_opening', format('%s 于 %s 开户，不能记在此前', account.title, account.opened_on));
    END IF;
    IF account.book <> (SELECT book FROM ledgers_entry WHERE id = NEW.entry_id) THEN
        PERFORM ledgers_refuse('ledgers_posting_of_the_book', format('%s 不是此账簿的账户', account.title));
    END IF;
    IF NEW."on" < account.latest_on THEN
        extremes := ledgers_extremes(account.id, NEW."on");
        IF extremes.lowest < account.low THEN
            PERFORM ledgers_refuse('ledgers_account_not_below_on_a_day',
                format('%s 到 %s 余额将为 %s', account.title, extremes.lowest_on, extremes.lowest));
        ELSIF extremes.highest > account.high THEN
            PERFORM ledgers_refuse('ledgers_account_not_above_on_a_day',
                format('%s 到 %s 余额将为 %s，超过上限', account.title, extremes.highest_on, extremes.highest));
        END IF;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER carry AFTER INSERT ON ledgers_posting FOR EACH ROW EXECUTE FUNCTION ledgers_carry();
"""

HOLDS = """
CREATE FUNCTION ledgers_entry_holds() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found record;
    original ledgers_entry;
BEGIN
    SELECT count(*) AS lines, coalesce(sum(p.amount), 0) AS sum, count(DISTINCT a.unit) AS units INTO found
        FROM ledgers_posting p JOIN ledgers_account a ON a.id = p.account_id WHERE p.entry_id = NEW.id;
    IF found.lines <> NEW.lines THEN
        PERFORM ledgers_refuse('ledgers_entry_counted', format('凭证 %s 应有 %s 笔分录，只有 %s 笔', NEW.number, NEW.lines, found.lines));
    ELSIF found.sum <> 0 THEN
        PERFORM ledgers_refuse('ledgers_entry_balanced', format('凭证 %s 收付不平，差 %s', NEW.number, found.sum));
    ELSIF found.units <> 1 THEN
        PERFORM ledgers_refuse('ledgers_entry_of_one_unit', format('凭证 %s 的账户单位不一', NEW.number));
    END IF;
    IF NEW.reverses_id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT * INTO STRICT original FROM ledgers_entry WHERE id = NEW.reverses_id;
    IF original.reverses_id IS NOT NULL THEN
        PERFORM ledgers_refuse('ledgers_entry_reversal_stays', format('凭证 %s 本身是冲销，不能再冲销', original.number));
    ELSIF NEW."on" < original."on" THEN
        PERFORM ledgers_refuse('ledgers_entry_reversed_afterwards', format('冲销不能早于凭证 %s 的日期', original.number));
    ELSIF (NEW.book, NEW.kind, NEW.lines) IS DISTINCT FROM (original.book, original.kind, original.lines) OR EXISTS (
        SELECT account_id, -amount FROM ledgers_posting WHERE entry_id = original.id
        EXCEPT SELECT account_id, amount FROM ledgers_posting WHERE entry_id = NEW.id
    ) THEN
        PERFORM ledgers_refuse('ledgers_entry_mirrors', format('冲销须与凭证 %s 逐笔相反', original.number));
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER holds AFTER INSERT ON ledgers_entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ledgers_entry_holds();
"""

# Where a village comes to lie in another division its accounts and postings go with it; nothing else is ever written again.
STAYS = """
CREATE FUNCTION ledgers_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM ledgers_refuse('ledgers_stays', '账已记，不能改也不能删，只能冲销');
    RETURN NULL;
END
$$;
CREATE TRIGGER stays BEFORE DELETE OR UPDATE ON ledgers_entry FOR EACH ROW EXECUTE FUNCTION ledgers_stays();
CREATE TRIGGER stays BEFORE DELETE OR UPDATE OF id, entry_id, position, account_id, amount, "on", entered_at ON ledgers_posting
    FOR EACH ROW EXECUTE FUNCTION ledgers_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ledgers", "0001_initial"),
        ("accounts", "0003_today"),
        ("divisions", "0002_grants"),
    ]
    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION ledgers_refuse;"),
        *history("ledgers_account"),
        *history("ledgers_posting"),
        migrations.RunSQL(
            ENTRIES_SEEN,
            "DROP POLICY in_scope_inserts ON ledgers_entry; DROP POLICY in_scope_reads ON ledgers_entry;"
            "ALTER TABLE ledgers_entry NO FORCE ROW LEVEL SECURITY; ALTER TABLE ledgers_entry DISABLE ROW LEVEL SECURITY;",
        ),
        grant("ledgers_entry", "SELECT, INSERT"),
        grant("ledgers_entry", "SELECT", (AUDIT,)),
        same_division("ledgers_posting", "account_id", "ledgers_account"),
        migrations.RunSQL(
            ACCOUNTS,
            "DROP TRIGGER opens_empty ON ledgers_account; DROP FUNCTION ledgers_account_opens_empty;",
        ),
        migrations.RunSQL(HOLD, "DROP FUNCTION ledgers_hold; DROP FUNCTION ledgers_extremes;"),
        migrations.RunSQL(
            ENTER,
            "ALTER TABLE ledgers_posting DROP CONSTRAINT ledgers_posting_on_the_day_of_its_entry; DROP INDEX ledgers_entry_id_on;"
            "DROP TRIGGER of_its_entry ON ledgers_posting; DROP FUNCTION ledgers_posting_of_its_entry;"
            "DROP TRIGGER enter ON ledgers_entry; DROP FUNCTION ledgers_enter; DROP SEQUENCE ledgers_number;",
        ),
        migrations.RunSQL(CARRY, "DROP TRIGGER carry ON ledgers_posting; DROP FUNCTION ledgers_carry;"),
        migrations.RunSQL(HOLDS, "DROP TRIGGER holds ON ledgers_entry; DROP FUNCTION ledgers_entry_holds;"),
        migrations.RunSQL(
            STAYS,
            "DROP TRIGGER stays ON ledgers_posting; DROP TRIGGER stays ON ledgers_entry; DROP FUNCTION ledgers_stays;",
        ),
    ]

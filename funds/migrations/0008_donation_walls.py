"""What must never be false of gifts: each in its own account, spent for its own purpose, on a project or a household; and who may look."""

from django.db import migrations

from fupin.servers.rls import WEB, same_division, scoped

GIFTS = """
CREATE FUNCTION funds_donation_received() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.received_on > product_today() THEN
        PERFORM registry_refuse('donation_in_time', '收到日期不能晚于今天');
    END IF;
    IF NOT EXISTS (
        SELECT FROM ledgers_account a JOIN ledgers_posting p ON p.account_id = a.id JOIN ledgers_entry e ON e.id = p.entry_id
        WHERE a.id = NEW.account_id AND a.book = 'DONATION' AND a.kind = 'GIFT' AND a.division = NEW.division AND a.low = 0
            AND e.id = NEW.entry_id AND e.kind = 'RECEIVE' AND p.amount = NEW.amount_yuan AND e.reverses_id IS NULL) THEN
        PERFORM registry_refuse('donation_entered_in_the_books', '记账凭证与捐赠不符');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER received BEFORE INSERT ON funds_donation FOR EACH ROW EXECUTE FUNCTION funds_donation_received();

CREATE FUNCTION funds_donation_drawn() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gift funds_donation;
    spending funds_donationspending;
BEGIN
    SELECT * INTO gift FROM funds_donation WHERE id = NEW.donation_id;
    SELECT * INTO spending FROM funds_donationspending WHERE id = NEW.spending_id;
    IF gift.purpose NOT IN ('', spending.purpose) THEN
        PERFORM registry_refuse('donation_never_diverted', format('定向捐款只能用于“%s”，不得改用', gift.purpose));
    END IF;
    IF spending."on" < gift.received_on THEN
        PERFORM registry_refuse('donation_spent_after_it_came', '支出日期不能早于收到捐款的日期');
    END IF;
    IF NOT EXISTS (SELECT FROM ledgers_posting p WHERE p.entry_id = spending.entry_id AND p.account_id = gift.account_id
        AND p.amount = -NEW.amount_yuan) THEN
        PERFORM registry_refuse('donation_entered_in_the_books', '记账凭证与支出不符');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER drawn BEFORE INSERT ON funds_donationdraw FOR EACH ROW EXECUTE FUNCTION funds_donation_drawn();

CREATE FUNCTION funds_donation_adds_up() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW."on" > product_today() THEN
        PERFORM registry_refuse('donation_in_time', '支出日期不能晚于今天');
    END IF;
    IF NEW.amount_yuan <> (SELECT coalesce(sum(amount_yuan), 0) FROM funds_donationdraw WHERE spending_id = NEW.id) THEN
        PERFORM registry_refuse('donationspending_adds_up', '支出须等于所取各笔捐赠之和');
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER adds_up AFTER INSERT ON funds_donationspending DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION funds_donation_adds_up();
"""

# For everybody, without a sign-in: what became of the one gift whose receipt he holds. No giver's name, no household's name or number.
PUBLIC = f"""
CREATE FUNCTION funds_donation_public(receipt text) RETURNS jsonb LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object(
        'received_on', g.received_on, 'amount_yuan', g.amount_yuan::text, 'thing', g.thing, 'purpose', g.purpose, 'place', d.path_name,
        'left_yuan', (g.amount_yuan - coalesce((SELECT sum(w.amount_yuan) FROM funds_donationdraw w WHERE w.donation_id = g.id), 0))::text,
        'spent', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'on', s."on", 'purpose', s.purpose, 'amount_yuan', w.amount_yuan::text, 'project', p.name,
                'village', v.path_name) ORDER BY s."on", s.id)
            FROM funds_donationdraw w JOIN funds_donationspending s ON s.id = w.spending_id
            LEFT JOIN projects_project p ON p.id = s.project_id
            LEFT JOIN registry_household h ON h.id = s.household_id LEFT JOIN divisions_division v ON v.code = h.division
            WHERE w.donation_id = g.id), '[]'))
    FROM funds_donation g JOIN divisions_division d ON d.code = g.division WHERE g.receipt_no = receipt
$$;
CREATE FUNCTION funds_donation_quarters() RETURNS TABLE (place text, year int, quarter int, received numeric, spent numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.path_name, extract(year FROM one.day)::int, extract(quarter FROM one.day)::int, sum(one.came), sum(one.went)
    FROM (
        SELECT division, received_on AS day, amount_yuan AS came, 0::numeric AS went FROM funds_donation
        UNION ALL SELECT division, "on", 0, amount_yuan FROM funds_donationspending
    ) AS one JOIN divisions_division d ON d.code = one.division
    GROUP BY d.code, d.path_name, 2, 3 ORDER BY 2 DESC, 3 DESC, d.code
$$;
REVOKE ALL ON FUNCTION funds_donation_public, funds_donation_quarters FROM PUBLIC;
GRANT EXECUTE ON FUNCTION funds_donation_public, funds_donation_quarters TO {WEB};
"""

FUNCTIONS = (
    "funds_donation_received()",
    "funds_donation_drawn()",
    "funds_donation_adds_up()",
    "funds_donation_public(text)",
    "funds_donation_quarters()",
)


class Migration(migrations.Migration):
    dependencies = [("funds", "0007_donations")]

    operations = [
        *scoped("funds_donation", "SELECT, INSERT"),
        *scoped("funds_donationspending", "SELECT, INSERT"),
        *scoped("funds_donationdraw", "SELECT, INSERT"),
        same_division("funds_donationdraw", "spending_id", "funds_donationspending"),
        same_division("funds_donationdraw", "donation_id", "funds_donation"),
        migrations.RunSQL(GIFTS + PUBLIC, "".join(f"DROP FUNCTION {one} CASCADE;" for one in FUNCTIONS)),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER a_signed BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION funds_signed('entered_by_id');",
                migrations.RunSQL.noop,
            )
            for table in ("funds_donation", "funds_donationspending")
        ),
    ]

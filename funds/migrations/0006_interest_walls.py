"""What must never be false of interest subsidies: once for a time, within a household's cap and the loan's rate, and from the pot."""

from django.db import migrations

from fupin.policy.standards import FIGURES
from fupin.servers.rls import same_division, scoped
from registry.rules.help.after_exit import ON_REGISTER

CAP = max(one.value for one in FIGURES if one.key == "interest_household_most")
"""Principal of a household and year; a later document makes the function anew in a migration of its own."""

LISTED = ", ".join(f"'{status}'" for status in sorted(ON_REGISTER))

LOANS = """
CREATE FUNCTION funds_loan_registered() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_household registry_household;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.repaid_on IS NOT NULL THEN
            PERFORM registry_refuse('interestloan_repaid_once', '提前还清日已登记，不能再改');
        END IF;
        IF NEW.repaid_on > product_today() THEN
            PERFORM registry_refuse('interestloan_not_in_the_future', '日期不能晚于今天');
        END IF;
        IF EXISTS (SELECT FROM funds_interestclaim c WHERE c.loan_id = NEW.id AND c.status <> 'REFUSED' AND c.ends_on > NEW.repaid_on) THEN
            PERFORM registry_refuse('interestloan_repaid_after_its_claims', '已有贴息单算到此日之后，先退回贴息单');
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.begins_on > product_today() OR NEW.repaid_on IS NOT NULL THEN
        PERFORM registry_refuse('interestloan_not_in_the_future', '放款日不能晚于今天');
    END IF;
    IF NEW.household_id IS NULL THEN
        IF NEW.division % 1000000 <> 0 OR NEW.division % 100000000 = 0 THEN
            PERFORM registry_refuse('interestloan_in_its_place', '企业和项目单位的贷款按县登记');
        END IF;
        RETURN NEW;
    END IF;
    SELECT * INTO of_household FROM registry_household WHERE id = NEW.household_id;
    IF of_household.division IS DISTINCT FROM NEW.division THEN
        PERFORM registry_refuse('interestloan_in_its_place', '农户贷款登记在户所在的村');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER registered BEFORE INSERT OR UPDATE ON funds_interestloan FOR EACH ROW EXECUTE FUNCTION funds_loan_registered();
"""

CLAIMS = f"""
CREATE FUNCTION funds_claim_drafted() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_loan funds_interestloan;
    of_household registry_household;
BEGIN
    IF NEW.status <> 'DRAFT' OR NEW.entry_id IS NOT NULL THEN
        PERFORM registry_refuse('interestclaim_step_by_step', '贴息单须先编制，再批准、支付');
    END IF;
    SELECT * INTO of_loan FROM funds_interestloan WHERE id = NEW.loan_id FOR UPDATE;
    IF NEW.begins_on < of_loan.begins_on OR NEW.ends_on > least(of_loan.ends_on, of_loan.repaid_on) THEN
        PERFORM registry_refuse('interestclaim_within_its_loan', '贴息起止应在贷款期内，展期、逾期和提前还清之后不贴');
    END IF;
    IF NEW.year <> extract(year FROM NEW.begins_on) THEN
        PERFORM registry_refuse('interestclaim_of_its_year', '年度应为贴息起日的年度');
    END IF;
    IF NEW.counted_yuan > of_loan.principal_yuan THEN
        PERFORM registry_refuse('interestclaim_within_its_principal', '计贴本金不能超过贷款本金');
    END IF;
    IF EXISTS (SELECT FROM funds_interestclaim c WHERE c.loan_id = NEW.loan_id AND c.status <> 'REFUSED'
        AND c.begins_on < NEW.ends_on AND NEW.begins_on < c.ends_on) THEN
        PERFORM registry_refuse('interestclaim_once_for_a_time', '这笔贷款在此期间已贴息，不得重复');
    END IF;
    IF of_loan.household_id IS NOT NULL THEN
        SELECT * INTO of_household FROM registry_household WHERE id = of_loan.household_id FOR NO KEY UPDATE;
        IF NOT (of_household.status IN ({LISTED})
            OR of_household.status = 'O' AND NEW.begins_on < registry_help_stops_on(of_household.exited_on)) THEN
            PERFORM registry_refuse('interestclaim_for_the_registered', '该户不在册或已退出，不能贴息');
        END IF;
        IF NEW.counted_yuan + (SELECT coalesce(sum(c.counted_yuan), 0) FROM funds_interestclaim c
            JOIN funds_interestloan l ON l.id = c.loan_id
            WHERE l.household_id = of_loan.household_id AND c.year = NEW.year AND c.status <> 'REFUSED' AND c.loan_id <> NEW.loan_id)
            > {CAP} THEN
            PERFORM registry_refuse('interestclaim_within_the_cap', '每户每年计贴本金最多 {CAP} 元');
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER drafted BEFORE INSERT ON funds_interestclaim FOR EACH ROW EXECUTE FUNCTION funds_claim_drafted();

CREATE FUNCTION funds_claim_steps() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (OLD.status = 'DRAFT' AND NEW.status IN ('APPROVED', 'REFUSED') OR OLD.status = 'APPROVED' AND NEW.status = 'PAID') THEN
        PERFORM registry_refuse('interestclaim_step_by_step', '贴息单须先批准再支付，办过的一步不能再改');
    END IF;
    IF NEW.status = 'PAID' THEN
        IF NEW.paid_by_id IS DISTINCT FROM registry_actor() OR (NEW.decided_by_id, NEW.decided_on) IS DISTINCT FROM (OLD.decided_by_id, OLD.decided_on) THEN
            PERFORM registry_refuse('funds_by_its_actor', '支付人须是登录的本人');
        END IF;
        IF (NEW.pot_yuan > 0) <> (NEW.entry_id IS NOT NULL)
            OR NEW.pot_yuan > 0 AND NOT funds_pot_is_entered(NEW.entry_id, NEW.division / 1000000 * 1000000, 'PAY', 'DIRECT', 'PAID', NEW.pot_yuan) THEN
            PERFORM registry_refuse('interestclaim_entered_in_the_books', '记账凭证与贴息单不符');
        END IF;
    ELSIF NEW.decided_by_id IS DISTINCT FROM registry_actor() OR NEW.entry_id IS NOT NULL THEN
        PERFORM registry_refuse('funds_by_its_actor', '批准人须是登录的本人');
    END IF;
    IF greatest(NEW.decided_on, NEW.paid_on) > product_today() THEN
        PERFORM registry_refuse('interestclaim_in_time', '日期不能晚于今天');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER steps BEFORE UPDATE ON funds_interestclaim FOR EACH ROW EXECUTE FUNCTION funds_claim_steps();

CREATE FUNCTION funds_share_of_a_draft() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM funds_interestclaim c WHERE c.id = NEW.claim_id AND c.status = 'DRAFT') THEN
        PERFORM registry_refuse('interestshare_with_its_draft', '各级贴息在编制贴息单时写定');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER of_a_draft BEFORE INSERT ON funds_interestshare FOR EACH ROW EXECUTE FUNCTION funds_share_of_a_draft();

CREATE FUNCTION funds_shares_add_up() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    claim funds_interestclaim;
    together record;
BEGIN
    SELECT * INTO claim FROM funds_interestclaim
        WHERE id = CASE TG_TABLE_NAME WHEN 'funds_interestclaim' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'claim_id')::bigint END;
    SELECT coalesce(sum(rate), 0) AS rate, coalesce(sum(amount_yuan), 0) AS yuan,
        coalesce(sum(amount_yuan) FILTER (WHERE payer IN ('PROVINCE', 'PROVINCE_MATCH')), 0) AS pot
        INTO together FROM funds_interestshare WHERE claim_id = claim.id;
    IF together.rate > (SELECT rate FROM funds_interestloan WHERE id = claim.loan_id) THEN
        PERFORM registry_refuse('interestclaim_never_above_the_loan', '各级累加贴息不得超过实际贷款利率');
    END IF;
    IF together.yuan <> claim.amount_yuan OR together.pot <> claim.pot_yuan THEN
        PERFORM registry_refuse('interestclaim_adds_up', '各级贴息之和须等于贴息额');
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER adds_up AFTER INSERT ON funds_interestclaim DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION funds_shares_add_up();
CREATE CONSTRAINT TRIGGER adds_up AFTER INSERT ON funds_interestshare DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION funds_shares_add_up();
"""

POT = """
CREATE FUNCTION funds_pot_is_entered(entry bigint, county bigint, act text, out_of text, into_which text, yuan numeric) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM ledgers_entry e
        JOIN ledgers_posting o ON o.entry_id = e.id JOIN ledgers_account a ON a.id = o.account_id
        JOIN ledgers_posting i ON i.entry_id = e.id JOIN ledgers_account b ON b.id = i.account_id
        WHERE e.id = entry AND e.book = 'INTEREST' AND e.kind = act AND e.reverses_id IS NULL AND e.lines = 2
            AND a.book = 'INTEREST' AND a.division = county AND a.kind = out_of AND o.amount = -yuan
            AND b.book = 'INTEREST' AND b.division = county AND b.kind = into_which AND i.amount = yuan)
$$;

CREATE FUNCTION funds_pot_acted() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.division % 1000000 <> 0 OR NEW.division % 100000000 = 0 THEN
        PERFORM registry_refuse('potact_of_a_county', '贴息资金按县分账');
    END IF;
    IF NOT funds_pot_is_entered(NEW.entry_id, NEW.division, NEW.kind,
        CASE NEW.kind WHEN 'TAKE_IN' THEN 'SOURCE' WHEN 'SET_ASIDE' THEN 'POT' ELSE NEW.source END,
        CASE NEW.kind WHEN 'TAKE_IN' THEN 'POT' WHEN 'SPEND' THEN 'SPENT' ELSE NEW.target END, NEW.amount_yuan) THEN
        PERFORM registry_refuse('potact_entered_in_the_books', '记账凭证与事项不符');
    END IF;
    IF NEW.kind = 'TAKE_IN' THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('funds_pot/' || NEW.division || '/' || NEW.appropriation_id, 0));
        IF NEW.amount_yuan + (SELECT coalesce(sum(amount_yuan), 0) FROM funds_potact
            WHERE kind = 'TAKE_IN' AND division = NEW.division AND appropriation_id = NEW.appropriation_id)
            > (SELECT coalesce(sum(p.amount), 0) FROM funds_lineaccount l JOIN ledgers_posting p ON p.account_id = l.account_id
                JOIN ledgers_entry e ON e.id = p.entry_id
                WHERE l.appropriation_id = NEW.appropriation_id AND l.county_id = NEW.division AND l.kind = 'LEDGER'
                    AND l.ledger = 'INTEREST' AND e.kind IN ('PLACE', 'UNPLACE', 'STRAND')) THEN
            PERFORM registry_refuse('potact_within_what_was_placed', '转入不能超过本文件落实到贷款贴息专账的资金');
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER acted BEFORE INSERT ON funds_potact FOR EACH ROW EXECUTE FUNCTION funds_pot_acted();
"""

FUNCTIONS = (
    "funds_loan_registered()",
    "funds_claim_drafted()",
    "funds_claim_steps()",
    "funds_share_of_a_draft()",
    "funds_shares_add_up()",
    "funds_pot_acted()",
    "funds_pot_is_entered(bigint, bigint, text, text, text, numeric)",
)


class Migration(migrations.Migration):
    dependencies = [("funds", "0005_interest"), ("registry", "0034_measures_corrected")]

    operations = [
        *scoped("funds_interestloan", "SELECT, INSERT, UPDATE (repaid_on)"),
        *scoped(
            "funds_interestclaim",
            "SELECT, INSERT, UPDATE (status, reason, decided_by_id, decided_on, paid_by_id, paid_on, entry_id)",
        ),
        *scoped("funds_interestshare", "SELECT, INSERT"),
        *scoped("funds_potact", "SELECT, INSERT"),
        same_division("funds_interestclaim", "loan_id", "funds_interestloan"),
        same_division("funds_interestshare", "claim_id", "funds_interestclaim"),
        migrations.RunSQL(
            POT + LOANS + CLAIMS, "".join(f"DROP FUNCTION {one} CASCADE;" for one in FUNCTIONS)
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER a_signed BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION funds_signed('entered_by_id');",
                migrations.RunSQL.noop,
            )
            for table in ("funds_interestloan", "funds_interestclaim", "funds_potact")
        ),
    ]

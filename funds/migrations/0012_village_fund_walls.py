"""Who may write what of village funds, and what must never be false: nothing moves in their book but by an act of theirs.

Limits that neighbouring provinces' rules set are the parameters of fupin/policy as of 2014; a later document adds a later migration.
"""

from django.db import migrations

from fupin.policy.standards import figure
from fupin.servers.rls import history, same_division, scoped
from registry.rules.help.after_exit import ON_REGISTER

FIRST = int(figure("village_first_loan_most", 2014))
MOST = int(figure("village_loan_most", 2014))
GUARANTORS = int(figure("village_guarantors", 2014))
STATES = ", ".join(f"'{state}'" for state in sorted(ON_REGISTER))

MOVED = """
CREATE FUNCTION funds_village_moved(
    of_entry bigint, act text, village bigint, of_kind text, of_account bigint, yuan numeric, day date
) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM ledgers_entry e JOIN ledgers_posting p ON p.entry_id = e.id JOIN ledgers_account a ON a.id = p.account_id
        WHERE e.id = of_entry AND e.book = 'VILLAGE_FUND' AND e.kind = act AND e.reverses_id IS NULL AND e."on" = day
            AND a.division = village AND a.kind = of_kind AND p.amount = yuan AND a.id = coalesce(of_account, a.id))
$$;
CREATE FUNCTION funds_village_entry_of_an_act() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.reverses_id IS NOT NULL THEN
        IF NEW.kind NOT IN ('RECEIVE', 'REPAY') THEN
            PERFORM registry_refuse('village_fund_only_by_an_act', '入社、退社和借出不能冲销，请按退社、归还办理');
        END IF;
    ELSIF NOT EXISTS (SELECT FROM funds_fundreceipt WHERE entry_id = NEW.id)
        AND NOT EXISTS (SELECT FROM funds_fundmember WHERE join_entry_id = NEW.id OR leave_entry_id = NEW.id)
        AND NOT EXISTS (SELECT FROM funds_fundloan WHERE entry_id = NEW.id)
        AND NOT EXISTS (SELECT FROM funds_fundrepayment WHERE entry_id = NEW.id) THEN
        PERFORM registry_refuse('village_fund_only_by_an_act',
            '互助资金只有配股、捐赠、入社、退社、借出和归还，不得吸收存款、分红或移作他用');
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER of_an_act AFTER INSERT ON ledgers_entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.book = 'VILLAGE_FUND') EXECUTE FUNCTION funds_village_entry_of_an_act();
"""

FUND = """
CREATE FUNCTION funds_fund_of_a_village() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.division % 1000 = 0 THEN
        PERFORM registry_refuse('villagefund_of_a_village', '选一个行政村');
    END IF;
    IF NEW.registered_on > product_today() THEN
        PERFORM registry_refuse('villagefund_registered_in_time', '登记日期不能晚于今天');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER of_a_village BEFORE INSERT ON funds_villagefund FOR EACH ROW EXECUTE FUNCTION funds_fund_of_a_village();
CREATE FUNCTION funds_receipt_entered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT funds_village_moved(NEW.entry_id, 'RECEIVE', NEW.division, 'CASH', NULL, NEW.amount_yuan, NEW."on")
        OR NOT funds_village_moved(NEW.entry_id, 'RECEIVE', NEW.division, NEW.kind, NULL, -NEW.amount_yuan, NEW."on") THEN
        PERFORM registry_refuse('village_fund_entered_in_the_books', '记账凭证与到账不符');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER entered BEFORE INSERT ON funds_fundreceipt FOR EACH ROW EXECUTE FUNCTION funds_receipt_entered();
"""

MEMBER = f"""
CREATE FUNCTION funds_member_joins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.left_on IS NOT NULL THEN
        PERFORM registry_refuse('fundmember_joins_first', '入社后才能退社');
    END IF;
    IF NEW.household_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM registry_household h WHERE h.id = NEW.household_id AND h.division = NEW.division AND h.status IN ({STATES})
    ) THEN
        PERFORM registry_refuse('fundmember_of_the_village', '不是本行政村在册户，互助资金不得跨村');
    END IF;
    IF NOT funds_village_moved(NEW.join_entry_id, 'JOIN', NEW.division, 'CASH', NULL, NEW.share_yuan, NEW.joined_on)
        OR NOT funds_village_moved(NEW.join_entry_id, 'JOIN', NEW.division, 'SHARE', NEW.account_id, -NEW.share_yuan, NEW.joined_on)
    THEN
        PERFORM registry_refuse('village_fund_entered_in_the_books', '记账凭证与入社不符');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER joins BEFORE INSERT ON funds_fundmember FOR EACH ROW EXECUTE FUNCTION funds_member_joins();
CREATE FUNCTION funds_member_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.left_on IS NOT NULL THEN
        PERFORM registry_refuse('fundmember_leaves_once', '该社员已退社');
    END IF;
    IF EXISTS (SELECT FROM funds_fundloan l JOIN ledgers_account a ON a.id = l.account_id
        WHERE l.member_id = NEW.id AND a.balance > 0) THEN
        PERFORM registry_refuse('fundmember_owes_nothing', '还清借款后方可退社');
    END IF;
    IF NOT funds_village_moved(NEW.leave_entry_id, 'LEAVE', NEW.division, 'SHARE', NEW.account_id, NEW.share_yuan, NEW.left_on)
        OR NOT funds_village_moved(NEW.leave_entry_id, 'LEAVE', NEW.division,
            CASE WHEN NEW.state_paid THEN 'GOVERNMENT' ELSE 'CASH' END, NULL, -NEW.share_yuan, NEW.left_on) THEN
        PERFORM registry_refuse('village_fund_entered_in_the_books', '记账凭证与退社不符');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER leaves BEFORE UPDATE OF left_on, leave_entry_id ON funds_fundmember
    FOR EACH ROW EXECUTE FUNCTION funds_member_leaves();
"""

LOAN = f"""
CREATE FUNCTION funds_loan_asked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'ASKED' THEN
        PERFORM registry_refuse('fundloan_asked_first', '借款先登记，再由另一人审批');
    END IF;
    IF NEW.asked_on > product_today() THEN
        PERFORM registry_refuse('fundloan_asked_in_time', '申请日期不能晚于今天');
    END IF;
    IF NOT EXISTS (SELECT FROM funds_fundmember m
        WHERE m.id = NEW.member_id AND m.fund_id = NEW.fund_id AND m.left_on IS NULL) THEN
        PERFORM registry_refuse('fundloan_to_a_member', '不是社员，互助资金只借给社员');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER asked BEFORE INSERT ON funds_fundloan FOR EACH ROW EXECUTE FUNCTION funds_loan_asked();
CREATE FUNCTION funds_guarantor_of_the_fund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM funds_fundloan l JOIN funds_fundmember m ON m.fund_id = l.fund_id
        WHERE l.id = NEW.loan_id AND m.id = NEW.member_id AND m.id <> l.member_id AND m.left_on IS NULL AND l.status = 'ASKED') THEN
        PERFORM registry_refuse('loanguarantor_another_member', '联保人须是其他社员');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER of_the_fund BEFORE INSERT ON funds_loanguarantor FOR EACH ROW EXECUTE FUNCTION funds_guarantor_of_the_fund();
CREATE FUNCTION funds_loan_decided() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    most numeric;
    owed numeric;
BEGIN
    IF OLD.status <> 'ASKED' THEN
        PERFORM registry_refuse('fundloan_decided_once', '此笔借款已审批');
    END IF;
    IF NEW.decided_by_id IS DISTINCT FROM registry_actor() THEN
        PERFORM registry_refuse('funds_by_its_actor', '审批人须是登录的本人');
    END IF;
    IF NEW.decided_on > product_today() OR NEW.decided_on < OLD.asked_on OR NEW.lent_on < OLD.asked_on THEN
        PERFORM registry_refuse('fundloan_decided_in_time', '审批日期应在申请日期和今天之间');
    END IF;
    IF NEW.status <> 'LENT' THEN
        RETURN NEW;
    END IF;
    PERFORM FROM funds_fundmember m WHERE m.id = NEW.member_id AND m.left_on IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM registry_refuse('fundloan_to_a_member', '不是社员，互助资金只借给社员');
    END IF;
    SELECT coalesce(sum(a.balance), 0), CASE WHEN count(*) = 0 THEN {FIRST} ELSE {MOST} END INTO owed, most
        FROM funds_fundloan l JOIN ledgers_account a ON a.id = l.account_id
        WHERE l.member_id = NEW.member_id AND l.id <> NEW.id;
    IF owed + NEW.amount_yuan > most THEN
        PERFORM registry_refuse('fundloan_within_the_limit', format('借款最高 %s 元（含未还 %s 元）', most, owed));
    END IF;
    IF (SELECT count(*) FROM funds_loanguarantor g JOIN funds_fundmember m ON m.id = g.member_id
        WHERE g.loan_id = NEW.id AND m.left_on IS NULL) < {GUARANTORS} THEN
        PERFORM registry_refuse('fundloan_guaranteed', '小组联保：至少 {GUARANTORS} 名其他社员');
    END IF;
    IF NEW.due_on <> (NEW.lent_on + make_interval(months => NEW.months))::date THEN
        PERFORM registry_refuse('fundloan_due_by_its_months', '到期日须按月数推算');
    END IF;
    IF NOT funds_village_moved(NEW.entry_id, 'LEND', NEW.division, 'LOAN', NEW.account_id, NEW.amount_yuan, NEW.lent_on)
        OR NOT funds_village_moved(NEW.entry_id, 'LEND', NEW.division, 'CASH', NULL, -NEW.amount_yuan, NEW.lent_on) THEN
        PERFORM registry_refuse('village_fund_entered_in_the_books', '记账凭证与借出不符');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER decided BEFORE UPDATE OF status, decided_by_id, entry_id, account_id, lent_on, due_on ON funds_fundloan
    FOR EACH ROW EXECUTE FUNCTION funds_loan_decided();
CREATE FUNCTION funds_repayment_entered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    loan funds_fundloan;
BEGIN
    SELECT * INTO loan FROM funds_fundloan WHERE id = NEW.loan_id FOR UPDATE;
    IF loan.status IS DISTINCT FROM 'LENT' OR NEW."on" < loan.lent_on THEN
        PERFORM registry_refuse('fundrepayment_of_a_loan', '借出后才能归还');
    END IF;
    IF NEW.fee_yuan + (SELECT coalesce(sum(r.fee_yuan), 0) FROM funds_fundrepayment r WHERE r.loan_id = loan.id
            AND NOT EXISTS (SELECT FROM ledgers_entry e WHERE e.reverses_id = r.entry_id))
        > round(loan.amount_yuan * loan.annual_rate * loan.months / 1200, 2) THEN
        PERFORM registry_refuse('fundrepayment_fee_within', '占用费不得多收');
    END IF;
    IF NOT funds_village_moved(NEW.entry_id, 'REPAY', NEW.division, 'CASH', NULL, NEW.principal_yuan + NEW.fee_yuan, NEW."on")
        OR NEW.principal_yuan > 0 AND NOT funds_village_moved(
            NEW.entry_id, 'REPAY', NEW.division, 'LOAN', loan.account_id, -NEW.principal_yuan, NEW."on")
        OR NEW.fee_yuan > 0 AND NOT funds_village_moved(
            NEW.entry_id, 'REPAY', NEW.division, 'FEE', NULL, -NEW.fee_yuan, NEW."on") THEN
        PERFORM registry_refuse('village_fund_entered_in_the_books', '记账凭证与归还不符');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER entered BEFORE INSERT ON funds_fundrepayment FOR EACH ROW EXECUTE FUNCTION funds_repayment_entered();
"""

FUNCTIONS = (
    "funds_village_entry_of_an_act",
    "funds_village_moved",
    "funds_fund_of_a_village",
    "funds_receipt_entered",
    "funds_member_joins",
    "funds_member_leaves",
    "funds_loan_asked",
    "funds_guarantor_of_the_fund",
    "funds_loan_decided",
    "funds_repayment_entered",
)
SIGNED_ROWS = (
    "funds_villagefund",
    "funds_fundreceipt",
    "funds_fundmember",
    "funds_fundloan",
    "funds_fundrepayment",
)


class Migration(migrations.Migration):
    dependencies = [("funds", "0011_village_funds")]

    operations = [
        *history("funds_villagefund"),
        *history("funds_fundreceipt"),
        *scoped("funds_fundmember", "SELECT, INSERT, UPDATE (left_on, leave_entry_id)"),
        *scoped(
            "funds_fundloan",
            "SELECT, INSERT, UPDATE (status, lent_on, due_on, to_poor, account_id, entry_id, decided_by_id, decided_on, refused_because)",
        ),
        *history("funds_loanguarantor"),
        *history("funds_fundrepayment"),
        same_division("funds_fundreceipt", "fund_id", "funds_villagefund"),
        same_division("funds_fundmember", "fund_id", "funds_villagefund"),
        same_division("funds_fundmember", "account_id", "ledgers_account"),
        same_division("funds_fundloan", "fund_id", "funds_villagefund"),
        same_division("funds_fundloan", "member_id", "funds_fundmember"),
        same_division("funds_fundloan", "account_id", "ledgers_account"),
        same_division("funds_loanguarantor", "loan_id", "funds_fundloan"),
        same_division("funds_loanguarantor", "member_id", "funds_fundmember"),
        same_division("funds_fundrepayment", "loan_id", "funds_fundloan"),
        migrations.RunSQL(
            MOVED + FUND + MEMBER + LOAN, "".join(f"DROP FUNCTION {one} CASCADE;" for one in FUNCTIONS)
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER a_signed BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION funds_signed('entered_by_id');",
                migrations.RunSQL.noop,
            )
            for table in SIGNED_ROWS
        ),
    ]

"""What must never be false of money in a county: only to the pool, three people, public first, nobody twice, all of it back."""

from django.db import migrations

from fupin.servers.rls import APPLICATION, history, same_division, scoped
from registry.rules.help.after_exit import ON_REGISTER

EVERYBODY = ", ".join(APPLICATION)
REGISTERED = ", ".join(f"'{one}'" for one in sorted(str(one.value) for one in ON_REGISTER))

PRIVILEGES = {
    "placement": "SELECT, INSERT, UPDATE (status, decided_on, approved_by_id, refused_because, entry_id)",
    "acceptance": "SELECT, INSERT",
    "paymentbatch": (
        "SELECT, INSERT, UPDATE (status, approved_on, approved_by_id, sent_on, paid_by_id, done_on, withdrawn_because)"
    ),
    "payment": "SELECT, INSERT, UPDATE (status, status_on, because, entry_id, acceptance_id, accept_entry_id)",
    "stranding": "SELECT, INSERT, UPDATE (status, notified_on)",
    "recovery": "SELECT, INSERT",
    "fundreturn": "SELECT, INSERT, UPDATE (received_on, received_by_id, received_entry_id)",
    "redistribution": "SELECT, INSERT",
    "disclosure": "SELECT, INSERT",
}
EVENTS = ("placementevent", "paymentbatchevent", "paymentevent", "strandingevent", "fundreturnevent")
PARENTS = (
    ("acceptance", "placement_id", "placement"),
    ("paymentbatch", "placement_id", "placement"),
    ("stranding", "placement_id", "placement"),
    ("recovery", "stranding_id", "stranding"),
    ("fundreturn", "stranding_id", "stranding"),
    ("disclosure", "draft_id", "notices_noticedraft"),
)
SIGNED = (
    ("placement", "drafted_by_id"),
    ("acceptance", "entered_by_id"),
    ("paymentbatch", "made_by_id"),
    ("stranding", "recognised_by_id"),
    ("recovery", "entered_by_id"),
    ("fundreturn", "sent_by_id"),
    ("redistribution", "decided_by_id"),
    ("disclosure", "drawn_by_id"),
)

COMMON = f"""
CREATE SEQUENCE funds_number;
GRANT USAGE ON SEQUENCE funds_number TO {EVERYBODY};

CREATE FUNCTION funds_by_its_actor(who bigint, of_table oid) RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF who IS DISTINCT FROM registry_actor() AND NOT has_table_privilege(of_table, 'DELETE') THEN
        PERFORM registry_refuse('funds_by_its_actor', '经办人须是登录的本人');
    END IF;
END
$$;
CREATE FUNCTION funds_not_ahead(day date, what text) RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF day > product_today() THEN
        PERFORM registry_refuse('funds_not_in_the_future', what || '不能晚于今天');
    END IF;
END
$$;
CREATE FUNCTION funds_posted(entry bigint, movement text) RETURNS numeric LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(sum(p.amount), 0) FROM ledgers_entry e JOIN ledgers_posting p ON p.entry_id = e.id
    WHERE e.id = entry AND e.kind = movement AND e.book = 'FUNDS' AND e.reverses_id IS NULL AND p.amount > 0
$$;
"""

PLACED = """
CREATE FUNCTION funds_placement_steps() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    place projects_project%ROWTYPE;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'DRAFT' THEN
            PERFORM registry_refuse('funds_placement_begins_as_draft', '资金落实须先拟定，再由另一人审批');
        END IF;
        PERFORM funds_not_ahead(NEW.drafted_on, '拟定日期');
        IF NOT EXISTS (SELECT FROM funds_allotment a WHERE a.appropriation_id = NEW.appropriation_id AND a.division = NEW.division) THEN
            PERFORM registry_refuse('funds_placement_of_received_money', '该文件的资金没有下达到本县');
        END IF;
    ELSIF OLD.status <> 'DRAFT' THEN
        PERFORM registry_refuse('funds_placement_decided_once', '该项资金落实已审批，不能再改');
    ELSE
        PERFORM funds_not_ahead(NEW.decided_on, '审批日期');
        IF NEW.status = 'APPROVED' AND NOT funds_is_entered(
                NEW.entry_id, 'PLACE', NEW.appropriation_id, NEW.division, NEW.amount_yuan) THEN
            PERFORM registry_refuse('funds_placement_in_the_books', '记账凭证与资金落实不符');
        END IF;
    END IF;
    IF NEW.project_id IS NOT NULL AND NEW.status <> 'REFUSED' THEN
        SELECT * INTO place FROM projects_project WHERE id = NEW.project_id FOR SHARE;
        IF place.division < NEW.division OR place.division >= division_hi(NEW.division) THEN
            PERFORM registry_refuse('funds_placement_in_its_county', '项目不在本县');
        END IF;
        IF place.stage NOT IN ('PLANNED', 'FUNDED', 'BUILDING', 'ACCEPTED', 'ANNOUNCED') THEN
            PERFORM registry_refuse('funds_placement_in_the_pool', '该项目没有列入年度计划，或已退库、不再实施，不得挂资金');
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER steps BEFORE INSERT OR UPDATE ON funds_placement FOR EACH ROW EXECUTE FUNCTION funds_placement_steps();
CREATE FUNCTION funds_placement_by_its_actor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> OLD.status THEN
        PERFORM funds_by_its_actor(NEW.approved_by_id, TG_RELID);
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER by_its_actor BEFORE UPDATE ON funds_placement FOR EACH ROW EXECUTE FUNCTION funds_placement_by_its_actor();
"""

ACCEPTED = """
CREATE FUNCTION funds_acceptance_fits() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_placement funds_placement%ROWTYPE;
BEGIN
    SELECT * INTO of_placement FROM funds_placement WHERE id = NEW.placement_id;
    PERFORM funds_not_ahead(NEW."on", '验收日期');
    IF of_placement.status <> 'APPROVED' OR of_placement.project_id IS NULL THEN
        PERFORM registry_refuse('funds_acceptance_of_a_project', '只有已落实到项目的资金才能验收');
    END IF;
    IF NEW.entered_by_id = of_placement.drafted_by_id THEN
        PERFORM registry_refuse('funds_acceptance_by_another', '验收不能由拟定资金落实的本人登记');
    END IF;
    IF NEW.household_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM projects_projecthousehold h WHERE h.project_id = of_placement.project_id AND h.household_id = NEW.household_id
    ) THEN
        PERFORM registry_refuse('funds_acceptance_of_a_beneficiary', '该户不在本项目受益户名单中');
    END IF;
    IF NEW.result = 'PASS' AND of_placement.use_way = 'AWARD' AND NEW.checked_yuan IS NULL THEN
        PERFORM registry_refuse('funds_acceptance_checked', '以奖代补：须有奖补标准和核定量');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER fits BEFORE INSERT ON funds_acceptance FOR EACH ROW EXECUTE FUNCTION funds_acceptance_fits();
"""

LISTED = f"""
CREATE FUNCTION funds_batch_steps() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_placement funds_placement%ROWTYPE;
    listed record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT * INTO of_placement FROM funds_placement WHERE id = NEW.placement_id;
        IF NEW.status <> 'DRAFT' THEN
            PERFORM registry_refuse('funds_batch_begins_as_draft', '支付清单须先编制，再由另一人批准');
        END IF;
        IF of_placement.status <> 'APPROVED' OR of_placement.project_id IS NULL THEN
            PERFORM registry_refuse('funds_batch_of_a_placement', '只有已批准落实到项目的资金才能编支付清单');
        END IF;
        PERFORM funds_not_ahead(NEW.made_on, '编制日期');
        RETURN NEW;
    END IF;
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('DRAFT', 'APPROVED'), ('APPROVED', 'EXPORTED'), ('EXPORTED', 'DONE'), ('DRAFT', 'WITHDRAWN'), ('APPROVED', 'WITHDRAWN')
    ) THEN
        PERFORM registry_refuse('funds_batch_step_by_step', '支付清单依次编制、批准、送银行、读回结果，不能跳过或退回');
    END IF;
    SELECT count(*) AS rows, coalesce(sum(amount_yuan), 0) AS yuan, count(*) FILTER (WHERE status = 'PENDING') AS pending
        INTO listed FROM funds_payment WHERE batch_id = NEW.id;
    IF NEW.status IN ('APPROVED', 'EXPORTED', 'DONE') AND (listed.rows, listed.yuan) IS DISTINCT FROM (NEW.rows::bigint, NEW.amount_yuan) THEN
        PERFORM registry_refuse('funds_batch_adds_up', '清单合计与各笔之和不符');
    END IF;
    IF NEW.status IN ('DONE', 'WITHDRAWN') AND listed.pending > 0 THEN
        PERFORM registry_refuse('funds_batch_done_when_all_are', '还有没有结果的支付');
    END IF;
    PERFORM funds_not_ahead(greatest(NEW.approved_on, NEW.sent_on, NEW.done_on), '日期');
    RETURN NEW;
END
$$;
CREATE TRIGGER steps BEFORE INSERT OR UPDATE ON funds_paymentbatch FOR EACH ROW EXECUTE FUNCTION funds_batch_steps();
CREATE FUNCTION funds_batch_by_its_actor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.approved_by_id IS DISTINCT FROM NEW.approved_by_id THEN
        PERFORM funds_by_its_actor(NEW.approved_by_id, TG_RELID);
    END IF;
    IF OLD.paid_by_id IS DISTINCT FROM NEW.paid_by_id THEN
        PERFORM funds_by_its_actor(NEW.paid_by_id, TG_RELID);
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER by_its_actor BEFORE UPDATE ON funds_paymentbatch FOR EACH ROW EXECUTE FUNCTION funds_batch_by_its_actor();

CREATE FUNCTION funds_may_be_paid(of_household bigint, day date) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM registry_household h WHERE h.id = of_household AND (
        h.status IN ({REGISTERED}) OR (h.status = 'O' AND day < registry_help_stops_on(h.exited_on))))
$$;
CREATE FUNCTION funds_payment_fits() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_batch funds_paymentbatch%ROWTYPE;
    project bigint;
BEGIN
    SELECT * INTO of_batch FROM funds_paymentbatch WHERE id = NEW.batch_id FOR SHARE;
    SELECT project_id INTO project FROM funds_placement WHERE id = of_batch.placement_id;
    IF of_batch.status <> 'DRAFT' OR NEW.status <> 'PENDING' THEN
        PERFORM registry_refuse('funds_payment_on_an_open_list', '清单已批准，不能再加支付');
    END IF;
    IF NEW.item <> of_batch.item OR NEW.period <> of_batch.period THEN
        PERFORM registry_refuse('funds_payment_as_its_list', '支付事项和所属期须与清单一致');
    END IF;
    IF of_batch.kind = 'CONTRACTOR' THEN
        IF NEW.household_id IS NOT NULL OR NEW.division <> of_batch.division THEN
            PERFORM registry_refuse('funds_payment_as_its_list', '付给施工、供货单位的清单不能有户');
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.household_id IS NULL OR NEW.division < of_batch.division OR NEW.division >= division_hi(of_batch.division) THEN
        PERFORM registry_refuse('funds_payment_in_its_county', '到户清单的每一笔须是本县的户');
    END IF;
    PERFORM FROM registry_household h WHERE h.id = NEW.household_id AND h.division = NEW.division FOR SHARE;
    IF NOT FOUND THEN
        PERFORM registry_refuse('funds_payment_in_its_village', '支付应记在户所在的村');
    END IF;
    IF NOT funds_may_be_paid(NEW.household_id, of_batch.made_on) THEN
        PERFORM registry_refuse('funds_payment_to_the_registered', '该户不在册或已退出，不再享受扶贫政策，不能支付');
    END IF;
    IF NOT EXISTS (
        SELECT FROM projects_projecthousehold h
        WHERE h.project_id = project AND h.household_id = NEW.household_id AND h.removed_on IS NULL
    ) THEN
        PERFORM registry_refuse('funds_payment_to_a_beneficiary', '该户不在本项目受益户名单中');
    END IF;
    IF NEW.member_id IS NULL OR NOT EXISTS (
        SELECT FROM registry_member m CROSS JOIN LATERAL (
            SELECT y.is_counted FROM registry_memberyear y WHERE y.member_id = m.id ORDER BY y.year DESC LIMIT 1) AS latest
        WHERE m.id = NEW.member_id AND m.household_id = NEW.household_id AND m.name = NEW.payee_name AND latest.is_counted
    ) THEN
        PERFORM registry_refuse('funds_payment_to_a_member', '户名不是本户在册成员，不能付到他人账户');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER fits BEFORE INSERT ON funds_payment FOR EACH ROW EXECUTE FUNCTION funds_payment_fits();
"""

PAID = """
CREATE FUNCTION funds_payment_made() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_batch funds_paymentbatch%ROWTYPE;
    of_placement funds_placement%ROWTYPE;
    in_a_village boolean;
    checked numeric;
BEGIN
    SELECT * INTO of_batch FROM funds_paymentbatch WHERE id = NEW.batch_id;
    SELECT * INTO of_placement FROM funds_placement WHERE id = of_batch.placement_id;
    IF NEW.status <> OLD.status THEN
        IF OLD.status <> 'PENDING' THEN
            PERFORM registry_refuse('funds_payment_once', '该笔支付已有结果，不能再改；付错的以红冲或追回更正');
        END IF;
        PERFORM funds_not_ahead(NEW.status_on, '日期');
    ELSIF OLD.status <> 'PAID' OR OLD.accept_entry_id IS NOT NULL
        OR (NEW.status_on, NEW.because, NEW.entry_id) IS DISTINCT FROM (OLD.status_on, OLD.because, OLD.entry_id) THEN
        IF NEW.recovered_yuan = OLD.recovered_yuan THEN
            PERFORM registry_refuse('funds_payment_once', '该笔支付已有结果，不能再改；付错的以红冲或追回更正');
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.acceptance_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM funds_acceptance a WHERE a.id = NEW.acceptance_id AND a.placement_id = of_batch.placement_id
            AND a.result = 'PASS' AND (a.household_id IS NULL OR a.household_id = NEW.household_id)
    ) THEN
        PERFORM registry_refuse('funds_payment_accepted_by_its_own', '验收不是该项资金的，或没有合格');
    END IF;
    IF NEW.status = OLD.status OR NEW.status <> 'PAID' THEN
        RETURN NEW;
    END IF;
    IF of_batch.status <> 'EXPORTED' OR NEW.status_on < of_batch.sent_on THEN
        PERFORM registry_refuse('funds_payment_from_a_sent_list', '清单还没有送银行，不能登记到账');
    END IF;
    IF NEW.household_id IS NOT NULL AND NOT funds_may_be_paid(NEW.household_id, NEW.status_on) THEN
        PERFORM registry_refuse('funds_payment_to_the_registered', '该户不在册或已退出，不再享受扶贫政策，不能支付');
    END IF;
    IF NOT notices_passed('placement:' || of_placement.number, 'funds_county', NEW.status_on) THEN
        PERFORM registry_refuse('funds_payment_after_county_notice', '县级公示未张贴、未期满，或有异议未办结，不得拨付');
    END IF;
    IF NEW.household_id IS NOT NULL THEN
        IF NOT notices_passed('payment:' || NEW.id, 'funds_village_list', NEW.status_on) THEN
            PERFORM registry_refuse('funds_payment_after_village_notice', '行政村公示未张贴、未期满，或有异议未办结，不得拨付');
        END IF;
    ELSE
        SELECT p.division % 1000 <> 0 OR EXISTS (SELECT FROM projects_projectvillage v WHERE v.project_id = p.id)
            INTO in_a_village FROM projects_project p WHERE p.id = of_placement.project_id;
        IF in_a_village AND NOT notices_passed('placement:' || of_placement.number, 'funds_village_project', NEW.status_on) THEN
            PERFORM registry_refuse('funds_payment_after_village_notice', '行政村公示未张贴、未期满，或有异议未办结，不得拨付');
        END IF;
    END IF;
    IF of_placement.use_way = 'BUILD_FIRST' AND NOT EXISTS (
        SELECT FROM funds_acceptance a WHERE a.placement_id = of_placement.id AND a.result = 'PASS' AND a."on" <= NEW.status_on
            AND (a.household_id IS NULL OR a.household_id = NEW.household_id)
    ) THEN
        PERFORM registry_refuse('funds_payment_after_acceptance', '先建后补：验收合格前不得支付');
    END IF;
    IF of_placement.use_way = 'AWARD' THEN
        SELECT coalesce(sum(a.checked_yuan), 0) INTO checked FROM funds_acceptance a
            WHERE a.placement_id = of_placement.id AND a.result = 'PASS' AND a."on" <= NEW.status_on;
        IF checked < NEW.amount_yuan + (
            SELECT coalesce(sum(p.amount_yuan), 0) FROM funds_payment p JOIN funds_paymentbatch b ON b.id = p.batch_id
            WHERE b.placement_id = of_placement.id AND p.status = 'PAID' AND p.id <> NEW.id) THEN
            PERFORM registry_refuse('funds_payment_within_the_award', '以奖代补：合计不得超过核定金额');
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER made BEFORE UPDATE ON funds_payment FOR EACH ROW EXECUTE FUNCTION funds_payment_made();

CREATE FUNCTION funds_payment_in_the_books() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.entry_id IS NOT NULL AND funds_posted(NEW.entry_id, 'PAY') <> (
            SELECT sum(amount_yuan) FROM funds_payment WHERE entry_id = NEW.entry_id)
        OR NEW.accept_entry_id IS NOT NULL AND funds_posted(NEW.accept_entry_id, 'ACCEPT') <> (
            SELECT sum(amount_yuan - recovered_yuan) FROM funds_payment WHERE accept_entry_id = NEW.accept_entry_id) THEN
        PERFORM registry_refuse('funds_payment_in_the_books', '记账凭证与各笔支付之和不符');
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER in_the_books AFTER UPDATE OF entry_id, accept_entry_id ON funds_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_payment_in_the_books();
"""

STRANDED = """
CREATE FUNCTION funds_stranding_whole() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM funds_not_ahead(NEW.recognised_on, '认定日期');
    IF NEW.status <> 'RECOGNISED' THEN
        PERFORM registry_refuse('funds_stranding_begins_recognised', '滞留资金从认定开始');
    END IF;
    IF NEW.unpaid_yuan > 0 AND (
        NOT funds_is_entered(NEW.entry_id, 'STRAND', NEW.appropriation_id, NEW.division, NEW.unpaid_yuan)
        OR EXISTS (
            SELECT FROM ledgers_posting p JOIN ledgers_account a ON a.id = p.account_id
            WHERE p.entry_id = NEW.entry_id AND p.amount < 0 AND a.balance <> 0)
    ) THEN
        PERFORM registry_refuse('funds_stranding_whole', '滞留金额须是未支付余额的全额');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER whole BEFORE INSERT ON funds_stranding FOR EACH ROW EXECUTE FUNCTION funds_stranding_whole();
CREATE FUNCTION funds_stranding_steps() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    received numeric;
BEGIN
    IF NEW.status <> OLD.status THEN
        IF array_position(ARRAY['RECOGNISED', 'NOTIFIED', 'RETURNING', 'RETURNED', 'REDISTRIBUTED'], NEW.status::text)
            <= array_position(ARRAY['RECOGNISED', 'NOTIFIED', 'RETURNING', 'RETURNED', 'REDISTRIBUTED'], OLD.status::text) THEN
            PERFORM registry_refuse('funds_stranding_only_forward', '滞留资金只能依次归还，不能免除或退回');
        END IF;
        SELECT coalesce(sum(amount_yuan), 0) INTO received FROM funds_fundreturn
            WHERE stranding_id = NEW.id AND received_on IS NOT NULL;
        IF NEW.status IN ('RETURNED', 'REDISTRIBUTED') AND received <> NEW.unpaid_yuan + NEW.recover_yuan THEN
            PERFORM registry_refuse('funds_return_in_full', '须全额归还，不得抵扣、改项或留用');
        END IF;
    END IF;
    PERFORM funds_not_ahead(NEW.notified_on, '通知日期');
    RETURN NEW;
END
$$;
CREATE TRIGGER steps BEFORE UPDATE ON funds_stranding FOR EACH ROW EXECUTE FUNCTION funds_stranding_steps();

CREATE FUNCTION funds_recovery_fits() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    stranded funds_stranding%ROWTYPE;
BEGIN
    SELECT * INTO stranded FROM funds_stranding WHERE id = NEW.stranding_id FOR UPDATE;
    PERFORM funds_not_ahead(NEW."on", '追回日期');
    IF NEW.amount_yuan + (SELECT coalesce(sum(amount_yuan), 0) FROM funds_recovery WHERE stranding_id = NEW.stranding_id)
            > stranded.recover_yuan
        OR NOT funds_is_entered(NEW.strand_entry_id, 'STRAND', stranded.appropriation_id, stranded.division, NEW.amount_yuan)
        OR funds_posted(NEW.entry_id, 'RECOVER') <> NEW.amount_yuan THEN
        PERFORM registry_refuse('funds_recovery_within_what_is_due', '追回之和不能超过应追回额，并须入账');
    END IF;
    UPDATE funds_payment p SET recovered_yuan = p.recovered_yuan + NEW.amount_yuan
        FROM funds_paymentbatch b, funds_placement l, funds_placement s
        WHERE p.id = NEW.payment_id AND b.id = p.batch_id AND l.id = b.placement_id AND s.id = stranded.placement_id
            AND (l.appropriation_id, l.project_id) = (s.appropriation_id, s.project_id)
            AND p.status = 'PAID' AND p.accept_entry_id IS NULL AND p.recovered_yuan + NEW.amount_yuan <= p.amount_yuan;
    IF NOT FOUND THEN
        PERFORM registry_refuse('funds_recovery_within_what_was_paid', '只能从该项目未验收的支付中追回，且不超过已付额');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER fits BEFORE INSERT ON funds_recovery FOR EACH ROW EXECUTE FUNCTION funds_recovery_fits();
"""

RETURNED = """
CREATE FUNCTION funds_return_whole() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    stranded funds_stranding%ROWTYPE;
BEGIN
    SELECT * INTO stranded FROM funds_stranding WHERE id = NEW.stranding_id FOR UPDATE;
    IF TG_OP = 'INSERT' THEN
        PERFORM funds_not_ahead(NEW.sent_on, '汇出日期');
        IF NEW.received_on IS NOT NULL THEN
            PERFORM registry_refuse('funds_return_received_by_another', '到账由省级登记');
        END IF;
        IF NEW.amount_yuan <> (CASE NEW.part WHEN 'RECOVERED' THEN stranded.recover_yuan ELSE stranded.unpaid_yuan END)
            OR NEW.part = 'RECOVERED' AND NEW.amount_yuan <> (
                SELECT coalesce(sum(amount_yuan), 0) FROM funds_recovery WHERE stranding_id = stranded.id)
            OR NOT funds_is_entered(NEW.entry_id, 'SEND', stranded.appropriation_id, NEW.division, NEW.amount_yuan) THEN
            PERFORM registry_refuse('funds_return_in_full', '须全额归还，不得抵扣、改项或留用');
        END IF;
    ELSE
        IF OLD.received_on IS NOT NULL THEN
            PERFORM registry_refuse('funds_return_received_once', '归还已登记到账，不能再改');
        END IF;
        PERFORM funds_not_ahead(NEW.received_on, '到账日期');
        IF funds_posted(NEW.received_entry_id, 'RETURNED') <> NEW.amount_yuan THEN
            PERFORM registry_refuse('funds_return_in_the_books', '记账凭证与归还不符');
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER whole BEFORE INSERT OR UPDATE ON funds_fundreturn FOR EACH ROW EXECUTE FUNCTION funds_return_whole();
CREATE FUNCTION funds_return_by_its_actor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM funds_by_its_actor(NEW.received_by_id, TG_RELID);
    RETURN NEW;
END
$$;
CREATE TRIGGER by_its_actor BEFORE UPDATE ON funds_fundreturn FOR EACH ROW EXECUTE FUNCTION funds_return_by_its_actor();

CREATE FUNCTION funds_redistribution_fits() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    sent funds_fundreturn%ROWTYPE;
    given funds_allotment%ROWTYPE;
BEGIN
    SELECT * INTO sent FROM funds_fundreturn WHERE id = NEW.fund_return_id FOR UPDATE;
    SELECT * INTO given FROM funds_allotment WHERE id = NEW.allotment_id FOR UPDATE;
    PERFORM funds_not_ahead(NEW."on", '调剂日期');
    IF sent.received_on IS NULL OR NEW."on" < sent.received_on THEN
        PERFORM registry_refuse('funds_redistribution_of_what_is_back', '归还到账后才能调剂');
    END IF;
    IF NEW.amount_yuan + (SELECT coalesce(sum(amount_yuan), 0) FROM funds_redistribution WHERE fund_return_id = sent.id)
            > sent.amount_yuan THEN
        PERFORM registry_refuse('funds_redistribution_within_the_return', '调剂之和不能超过归还额');
    END IF;
    IF given.source <> 'REDISTRIBUTION' OR NEW.entry_id <> given.issue_entry_id OR given.appropriation_id <> (
            SELECT appropriation_id FROM funds_stranding WHERE id = sent.stranding_id)
        OR NEW.amount_yuan + (SELECT coalesce(sum(amount_yuan), 0) FROM funds_redistribution WHERE allotment_id = given.id)
            > given.amount_yuan THEN
        PERFORM registry_refuse('funds_redistribution_by_its_channel', '须由原管理渠道调剂，与下达一致');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER fits BEFORE INSERT ON funds_redistribution FOR EACH ROW EXECUTE FUNCTION funds_redistribution_fits();
"""

OWN = (
    "funds_placement_steps()",
    "funds_acceptance_fits()",
    "funds_batch_steps()",
    "funds_payment_fits()",
    "funds_payment_made()",
    "funds_payment_in_the_books()",
    "funds_stranding_whole()",
    "funds_stranding_steps()",
    "funds_recovery_fits()",
    "funds_return_whole()",
    "funds_redistribution_fits()",
)
INVOKED = ("funds_placement_by_its_actor()", "funds_batch_by_its_actor()", "funds_return_by_its_actor()")
COMMON_ONES = (
    "funds_may_be_paid(bigint, date)",
    "funds_posted(bigint, text)",
    "funds_not_ahead(date, text)",
    "funds_by_its_actor(bigint, oid)",
)


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0009_use"),
        ("ledgers", "0002_walls"),
        ("notices", "0004_recorded_in_time"),
        ("projects", "0002_walls"),
        ("registry", "0034_measures_corrected"),
    ]
    operations = [
        *(
            operation
            for table, privileges in PRIVILEGES.items()
            for operation in scoped(f"funds_{table}", privileges)
        ),
        *(operation for table in EVENTS for operation in history(f"funds_{table}")),
        *(
            same_division(f"funds_{table}", column, parent if "_" in parent else f"funds_{parent}")
            for table, column, parent in PARENTS
        ),
        migrations.RunSQL(
            COMMON + PLACED + ACCEPTED + LISTED + PAID + STRANDED + RETURNED,
            "".join(f"DROP FUNCTION {one} CASCADE;" for one in (*OWN, *INVOKED, *COMMON_ONES))
            + "DROP SEQUENCE funds_number;",
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER a_signed BEFORE INSERT ON funds_{table} FOR EACH ROW EXECUTE FUNCTION funds_signed('{column}');",
                f"DROP TRIGGER a_signed ON funds_{table};",
            )
            for table, column in SIGNED
        ),
        migrations.RunSQL(
            "".join(f"REVOKE ALL ON FUNCTION {one} FROM PUBLIC;" for one in OWN)
            + "".join(
                f"REVOKE ALL ON FUNCTION {one} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {one} TO {EVERYBODY};"
                for one in COMMON_ONES[:2]
            ),
            migrations.RunSQL.noop,
        ),
    ]

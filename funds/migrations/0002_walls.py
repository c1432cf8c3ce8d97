"""Who may write what of documents, schemes and allotments, and what must never be false of them."""

from django.db import migrations

from fupin.servers.rls import APPLICATION, grant, history, same_division, scoped

SIGNED = """
CREATE FUNCTION funds_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) ->> TG_ARGV[0])::bigint IS DISTINCT FROM registry_actor() THEN
        PERFORM registry_refuse('funds_by_its_actor', '登记人须是登录的本人');
    END IF;
    RETURN NEW;
END
$$;
"""

SIGNED_ROWS = (
    ("funds_appropriation", "entered_by_id"),
    ("funds_carveout", "entered_by_id"),
    ("funds_annualbudget", "entered_by_id"),
    ("funds_listeddivision", "entered_by_id"),
    ("funds_factorvalue", "entered_by_id"),
    ("funds_scheme", "entered_by_id"),
    ("funds_allotment", "issued_by_id"),
)

ENTERED = """
CREATE FUNCTION funds_is_entered(entry bigint, movement text, document bigint, county bigint, yuan numeric) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM ledgers_entry e JOIN ledgers_posting p ON p.entry_id = e.id
        JOIN funds_lineaccount l ON l.account_id = p.account_id
        WHERE e.id = entry AND e.kind = movement AND e.reverses_id IS NULL AND p.amount = yuan
            AND l.appropriation_id = document AND l.county_id IS NOT DISTINCT FROM county)
$$;
"""

DOCUMENTS = """
CREATE FUNCTION funds_appropriation_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.approved_on IS NOT NULL THEN
            PERFORM registry_refuse('appropriation_by_two', '资金文件须先登记，再由另一人复核');
        END IF;
    ELSE
        IF OLD.approved_on IS NOT NULL THEN
            PERFORM registry_refuse('appropriation_kept', '已复核的资金文件不能改动');
        END IF;
        IF NEW.entered_by_id IS DISTINCT FROM OLD.entered_by_id OR NEW.entered_at <> OLD.entered_at THEN
            PERFORM registry_refuse('appropriation_by_two', '登记人不能改');
        END IF;
        IF NEW.approved_on IS NOT NULL THEN
            IF NEW.approved_by_id IS DISTINCT FROM registry_actor() THEN
                PERFORM registry_refuse('funds_by_its_actor', '复核人须是登录的本人');
            END IF;
            IF NEW.approved_on > product_today() OR NEW.approved_on < NEW.received_on THEN
                PERFORM registry_refuse('appropriation_approved_in_time', '复核日期应在收文日期和今天之间');
            END IF;
            IF NOT funds_is_entered(NEW.entry_id, 'REGISTER', NEW.id, NULL, NEW.amount_yuan) THEN
                PERFORM registry_refuse('appropriation_entered_in_the_books', '记账凭证与资金文件不符');
            END IF;
        END IF;
    END IF;
    IF NEW.received_on > product_today() THEN
        PERFORM registry_refuse('appropriation_received_in_time', '收文日期不能晚于今天');
    END IF;
    IF NEW.amount_yuan < (SELECT coalesce(sum(amount_yuan), 0) FROM funds_carveout WHERE appropriation_id = NEW.id) THEN
        PERFORM registry_refuse('appropriation_holds_its_carve_outs', '金额不能少于已单列的重大任务');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON funds_appropriation FOR EACH ROW EXECUTE FUNCTION funds_appropriation_kept();
CREATE FUNCTION funds_carveout_within() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_document bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.appropriation_id ELSE NEW.appropriation_id END;
    document funds_appropriation%ROWTYPE;
BEGIN
    SELECT * INTO document FROM funds_appropriation WHERE id = of_document FOR UPDATE;
    IF EXISTS (SELECT FROM funds_scheme s WHERE s.appropriation_id = of_document AND s.status IN ('SUBMITTED', 'APPROVED')) THEN
        PERFORM registry_refuse('carveout_before_the_scheme', '方案已提交或定案，重大任务单列不能再改');
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.division <> document.division THEN
        PERFORM registry_refuse('carveout_of_its_document', '重大任务单列属于资金文件的区划');
    END IF;
    IF NEW.amount_yuan + (SELECT coalesce(sum(amount_yuan), 0) FROM funds_carveout WHERE appropriation_id = of_document)
            > document.amount_yuan THEN
        PERFORM registry_refuse('carveout_within_its_document', '重大任务单列之和不能超过文件金额');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER within BEFORE INSERT OR DELETE ON funds_carveout FOR EACH ROW EXECUTE FUNCTION funds_carveout_within();
CREATE FUNCTION funds_budget_level() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (CASE NEW.kind
        WHEN 'CENTRAL_TO_PROVINCE' THEN NEW.division % 10000000000 = 0
        WHEN 'PROVINCE' THEN NEW.division % 10000000000 = 0
        WHEN 'CITY' THEN NEW.division % 100000000 = 0 AND NEW.division % 10000000000 <> 0
        WHEN 'COUNTY' THEN NEW.division % 1000000 = 0 AND NEW.division % 100000000 <> 0
        ELSE NEW.division % 1000000 = 0 END) THEN
        PERFORM registry_refuse('annualbudget_of_its_level', '预算类别与区划的级别不符');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER of_its_level BEFORE INSERT OR UPDATE ON funds_annualbudget FOR EACH ROW EXECUTE FUNCTION funds_budget_level();
CREATE FUNCTION funds_factor_of_a_county() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.division % 1000000 <> 0 OR NEW.division % 100000000 = 0 OR NEW.data_on > product_today() THEN
        PERFORM registry_refuse('factorvalue_of_a_county', '因素值按县登记，数据日期不能晚于今天');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER of_a_county BEFORE INSERT ON funds_factorvalue FOR EACH ROW EXECUTE FUNCTION funds_factor_of_a_county();
"""

SCHEMES = """
CREATE FUNCTION funds_scheme_complete(of_scheme funds_scheme) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
    missing text;
BEGIN
    IF (SELECT coalesce(sum(weight), 0) FROM funds_schemeweight WHERE scheme_id = of_scheme.id) <> 1 THEN
        PERFORM registry_refuse('scheme_weights_add_up', '权重之和须为 1');
    END IF;
    IF NOT EXISTS (SELECT FROM funds_schemecounty WHERE scheme_id = of_scheme.id) THEN
        PERFORM registry_refuse('scheme_has_counties', '方案还没有参与分配的县');
    END IF;
    SELECT string_agg(d.name || k.title, '、' ORDER BY c.county_id, k.place, k.id) INTO missing
    FROM funds_schemecounty c
    JOIN funds_schemeweight w ON w.scheme_id = c.scheme_id AND w.weight > 0
    JOIN funds_factorkind k ON k.id = w.kind_id
    JOIN divisions_division d ON d.code = c.county_id
    WHERE c.scheme_id = of_scheme.id AND NOT EXISTS (
        SELECT FROM funds_factorvalue v
        WHERE v.division = c.county_id AND v.year = of_scheme.year AND v.kind_id = w.kind_id);
    IF missing IS NOT NULL THEN
        PERFORM registry_refuse('scheme_complete', '缺数据，补齐前不得定案：' || missing);
    END IF;
END
$$;
CREATE FUNCTION funds_scheme_steps() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    document funds_appropriation%ROWTYPE;
    set_apart numeric;
    shared numeric;
    rewarded numeric;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT * INTO document FROM funds_appropriation WHERE id = NEW.appropriation_id;
        IF NEW.status <> 'DRAFT' OR NEW.division <> document.division THEN
            PERFORM registry_refuse('scheme_begins_as_draft', '方案从试算开始，属于资金文件的区划');
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.status = 'APPROVED' THEN
        PERFORM registry_refuse('scheme_frozen', '已定案的方案不能改动');
    END IF;
    IF NOT (CASE OLD.status
        WHEN 'SUBMITTED' THEN NEW.status IN ('APPROVED', 'RETURNED')
        ELSE NEW.status IN (OLD.status, 'SUBMITTED') END) THEN
        PERFORM registry_refuse('scheme_step_by_step', '方案须先提交，再由另一人复核');
    END IF;
    IF NEW.appropriation_id <> OLD.appropriation_id OR NEW.division <> OLD.division
        OR NEW.entered_by_id IS DISTINCT FROM OLD.entered_by_id
        OR OLD.status = 'SUBMITTED' AND (NEW.year, NEW.unit_yuan, NEW.bonus_yuan, NEW.weights_document)
            IS DISTINCT FROM (OLD.year, OLD.unit_yuan, OLD.bonus_yuan, OLD.weights_document) THEN
        PERFORM registry_refuse('scheme_step_by_step', '已提交的方案不能改动，须先退回');
    END IF;
    IF NEW.status = OLD.status THEN
        RETURN NEW;
    END IF;
    SELECT * INTO document FROM funds_appropriation WHERE id = NEW.appropriation_id FOR UPDATE;
    IF NEW.status = 'SUBMITTED' THEN
        PERFORM funds_scheme_complete(NEW);
    ELSIF NEW.status = 'APPROVED' THEN
        IF NEW.approved_by_id IS DISTINCT FROM registry_actor() THEN
            PERFORM registry_refuse('funds_by_its_actor', '复核人须是登录的本人');
        END IF;
        IF document.approved_on IS NULL THEN
            PERFORM registry_refuse('scheme_of_an_approved_document', '资金文件还没有复核，方案不能定案');
        END IF;
        PERFORM funds_scheme_complete(NEW);
        SELECT coalesce(sum(amount_yuan), 0) INTO set_apart FROM funds_carveout WHERE appropriation_id = document.id;
        SELECT coalesce(sum(amount_yuan), 0), coalesce(sum(bonus_yuan), 0) INTO shared, rewarded
        FROM funds_schemeshare WHERE scheme_id = NEW.id;
        IF shared <> document.amount_yuan - set_apart - NEW.bonus_yuan OR rewarded <> NEW.bonus_yuan OR EXISTS (
            SELECT FROM funds_schemecounty c FULL JOIN (SELECT * FROM funds_schemeshare WHERE scheme_id = NEW.id) s
                ON s.division = c.county_id
            WHERE coalesce(c.scheme_id, NEW.id) = NEW.id AND (c.id IS NULL OR s.id IS NULL)
        ) THEN
            PERFORM registry_refuse('scheme_adds_up', '各县金额之和须等于切块池，奖励之和须等于奖励池，且一县不漏');
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER steps BEFORE INSERT OR UPDATE ON funds_scheme FOR EACH ROW EXECUTE FUNCTION funds_scheme_steps();
CREATE FUNCTION funds_scheme_open() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    parent funds_scheme%ROWTYPE;
BEGIN
    SELECT * INTO parent FROM funds_scheme
    WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.scheme_id ELSE NEW.scheme_id END FOR SHARE;
    IF parent.status NOT IN ('DRAFT', 'RETURNED') THEN
        PERFORM registry_refuse('scheme_frozen', '方案已提交或定案，权重和参与的县不能改动');
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.division <> parent.division OR TG_OP = 'UPDATE' AND NEW.scheme_id <> OLD.scheme_id THEN
        PERFORM registry_refuse('scheme_part_of_its_scheme', '权重和参与的县属于方案的区划');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER scheme_open BEFORE INSERT OR UPDATE OR DELETE ON funds_schemeweight
    FOR EACH ROW EXECUTE FUNCTION funds_scheme_open();
CREATE TRIGGER scheme_open BEFORE INSERT OR UPDATE OR DELETE ON funds_schemecounty
    FOR EACH ROW EXECUTE FUNCTION funds_scheme_open();
CREATE FUNCTION funds_share_frozen() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    parent funds_scheme%ROWTYPE;
BEGIN
    SELECT * INTO parent FROM funds_scheme WHERE id = NEW.scheme_id;
    IF TG_ARGV[0] = 'before' THEN
        IF parent.status <> 'SUBMITTED' OR parent.appropriation_id <> NEW.appropriation_id THEN
            PERFORM registry_refuse('schemeshare_at_approval', '分县金额在定案时写定');
        END IF;
    ELSIF parent.status <> 'APPROVED' THEN
        PERFORM registry_refuse('schemeshare_at_approval', '分县金额在定案时写定');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER at_approval BEFORE INSERT ON funds_schemeshare FOR EACH ROW EXECUTE FUNCTION funds_share_frozen('before');
CREATE CONSTRAINT TRIGGER of_an_approved AFTER INSERT ON funds_schemeshare DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION funds_share_frozen('after');
"""

ALLOTMENTS = """
CREATE FUNCTION funds_is_listed(at bigint, as_list text, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM funds_listeddivision l
        WHERE l.division = at AND l.listed_as = as_list AND l.since <= day AND (l.until IS NULL OR l.until > day))
$$;
CREATE FUNCTION funds_allotment_issued() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    document funds_appropriation%ROWTYPE;
    share funds_schemeshare%ROWTYPE;
    task funds_carveout%ROWTYPE;
BEGIN
    SELECT * INTO document FROM funds_appropriation WHERE id = NEW.appropriation_id;
    IF document.approved_on IS NULL THEN
        PERFORM registry_refuse('allotment_of_an_approved_document', '资金文件还没有复核，不能下达');
    END IF;
    IF NEW.division % 1000000 <> 0 OR NEW.division % 100000000 = 0 THEN
        PERFORM registry_refuse('allotment_to_a_county', '资金切块到县，下达的区划应是县');
    END IF;
    IF NEW.issued_on < document.issued_on OR NEW.issued_on > product_today() THEN
        PERFORM registry_refuse('allotment_issued_in_time', '下达日期应在文件日期和今天之间');
    END IF;
    IF NEW.passed_on IS NOT NULL OR NEW.received_on IS NOT NULL THEN
        PERFORM registry_refuse('allotment_level_by_level', '转下和到账由各级分别登记');
    END IF;
    IF NEW.via_city = funds_is_listed(NEW.division, 'PROVINCE_DIRECT', NEW.issued_on) THEN
        PERFORM registry_refuse('allotment_by_its_way', '省直管县不经市级，其他县经市级转下');
    END IF;
    IF NEW.source = 'SCHEME' THEN
        SELECT * INTO share FROM funds_schemeshare WHERE id = NEW.scheme_share_id;
        IF share.division <> NEW.division OR share.appropriation_id <> NEW.appropriation_id
            OR share.amount_yuan + share.bonus_yuan <> NEW.amount_yuan THEN
            PERFORM registry_refuse('allotment_as_shared_out', '下达金额须等于定案方案中该县的金额');
        END IF;
    ELSIF NEW.source = 'CARVE_OUT' THEN
        SELECT * INTO task FROM funds_carveout WHERE id = NEW.carve_out_id FOR UPDATE;
        IF task.appropriation_id <> NEW.appropriation_id OR task.amount_yuan < NEW.amount_yuan
            + (SELECT coalesce(sum(amount_yuan), 0) FROM funds_allotment WHERE carve_out_id = NEW.carve_out_id) THEN
            PERFORM registry_refuse('allotment_within_its_task', '下达之和不能超过该项重大任务的金额');
        END IF;
    ELSIF NEW.source = 'PROVINCE_PROJECT' AND NOT document.needs_prov_approval THEN
        PERFORM registry_refuse('allotment_without_approval', '切块资金由县审批，只有须省级审批的文件可按项目下达');
    END IF;
    IF NOT funds_is_entered(NEW.issue_entry_id, CASE NEW.source WHEN 'REDISTRIBUTION' THEN 'REDISTRIBUTE' ELSE 'ISSUE' END,
            NEW.appropriation_id, NEW.division, NEW.amount_yuan) THEN
        PERFORM registry_refuse('allotment_entered_in_the_books', '记账凭证与下达不符');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER issued BEFORE INSERT ON funds_allotment FOR EACH ROW EXECUTE FUNCTION funds_allotment_issued();
CREATE FUNCTION funds_allotment_on_its_way() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.passed_on IS NOT NULL AND (NEW.passed_on, NEW.passed_by_id, NEW.pass_entry_id)
            IS DISTINCT FROM (OLD.passed_on, OLD.passed_by_id, OLD.pass_entry_id)
        OR OLD.received_on IS NOT NULL
            AND (NEW.received_on, NEW.received_by_id, NEW.receive_entry_id)
                IS DISTINCT FROM (OLD.received_on, OLD.received_by_id, OLD.receive_entry_id) THEN
        PERFORM registry_refuse('allotment_once_a_level', '该级日期已登记，不能再改');
    END IF;
    IF NEW.passed_on > product_today() OR NEW.received_on > product_today() THEN
        PERFORM registry_refuse('allotment_issued_in_time', '日期不能晚于今天');
    END IF;
    IF OLD.passed_on IS NULL AND NEW.passed_on IS NOT NULL AND NEW.passed_by_id IS DISTINCT FROM registry_actor()
        OR OLD.received_on IS NULL AND NEW.received_on IS NOT NULL
            AND NEW.received_by_id IS DISTINCT FROM registry_actor() THEN
        PERFORM registry_refuse('funds_by_its_actor', '登记人须是登录的本人');
    END IF;
    IF OLD.passed_on IS NULL AND NEW.passed_on IS NOT NULL
            AND NOT funds_is_entered(NEW.pass_entry_id, 'PASS', NEW.appropriation_id, NEW.division, NEW.amount_yuan)
        OR OLD.received_on IS NULL AND NEW.received_on IS NOT NULL
            AND NOT funds_is_entered(NEW.receive_entry_id, 'RECEIVE', NEW.appropriation_id, NEW.division, NEW.amount_yuan)
    THEN
        PERFORM registry_refuse('allotment_entered_in_the_books', '记账凭证与下达不符');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER on_its_way BEFORE UPDATE ON funds_allotment FOR EACH ROW EXECUTE FUNCTION funds_allotment_on_its_way();
"""

FUNCTIONS = (
    "funds_signed()",
    "funds_is_entered(bigint, text, bigint, bigint, numeric)",
    "funds_appropriation_kept()",
    "funds_carveout_within()",
    "funds_budget_level()",
    "funds_factor_of_a_county()",
    "funds_scheme_steps()",
    "funds_scheme_complete(funds_scheme)",
    "funds_scheme_open()",
    "funds_share_frozen()",
    "funds_allotment_issued()",
    "funds_is_listed(bigint, text, date)",
    "funds_allotment_on_its_way()",
)
OPEN_TO_OFFICES = (("funds_appropriation", "approved_on IS NOT NULL"), ("funds_carveout", "true"))
"""A county reads the documents that its money came by; only the province writes them."""

KINDS = (
    ("POOR_POPULATION", "农村贫困人口", "UP", "人"),
    ("NET_INCOME", "农民人均纯收入", "DOWN", "元"),
    ("FISCAL_PER_HEAD", "人均地方财力", "DOWN", "元"),
    ("PERFORMANCE", "绩效考评结果", "UP", "分"),
)


def name_factors(apps, schema_editor):
    kind = apps.get_model("funds", "FactorKind")
    for place, (code, title, direction, unit) in enumerate(KINDS, start=1):
        kind.objects.using(schema_editor.connection.alias).create(
            code=code, title=title, direction=direction, unit=unit, document_no="实施意见第五条", place=place
        )


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0001_documents_and_schemes"),
        ("registry", "0034_measures_corrected"),
        ("accounts", "0003_today"),
    ]

    operations = [
        *scoped("funds_appropriation"),
        *scoped("funds_carveout", "SELECT, INSERT, DELETE"),
        *(
            migrations.RunSQL(
                f"CREATE POLICY offices ON {table} FOR SELECT USING ({which});",
                f"DROP POLICY offices ON {table};",
            )
            for table, which in OPEN_TO_OFFICES
        ),
        *scoped("funds_annualbudget"),
        *history("funds_annualbudgetevent"),
        *scoped("funds_listeddivision", "SELECT, INSERT, UPDATE (until)"),
        *scoped("funds_factorvalue", "SELECT, INSERT"),
        *scoped("funds_scheme"),
        *scoped("funds_schemeweight"),
        *history("funds_schemeweightevent"),
        *scoped("funds_schemecounty", "SELECT, INSERT, UPDATE, DELETE"),
        *scoped("funds_schemeshare", "SELECT, INSERT"),
        *scoped(
            "funds_allotment",
            "SELECT, INSERT, UPDATE (passed_on, passed_by_id, pass_entry_id, received_on, received_by_id, receive_entry_id)",
        ),
        *scoped("funds_lineaccount", "SELECT, INSERT"),
        same_division("funds_lineaccount", "account_id", "ledgers_account"),
        grant("funds_factorkind", "SELECT, INSERT", (*APPLICATION, "fupin_audit")),
        migrations.RunSQL(
            SIGNED + ENTERED + DOCUMENTS + SCHEMES + ALLOTMENTS,
            "".join(f"DROP FUNCTION {one} CASCADE;" for one in FUNCTIONS),
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER a_signed BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION funds_signed('{column}');",
                migrations.RunSQL.noop,
            )
            for table, column in SIGNED_ROWS
        ),
        migrations.RunPython(name_factors, migrations.RunPython.noop),
    ]

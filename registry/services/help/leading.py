"""Leaders' villages, three-in-one links and the staged plan of coverage (policy §18–§20)."""

from datetime import date

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.divisions.models import CountyProfile, Division
from fupin.policy.cites import cites
from registry.codes import UnitAffiliation
from registry.errors import HelpRefused
from registry.models import AssistPerson, CoverageStage, LeaderVillage, LinkActivity, ThreeInOneLink
from registry.models.help import Progress
from registry.reports.help.leading import income_of, is_in_key_county, poorest_villages
from registry.rules.help.doubling import is_reached, target
from registry.rules.help.terms import village_stays_until
from registry.services.help.refusing import clocks_changed, needed, spoken


def take_village(
    *, actor: User, person: AssistPerson, village: int, since: date, base_year: int, choice_reason: str = ""
) -> LeaderVillage:
    """Give a leader one village for five years; the base is the village's income per head of `base_year`, from its table.

    Raise HelpRefused where that year has no table, where the head of a provincial organ takes a village that is not the poorest of
    its county without saying why, or while he or the village is taken; Refused.
    """
    require(actor, "registry.assign_leader", at=village)
    base = income_of(village, base_year)
    if base is None:
        raise HelpRefused(f"该村没有 {base_year} 年度农民人均纯收入，请先填村表")
    leads_province_organ = person.heads_organ and person.organ.affiliation == UnitAffiliation.PROVINCE
    if leads_province_organ and not choice_reason.strip():
        _poorest_or_reason(village, base_year)
    with spoken():
        taken = LeaderVillage.objects.create(
            division_id=village,
            person=person,
            since=since,
            base_year=base_year,
            base_income=base,
            choice_reason=choice_reason.strip(),
            entered_by=actor,
        )
    clocks_changed("leader_village")
    note(object_key=f"leader_village/{taken.pk}", division=village, reason=choice_reason or None)
    return taken


@cites(
    "§19",
    "省直单位主要负责同志原则上在扶贫开发工作重点县选择一个农民人均纯收入最低的行政建制贫困村作为包村增收对象",
)
def _poorest_or_reason(village: int, year: int) -> None:
    """Raise HelpRefused where the village lies in no key county, or another of its county is poorer: then a reason is needed."""
    if not is_in_key_county(village):
        raise HelpRefused("省直单位主要负责同志原则上在扶贫开发工作重点县选村；选在其他县请说明理由")
    poorest = poorest_villages(village, year, most=1)
    if poorest and village != poorest[0].code:
        first = poorest[0]
        raise HelpRefused(
            f"原则上选重点县内农民人均纯收入最低的贫困村（{first.name}，{first.income} 元）；选择其他村请说明理由"
        )


def propose_adjustment(*, actor: User, taken: LeaderVillage, year: int, on: date) -> LeaderVillage:
    """Propose that a leader's task is done, by the village's table of a year; raise HelpRefused short of twice the base; Refused."""
    require(actor, "registry.assign_leader", at=taken.division_id)
    income = income_of(taken.division_id, year)
    if year <= taken.base_year or income is None or not is_reached(taken.base_income, income):
        goal = target(taken.base_income)
        raise HelpRefused(f"{year} 年度农民人均纯收入未达到目标 {goal:.2f} 元，一包五年不变，不能调整")
    with spoken():
        taken = LeaderVillage.objects.select_for_update(of=("self",)).get(pk=taken.pk)
        if taken.done_on is not None:
            raise HelpRefused("该包村任务已完成")
        taken.reached_year = year
        taken.reached_income = income
        taken.proposed_by = actor
        taken.proposed_on = on
        taken.save(update_fields=["reached_year", "reached_income", "proposed_by", "proposed_on"])
    note(object_key=f"leader_village/{taken.pk}", division=taken.division_id)
    return taken


def approve_adjustment(*, actor: User, taken: LeaderVillage, on: date) -> LeaderVillage:
    """Approve that the task is done, by another than who proposed it: from `on` the leader may take a new village.

    Raise HelpRefused where nothing was proposed; Refused.
    """
    require(
        actor, "registry.approve_leader_change", at=taken.division_id, not_entered_by=taken.proposed_by_id
    )
    with spoken():
        taken = LeaderVillage.objects.select_for_update(of=("self",)).get(pk=taken.pk)
        if taken.proposed_by_id is None or taken.done_on is not None:
            raise HelpRefused("没有待批准的调整")
        taken.approved_by = actor
        taken.done_on = on
        taken.save(update_fields=["approved_by", "done_on"])
    clocks_changed("leader_village")
    note(object_key=f"leader_village/{taken.pk}", division=taken.division_id)
    return taken


@cites("§19", "提前完成包村增收目标任务的，包村领导干部可提出调整新的包扶村")
def hand_over(
    *,
    actor: User,
    taken: LeaderVillage,
    village: int,
    since: date,
    base_year: int,
    choice_reason: str = "",
) -> LeaderVillage:
    """Give a leader whose task was done early his new village, for five years anew.

    Raise HelpRefused while the former is not done and approved, where its five years were over by then, for a day before it was
    done, and for what `take_village` refuses; Refused.
    """
    if taken.done_on is None:
        raise HelpRefused("一包五年不变：翻番提前完成并经批准后，才能调整到新的村")
    if taken.done_on >= village_stays_until(taken.since):
        raise HelpRefused("五年已满才完成的，按期满另行安排，不属提前完成的调整")
    if since < taken.done_on:
        raise HelpRefused(f"新村起日不应早于原村完成日期 {taken.done_on}")
    return take_village(
        actor=actor,
        person=taken.person,
        village=village,
        since=since,
        base_year=base_year,
        choice_reason=choice_reason,
    )


def link_county(
    *,
    actor: User,
    county: int,
    leader: AssistPerson | None,
    enterprise: str,
    enterprise_code: str,
    village: Division | None,
    since: date,
) -> ThreeInOneLink:
    """Put down the link of a national poor county; parts not known yet are left empty and alarmed. Raise HelpRefused, Refused."""
    require(actor, "registry.link_counties", at=county)
    if not CountyProfile.objects.filter(pk=county, is_national_poor=True).exists():
        raise HelpRefused("“三合一”联系只设在 36 个国定贫困县")
    with spoken():
        link = ThreeInOneLink.objects.create(
            division_id=county,
            leader=leader,
            enterprise=enterprise.strip(),
            enterprise_code=enterprise_code.strip(),
            village=village,
            since=since,
            entered_by=actor,
        )
    note(object_key=f"three_in_one/{link.pk}", division=county)
    return link


def change_link(
    *,
    actor: User,
    link: ThreeInOneLink,
    leader: AssistPerson | None,
    enterprise: str,
    enterprise_code: str,
    village: Division | None,
    until: date | None,
) -> ThreeInOneLink:
    """Fill in or change the parts of a link, or end it; raise HelpRefused, Refused."""
    require(actor, "registry.link_counties", at=link.division_id)
    with spoken():
        link = ThreeInOneLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        link.leader = leader
        link.enterprise = enterprise.strip()
        link.enterprise_code = enterprise_code.strip()
        link.village = village
        link.until = until
        link.save(update_fields=["leader", "enterprise", "enterprise_code", "village", "until"])
    note(object_key=f"three_in_one/{link.pk}", division=link.division_id)
    return link


def log_activity(
    *,
    actor: User,
    link: ThreeInOneLink,
    on: date,
    kind: str,
    content: str,
    progress: str = Progress.NONE,
    due_on: date | None = None,
) -> LinkActivity:
    """Put down what a provincial leader did for his county, or which problem was raised; raise HelpRefused, Refused."""
    require(actor, "registry.link_counties", at=link.division_id)
    with spoken():
        activity = LinkActivity.objects.create(
            division_id=link.division_id,
            link=link,
            on=on,
            kind=kind,
            content=needed(content, "内容"),
            progress=progress,
            due_on=due_on,
            solved_on=on if progress == Progress.SOLVED else None,
            entered_by=actor,
        )
    clocks_changed("link_problem")
    note(object_key=f"three_in_one/{link.pk}", division=link.division_id)
    return activity


def move_problem(*, actor: User, activity: LinkActivity, progress: str, on: date) -> LinkActivity:
    """Put down how far a problem is dealt with; raise HelpRefused, Refused."""
    require(actor, "registry.link_counties", at=activity.division_id)
    with spoken():
        activity.progress = progress
        activity.solved_on = on if progress == Progress.SOLVED else None
        activity.save(update_fields=["progress", "solved_on"])
    clocks_changed("link_problem")
    note(object_key=f"three_in_one/{activity.link_id}", division=activity.division_id)
    return activity


def plan_coverage(
    *, actor: User, county: int, number: int, due_on: date, villages: int, households: int, document: str = ""
) -> CoverageStage:
    """Plan a stage by which so many poor villages have a team and so many households somebody answerable; HelpRefused, Refused."""
    require(actor, "registry.assign_help", at=county)
    with spoken():
        stage = CoverageStage.objects.create(
            division_id=county,
            number=number,
            due_on=due_on,
            villages=villages,
            households=households,
            document=document.strip(),
            entered_by=actor,
        )
    note(object_key=f"coverage/{county}/{number}", division=county)
    return stage

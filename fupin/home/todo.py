"""What waits for a person: a line for each kind of work that he may do, each opening the list of its rows.

An app's lines stand here because home is the one room that knows all apps. A line counts only what its list
will show.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.utils import timezone

from fupin.accounts.models import Post, User
from fupin.accounts.permissions import may
from fupin.deadlines.models import Clock, Reminder
from fupin.deadlines.rules import Colour, day_of
from fupin.divisions.models import Division
from fupin.home.navigation import address
from fupin.jobs.models import Job, JobStatus
from fupin.notices.models import DraftStatus, NoticeDraft, Objection
from fupin.sheets import approvals
from registry.codes import HouseholdStatus
from registry.models import (
    CorrectionSlip,
    DuplicateTicket,
    FormDraft,
    HouseholdYear,
    MovingProposal,
    VillageYear,
)
from registry.models.correction import SlipStatus
from registry.reports.cases import waiting_for
from registry.reports.help.gaps import Gap, missing
from registry.reports.help.waiting import to_stop, waiting_for_effect
from registry.reports.matching import waiting_hits
from registry.reports.transfers import unanswered
from registry.reports.years import entry_year


@dataclass(frozen=True, slots=True)
class Todo:
    """A line of the to-do list; ``url`` is empty until the page behind it exists."""

    label: str
    count: int
    unit: str
    url: str
    hint: str


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of work: who may do it, how many wait for him, and where they are listed."""

    permission: str
    label: str
    unit: str
    hint: str
    page: str
    query: Callable[[int], dict[str, object]]
    count: Callable[[User, int], int]


def todos(user: User) -> list[Todo]:
    """Return what waits for the user under his present post; lines with nothing waiting are left out."""
    return [todo for todo in _todos(user) if todo.count]


def _todos(user: User) -> Iterator[Todo]:
    sources = [source for source in SOURCES if not source.permission or may(user, source.permission)]
    year = entry_year()
    for source in sources:
        page = address(source.page)
        query = urlencode(source.query(year))
        url = f"{page}?{query}" if page and query else page
        yield Todo(source.label, source.count(user, year), source.unit, url, source.hint)


def _drafts(user: User, year: int) -> int:
    return FormDraft.objects.filter(author=user).count()


def _unfinished_households(user: User, year: int) -> int:
    cards = HouseholdYear.objects.visible_to(user).filter(year=year)
    return cards.filter(household__status=HouseholdStatus.DRAFT).count()


def _open_remarks(user: User, year: int) -> int:
    return HouseholdYear.objects.visible_to(user).filter(year=year, open_remarks__gt=0).count()


def _slips_to_decide(user: User, year: int) -> int:
    slips = CorrectionSlip.objects.visible_to(user).filter(status=SlipStatus.PROPOSED)
    return slips.exclude(made_by=user).count()


def _moves_to_answer(user: User, year: int) -> int:
    if user.post is None:
        return 0
    return MovingProposal.objects.coming(user.post.division_id).open().count()


def _moves_asked(user: User, year: int) -> int:
    if user.post is None:
        return 0
    return MovingProposal.objects.leaving(user.post.division_id).open().count()


def _exports_to_approve(user: User, year: int) -> int:
    return approvals.to_decide(user, timezone.now()).count()


def _exports_to_start(user: User, year: int) -> int:
    return approvals.to_start(user, timezone.now()).count()


def _cases_in_turn(user: User, year: int) -> int:
    return waiting_for(user).count()


def _slips_made(user: User, year: int) -> int:
    return CorrectionSlip.objects.visible_to(user).filter(status=SlipStatus.PROPOSED, made_by=user).count()


def _villages_without_table(user: User, year: int) -> int:
    if user.post is None:
        return 0
    cards = HouseholdYear.objects.filter(division_id=OuterRef("code"), year=year)
    tables = VillageYear.objects.filter(division_id=OuterRef("code"), year=year)
    villages = Division.objects.within(user.post.division_id).administrative_villages()
    return villages.filter(Exists(cards), ~Exists(tables)).count()


def _open_jobs(user: User, year: int) -> int:
    return Job.objects.filter(requested_by=user, status__in=[JobStatus.QUEUED, JobStatus.RUNNING]).count()


def _posts_to_approve(user: User, year: int) -> int:
    waiting = Post.objects.filter(approved_by__isnull=True, revoked_at__isnull=True)
    return waiting.exclude(granted_by=user).exclude(user=user).count()


def _reminders(user: User, year: int) -> int:
    return Reminder.objects.of(user).waiting().count()


def _mine(colour: Colour) -> Callable[[User, int], int]:
    def count(user: User, year: int) -> int:
        if user.post is None:
            return 0
        clocks = Clock.objects.visible_to(user).running().answered_by(user.post)
        return clocks.in_colour(colour, day_of(timezone.now())).count()

    return count


def _today_only(year: int) -> dict[str, object]:
    today = day_of(timezone.now())
    return {"mine": 1, "state": "running", "since": today, "until": today}


def _mine_today(user: User, year: int) -> int:
    if user.post is None:
        return 0
    clocks = Clock.objects.visible_to(user).running().answered_by(user.post)
    return clocks.filter(due_on=day_of(timezone.now())).count()


def _objections(user: User, year: int) -> int:
    return Objection.objects.visible_to(user).open().count()


def _drafts_to_post(user: User, year: int) -> int:
    return NoticeDraft.objects.visible_to(user).filter(status=DraftStatus.DRAFT).count()


def _effects_waiting(user: User, year: int) -> int:
    return waiting_for_effect(user, day_of(timezone.now())).count()


def _to_stop(user: User, year: int) -> int:
    return to_stop(user, day_of(timezone.now())).count()


def _hits_waiting(user: User, year: int) -> int:
    return waiting_hits(user)


def _transfers_waiting(user: User, year: int) -> int:
    return unanswered(user)


def _duplicates(user: User, year: int) -> int:
    return DuplicateTicket.objects.visible_to(user).open().count()


def _nothing(year: int) -> dict[str, object]:
    return {}


SOURCES = (
    Source(
        permission="registry.take_step",
        label="等我办的识别、退出档案",
        unit="份",
        hint="轮到您的岗位办下一步",
        page="case_list",
        query=lambda year: {"state": "mine"},
        count=_cases_in_turn,
    ),
    Source(
        permission="deadlines.view",
        label="由我负责、已经逾期的",
        unit="项",
        hint="逾期满规定天数报上级",
        page="deadline_list",
        query=lambda year: {"mine": 1, "colour": Colour.RED.value},
        count=_mine(Colour.RED),
    ),
    Source(
        permission="deadlines.view",
        label="由我负责、今天到期的",
        unit="项",
        hint="今天 24:00 前办结仍算按时",
        page="deadline_list",
        query=_today_only,
        count=_mine_today,
    ),
    Source(
        permission="deadlines.view",
        label="由我负责、今天起 3 天内到期的",
        unit="项",
        hint="到期日当天办结仍算按时",
        page="deadline_list",
        query=lambda year: {"mine": 1, "colour": Colour.ORANGE.value},
        count=_mine(Colour.ORANGE),
    ),
    Source(
        permission="deadlines.be_reminded",
        label="没有看过的提醒",
        unit="条",
        hint="将到期、到期、逾期、报上级各提醒一次",
        page="reminder_list",
        query=_nothing,
        count=_reminders,
    ),
    Source(
        permission="registry.approve_correction",
        label="等我审核的更正单",
        unit="张",
        hint="已关账年度的更正须由另一人审核",
        page="correction_list",
        query=lambda year: {"status": SlipStatus.PROPOSED.value},
        count=_slips_to_decide,
    ),
    Source(
        permission="registry.accept_move",
        label="外县商请迁入、等我县答复的",
        unit="户",
        hint="过了答复期限须由对方重新商请",
        page="moving_list",
        query=lambda year: {"list": "coming"},
        count=_moves_to_answer,
    ),
    Source(
        permission="notices.handle_objection",
        label="没有办结的异议",
        unit="件",
        hint="5 日内受理，受理后 10 日内办结；办结前所涉的户不能进入下一步",
        page="objection_list",
        query=_nothing,
        count=_objections,
    ),
    Source(
        permission="notices.post",
        label="等着张贴的公示稿",
        unit="件",
        hint="打印、张贴，回传照片后公开",
        page="notice_list",
        query=lambda year: {"tab": "drafts"},
        count=_drafts_to_post,
    ),
    Source(
        permission="registry.decide_hit",
        label="等着核实的比对结果",
        unit="条",
        hint="核实办结前，县级复审不能通过",
        page="hit_list",
        query=lambda year: {"state": "OPEN"},
        count=_hits_waiting,
    ),
    Source(
        permission="registry.answer_transfer",
        label="等着回执的移送户",
        unit="户",
        hint="逐户填纳入低保、五保或不符合的原因",
        page="transfer_list",
        query=lambda year: {"state": "waiting"},
        count=_transfers_waiting,
    ),
    Source(
        permission="accounts.approve_post",
        label="等我批准的岗位",
        unit="个",
        hint="授予人与批准人不能是同一人",
        page="post_list",
        query=lambda year: {"state": "waiting"},
        count=_posts_to_approve,
    ),
    Source(
        permission="sheets.approve_export",
        label="等我审批的导出",
        unit="件",
        hint="涉及 500 人以上的文件须由另一人审批，7 天内有效",
        page="export_approval_list",
        query=lambda year: {"list": "waiting"},
        count=_exports_to_approve,
    ),
    Source(
        permission="sheets.export",
        label="已经批准、还没有导出的文件",
        unit="件",
        hint="过了有效期须重新申请",
        page="export_approval_list",
        query=lambda year: {"list": "mine"},
        count=_exports_to_start,
    ),
    Source(
        permission="registry.enter_household",
        label="我没有填完的表",
        unit="份",
        hint="草稿随填随存，接着填就是",
        page="draft_list",
        query=_nothing,
        count=_drafts,
    ),
    Source(
        permission="registry.change_household",
        label="还是草稿的户",
        unit="户",
        hint="补齐户卡后再走识别程序",
        page="household_list",
        query=lambda year: {"year": year, "status": HouseholdStatus.DRAFT.value},
        count=_unfinished_households,
    ),
    Source(
        permission="registry.change_household",
        label="有提示待说明的户卡",
        unit="户",
        hint="改正，或说明理由",
        page="household_list",
        query=lambda year: {"year": year, "remarks": 1},
        count=_open_remarks,
    ),
    Source(
        permission="registry.change_help",
        label="满一年没有成效的措施",
        unit="项",
        hint="成效须由农户确认",
        page="help_lists",
        query=lambda year: {"list": "effect"},
        count=_effects_waiting,
    ),
    Source(
        permission="registry.change_help",
        label="没有帮扶责任人的在册户",
        unit="户",
        hint="每户都应有责任人，由乡镇、县安排",
        page="help_gaps",
        query=lambda year: {"gap": Gap.PERSON.value},
        count=lambda user, year: missing(Gap.PERSON, user, year).count(),
    ),
    Source(
        permission="registry.stop_help",
        label="已退出户应停的帮扶",
        unit="项",
        hint="逐项停付，或按合同办结并写明理由",
        page="help_lists",
        query=lambda year: {"list": "stop"},
        count=_to_stop,
    ),
    Source(
        permission="registry.settle_duplicate",
        label="疑似重复、等着核查的户",
        unit="对",
        hint="逐对看两张卡，写明结论；结论可以撤回",
        page="duplicate_list",
        query=_nothing,
        count=_duplicates,
    ),
    Source(
        permission="registry.change_village",
        label="有户卡而没有村表的村",
        unit="个村",
        hint="村表与户卡应当同年齐备",
        page="village_list",
        query=lambda year: {"year": year, "table": "missing"},
        count=_villages_without_table,
    ),
    Source(
        permission="registry.correct_card",
        label="我提出、还没有审核的更正单",
        unit="张",
        hint="县扶贫办审核后生效",
        page="correction_list",
        query=lambda year: {"status": SlipStatus.PROPOSED.value, "mine": 1},
        count=_slips_made,
    ),
    Source(
        permission="registry.propose_move",
        label="我县商请迁出、还没有答复的",
        unit="户",
        hint="对方同意前户卡不变；逾期的撤回或重新商请",
        page="moving_list",
        query=lambda year: {"list": "leaving"},
        count=_moves_asked,
    ),
    Source(
        permission="",
        label="正在进行的后台任务",
        unit="项",
        hint="可看进度，可取消",
        page="job_list",
        query=_nothing,
        count=_open_jobs,
    ),
)

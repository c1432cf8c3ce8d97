"""Cases taken step by step: set by set, but through the table of steps, so that the database's triggers see each of them."""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile

from fupin.accounts.models import User
from fupin.notices.models import Notice
from fupin.notices.services.posting import post
from registry.models import Case, CasePaper, CaseStep, Household, Round, Village
from registry.rules.procedure import FILED, Evidence, Track, Transition
from registry.rules.transitions import find
from registry.seeding.chance import whole
from registry.seeding.offices import acting
from registry.seeding.photograph import photograph
from registry.services.listing import draw_up_list
from registry.services.papers import KeptPaper, keep

BOARD: Final = {True: "村委会公示栏", False: "镇政府公示栏"}


class Walk:
    """Opens cases and takes their steps, the same step for many cases at once; each row passes every trigger of its table."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._paper = 0
        self._kept: dict[str, KeptPaper] = {}

    def open(
        self,
        things: Sequence[Household | Village],
        track: Track,
        in_round: Round | None,
        *,
        by: User,
        on: date,
    ) -> list[Case]:
        """Open the cases of households or villages, in the order given, and return them with their status."""
        cases = [
            Case(
                division_id=thing.division_id,
                track=track,
                round=in_round,
                household=thing if isinstance(thing, Household) else None,
                village=thing if isinstance(thing, Village) else None,
                opened_by=by,
                opened_on=on,
            )
            for thing in things
        ]
        with acting(by):
            made = Case.objects.bulk_create(cases)
        found = Case.objects.select_related("household", "village", "round", "division")
        return list(found.filter(pk__in=[case.pk for case in made]).order_by("pk"))

    def step(
        self,
        cases: Sequence[Case],
        name: str,
        *,
        by: User,
        on: date,
        target: str | None = None,
        opinion: str = "情况属实",
        cause: str = "",
    ) -> None:
        """Take a step of cases that all stand at the same place; the notice that it rests on is posted first."""
        if not cases:
            return
        first = cases[0]
        rule = find(first.track, first.status, name, target)
        if rule is None or by.post is None:
            raise ValueError(f"{name} is no step from {first.status}")
        if rule.opens_notice:
            self.hang(cases, rule.target, by=by, on=on)
        votes = self._votes(name) if rule.votes else (None, None, None)
        papers = self._papers(rule, opinion, votes)
        with acting(by):
            CasePaper.objects.bulk_create(
                CasePaper(
                    division_id=case.division_id,
                    case=case,
                    number=0,
                    kind=scan.kind,
                    file=scan.name,
                    content_type=scan.content_type,
                    size=scan.size,
                    sha256=scan.sha256,
                    uploaded_by=by,
                )
                for case in cases
                for scan in self._scans(rule)
            )
            CaseStep.objects.bulk_create(
                CaseStep(
                    division_id=case.division_id,
                    case=case,
                    number=0,
                    name=rule.name,
                    source=rule.source,
                    target=rule.target,
                    on=on,
                    actor=by,
                    role=by.post.role,
                    opinion=opinion,
                    cause=cause,
                    evidence=papers,
                    representatives=votes[0],
                    attending=votes[1],
                    in_favour=votes[2],
                )
                for case in cases
            )
        for case in cases:
            case.status = rule.target

    def hang(self, cases: Sequence[Case], state: str, *, by: User, on: date) -> Notice:
        """Draw up and post the notice by which cases of one village come to a state, with its photograph."""
        with acting(by):
            draft = draw_up_list(actor=by, cases=cases, state=state, on=on)
            return post(
                actor=by,
                draft=draft,
                place=BOARD[by.post is not None and by.post.division_id % 1000 != 0],
                photo=SimpleUploadedFile("notice.png", photograph(self._rng)),
                photographed_on=on,
                on=on,
                today=on,
            )

    def _scans(self, rule: Transition) -> list[KeptPaper]:
        """Return the files that a step is proved by: one of each kind lies in the store, for all cases alike."""
        for kind in sorted(rule.evidence & FILED):
            if kind not in self._kept:
                upload = SimpleUploadedFile("paper.png", photograph(self._rng))
                self._kept[kind] = keep({kind: [upload]})[0]
        return [self._kept[kind] for kind in sorted(rule.evidence & FILED)]

    def _votes(self, name: str) -> tuple[int, int, int]:
        """Return 应到, 实到, 同意: quorate, and in favour unless the step votes down."""
        representatives = whole(self._rng, 24, 60)
        attending = whole(self._rng, representatives * 3 // 4, representatives)
        if name == "vote_down":
            return representatives, attending, whole(self._rng, attending // 5, attending * 2 // 5)
        return representatives, attending, whole(self._rng, attending * 3 // 4, attending)

    def _papers(
        self, rule: Transition, opinion: str, votes: tuple[int | None, int | None, int | None]
    ) -> list[dict[str, str]]:
        self._paper += 1
        said = {
            Evidence.OPINION: opinion,
            Evidence.VOTES: f"应到 {votes[0]}，实到 {votes[1]}，同意 {votes[2]}",
        }
        return [
            {"kind": str(kind), "note": said.get(kind, f"演示卷第 {self._paper} 号")}
            for kind in sorted(rule.evidence)
        ]

"""Open a case and take its steps. What is allowed is decided by the database; here it is asked, told and, where it can be, foreseen."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from fupin.accounts.audit import note
from fupin.accounts.constraints import message_of, name_of, said_by_database
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from fupin.policy.standards import poverty_line
from registry.errors import StepRefused
from registry.models import Case, CaseStep, Household, HouseholdYear, Round, Village
from registry.reports.cards import read_card
from registry.rules.exit_conditions import exit_refusals
from registry.rules.findings import errors_in
from registry.rules.procedure import Evidence, Track, Transition
from registry.rules.transitions import find
from registry.services.attachments import Upload
from registry.services.checking import findings_of
from registry.services.papers import KeptPaper, attach, discard, keep
from registry.services.stored import load_stored

_REFUSALS = ("step_", "case_", "paper_")


@dataclass(frozen=True, slots=True)
class Votes:
    """What a meeting of the village's representatives came to."""

    representatives: int
    attending: int
    in_favour: int

    def __str__(self) -> str:
        return f"应到 {self.representatives}，实到 {self.attending}，同意 {self.in_favour}"


@dataclass(frozen=True, slots=True)
class StepGiven:
    """What is given for a step: its name, where it leads if there is a choice, the day, and what proves it by kind."""

    name: str
    on: date
    target: str = ""
    opinion: str = ""
    cause: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Sequence[Upload]] = field(default_factory=dict)
    votes: Votes | None = None

    def papers(self) -> list[dict[str, str]]:
        """Return the evidence as it is kept; opinion and votes stand for themselves, of files it says how many there are."""
        given = {kind: text.strip() for kind, text in self.evidence.items() if text.strip()}
        for kind, uploads in self.files.items():
            if uploads:
                given.setdefault(kind, f"附件 {len(uploads)} 件")
        if self.opinion.strip():
            given.setdefault(Evidence.OPINION, self.opinion.strip())
        if self.votes is not None:
            given.setdefault(Evidence.VOTES, str(self.votes))
        return [{"kind": str(kind), "note": text} for kind, text in given.items()]


@transaction.atomic
def open_case(
    *,
    actor: User,
    household: Household | None = None,
    village: Village | None = None,
    track: str,
    in_round: Round | None,
    on: date,
) -> Case:
    """Open the file of a household or village; it stands where they stand. Raise StepRefused, Refused."""
    thing = household or village
    if thing is None:
        raise TypeError("a case belongs to a household or a village")
    require(actor, "registry.open_case", at=thing.division_id)
    case = Case(
        division_id=thing.division_id,
        track=track,
        round=in_round,
        household=household,
        village=village,
        opened_by=actor,
        opened_on=on,
    )
    with _told():
        case.save(force_insert=True)
    case.refresh_from_db()
    note(object_key=case.number, division=case.division_id)
    return case


@dataclass(frozen=True, slots=True)
class Opening:
    """What became of households whose cases were to be opened: the cases, and why the others have none."""

    opened: Sequence[Case]
    refused: Sequence[tuple[Household, str]]


def open_cases(*, actor: User, households: Sequence[Household], in_round: Round, on: date) -> Opening:
    """Open the file of each of several households that want to come onto the register, each for itself."""
    opened: list[Case] = []
    refused: list[tuple[Household, str]] = []
    for household in households:
        try:
            case = open_case(actor=actor, household=household, track=Track.ENTRY, in_round=in_round, on=on)
        except StepRefused as refusal:
            refused.append((household, str(refusal)))
        else:
            opened.append(case)
    return Opening(opened, refused)


def take_step(*, actor: User, case: Case, given: StepGiven) -> CaseStep:
    """Take one step of a case and return it; case, household or village stand at its target then, its files lie with it.

    Raise StepRefused with the reason, CardRefused where an application rests on a card with errors, Refused.
    """
    kept = keep(given.files)
    try:
        return _take(actor, case, given, kept)
    except BaseException:
        discard(kept)
        raise


@transaction.atomic
def _take(actor: User, case: Case, given: StepGiven, kept: Sequence[KeptPaper]) -> CaseStep:
    require(actor, "registry.take_step", at=case.division_id)
    _lock(case)
    case.refresh_from_db()
    step = find(case.track, case.status, given.name, given.target or None)
    if step is None:
        raise StepRefused("现在的状态不能办这一步：程序不得跳级或倒退")
    _foreseen(case, step, given)
    assert actor.post is not None  # noqa: S101  (`require` saw it)
    taken = CaseStep(
        division_id=case.division_id,
        case=case,
        number=0,
        name=step.name,
        source=step.source,
        target=step.target,
        on=given.on,
        actor=actor,
        role=actor.post.role,
        opinion=given.opinion.strip(),
        cause=given.cause,
        evidence=given.papers(),
        **_counted(given.votes),
    )
    with _told():
        attach(actor, case, kept)
        taken.save(force_insert=True)
    taken.refresh_from_db()
    case.refresh_from_db()
    note(
        object_key=case.number,
        division=case.division_id,
        reason=given.opinion,
        detail={"step": step.name, "to": step.target},
    )
    return taken


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of a step that was asked for several cases: those that took it, and why the others did not."""

    taken: Sequence[Case]
    refused: Sequence[tuple[Case, str]]


def take_steps(*, actor: User, cases: Sequence[Case], given: StepGiven) -> Batch:
    """Take the same step of several cases, each for itself: what one is refused does not hold the others up.

    The files are stored once and prove each of them.
    """
    taken: list[Case] = []
    refused: list[tuple[Case, str]] = []
    kept = keep(given.files)
    try:
        for case in cases:
            try:
                _take(actor, case, given, kept)
            except StepRefused as refusal:
                refused.append((case, str(refusal)))
            else:
                taken.append(case)
    finally:
        if not taken:
            discard(kept)
    return Batch(taken, refused)


def _lock(case: Case) -> None:
    """Take the household or village first, as whoever changes a card does, so that nobody waits for the other."""
    model: Any = Household if case.household_id else Village
    model.objects.select_for_update(of=("self",)).get(pk=case.household_id or case.village_id)


def _counted(votes: Votes | None) -> dict[str, int]:
    if votes is None:
        return {}
    return {
        "representatives": votes.representatives,
        "attending": votes.attending,
        "in_favour": votes.in_favour,
    }


def _foreseen(case: Case, step: Transition, given: StepGiven) -> None:
    """Raise what the card alone forbids, with every reason at once; the rest is the database's."""
    if case.household_id is None or case.round is None:
        return
    if step.name.startswith("apply"):
        _card_without_errors(case, given.on)
    elif step.name == "confirm_exit":
        line = poverty_line(case.round.income_year).amount
        if refusals := exit_refusals(read_card(card_of(case)), line=line):
            raise StepRefused("；".join(f"{one.message}（{one.rule}）" for one in refusals))


def card_of(case: Case) -> HouseholdYear:
    """Return the card that a household's case is decided on: that of the income's year, without a round the latest."""
    cards = HouseholdYear.objects.filter(household=case.household).select_related("household")
    if case.round is not None:
        cards = cards.filter(year=case.round.income_year)
    card = cards.order_by("-year").first()
    if card is None:
        raise StepRefused(f"没有 {case.round.income_year if case.round else ''} 年度户卡，请先录入")
    return card


def _card_without_errors(case: Case, on: date) -> None:
    """An application rests on a card that is complete and breaks no rule of level E (procedures §4.2)."""
    row = card_of(case)
    card = read_card(row)
    if not card.income.complete:
        raise StepRefused("收入没有采集齐，不能受理申请")
    stored = load_stored(row.household, row.year)
    checked_on = max(on, row.fill_date or on)
    findings = findings_of(
        card, village=case.division_id, on=checked_on, household=row.household, stored=stored.numbers
    )
    if errors := errors_in(findings):
        raise StepRefused("户卡有错误：" + "；".join(one.message for one in errors))


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the database refuses into what it says of it."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as violation:
        name = name_of(violation)
        said = said_by_database(violation) if name.startswith(_REFUSALS) else ""
        message = message_of(violation) or said
        if not message:
            raise
        raise StepRefused(message) from violation

"""Measures: put down with whom they are for, delivered, their effect recorded, and ended for those who left (policy §2, §3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pghistory

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from registry.errors import HelpRefused
from registry.models import (
    AssistEffect,
    AssistMeasure,
    AssistPerson,
    AssistPlan,
    Household,
    MeasureDelivery,
    MeasureRecipient,
    Member,
)
from registry.models.help import DeliveredBy, Stop
from registry.services.help.refusing import clocks_changed, needed, not_future, spoken


@dataclass(frozen=True, slots=True)
class For:
    """A household, or one of its members, whom a measure is for: how much is to come and until when it runs."""

    household: Household
    member: Member | None = None
    amount: Decimal | None = None
    runs_until: date | None = None


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """What was done on a day, with whose money, and who answers for it."""

    on: date
    kind: str
    content: str
    person: AssistPerson
    money_source: str = ""
    amount: Decimal | None = None
    project_no: str = ""
    led_by: str = ""
    plan: AssistPlan | None = None


def put_down_measure(
    *, actor: User, village: int, facts: MeasureFacts, recipients: Sequence[For] = (), today: date
) -> AssistMeasure:
    """Put down a measure and whom it is for; without recipients it stands as 未到户.

    Raise HelpRefused for a household that is not on the register, or that had left it by then; Refused.
    """
    require(actor, "registry.change_help", at=village)
    not_future(facts.on, today, "措施日期")
    if facts.amount is not None and sum((one.amount or Decimal(0)) for one in recipients) > facts.amount:
        raise HelpRefused("各户应到金额之和超过措施金额")
    with spoken():
        measure = AssistMeasure.objects.create(
            division_id=village,
            plan=facts.plan,
            on=facts.on,
            kind=facts.kind,
            content=needed(facts.content, "措施内容"),
            money_source=facts.money_source.strip(),
            amount=facts.amount,
            project_no=facts.project_no.strip(),
            led_by=facts.led_by.strip(),
            person=facts.person,
            entered_by=actor,
        )
        for one in recipients:
            _add(measure, one)
    clocks_changed("effect", "no_measure")
    note(object_key=f"assist_measure/{measure.pk}", division=village)
    return measure


def _add(measure: AssistMeasure, given: For) -> MeasureRecipient:
    return MeasureRecipient.objects.create(
        division_id=given.household.division_id,
        measure=measure,
        household=given.household,
        member=given.member,
        amount=given.amount,
        runs_until=given.runs_until,
    )


def add_recipient(*, actor: User, measure: AssistMeasure, given: For) -> MeasureRecipient:
    """Add a household to whom a measure is for; raise HelpRefused where it has left or is on the list already; Refused."""
    require(actor, "registry.change_help", at=measure.division_id)
    if measure.withdrawn_on is not None:
        raise HelpRefused("该措施已作废")
    with spoken():
        recipient = _add(measure, given)
    clocks_changed("effect", "no_measure")
    note(object_key=given.household.household_no, division=measure.division_id)
    return recipient


def correct_measure(
    *, actor: User, measure: AssistMeasure, facts: MeasureFacts, reason: str, today: date
) -> AssistMeasure:
    """Correct what was put down of a measure, for a reason; what stood there before stays in its history.

    Raise HelpRefused where it was withdrawn, nothing changes, or what was delivered and came of it no longer fits; Refused.
    """
    require(actor, "registry.change_help", at=measure.division_id)
    not_future(facts.on, today, "措施日期")
    with pghistory.context(reason=needed(reason, "更正原因")), spoken():
        measure = AssistMeasure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
        wanted = {
            "on": facts.on,
            "kind": facts.kind,
            "content": needed(facts.content, "措施内容"),
            "money_source": facts.money_source.strip(),
            "amount": facts.amount,
            "project_no": facts.project_no.strip(),
            "led_by": facts.led_by.strip(),
            "person": facts.person,
        }
        changed = [name for name, value in wanted.items() if getattr(measure, name) != value]
        if not changed:
            raise HelpRefused("没有改动")
        for name in changed:
            setattr(measure, name, wanted[name])
        measure.save(update_fields=changed)
    clocks_changed("effect", "no_measure")
    note(
        object_key=f"assist_measure/{measure.pk}",
        division=measure.division_id,
        reason=reason,
        detail={"changed": changed},
    )
    return measure


def withdraw_measure(*, actor: User, measure: AssistMeasure, on: date, reason: str) -> AssistMeasure:
    """Withdraw a measure that was put down wrongly; raise HelpRefused where something of it was delivered; Refused."""
    require(actor, "registry.change_help", at=measure.division_id)
    with spoken():
        measure = AssistMeasure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
        if measure.withdrawn_on is not None:
            raise HelpRefused("该措施已作废")
        if MeasureDelivery.objects.filter(recipient__measure=measure).exists():
            raise HelpRefused("该措施已有到户记录，不能作废")
        measure.withdrawn_on = on
        measure.withdrawn_because = needed(reason, "作废原因")
        measure.save(update_fields=["withdrawn_on", "withdrawn_because"])
    clocks_changed("effect", "no_measure")
    note(object_key=f"assist_measure/{measure.pk}", division=measure.division_id, reason=reason)
    return measure


def deliver(
    *,
    actor: User,
    recipient: MeasureRecipient,
    on: date,
    by: str,
    amount: Decimal,
    signed_by: str = "",
    today: date,
) -> MeasureDelivery:
    """Put down what came into a recipient's hands: into the account on his card, or in kind at a value, signed for.

    Raise HelpRefused where the card has no account, nobody signed, or it was stopped by then; Refused.
    """
    require(actor, "registry.change_help", at=recipient.division_id)
    not_future(on, today, "到户日期")
    account = ""
    if by == DeliveredBy.ACCOUNT:
        card = recipient.household.years.order_by("-year").first()
        account = card.bank_account_masked if card else ""
        if not account:
            raise HelpRefused("户卡没有银行账号，不能直达账户；请先补户卡，或改为签收")
    elif not signed_by.strip():
        raise HelpRefused("实物、服务须由农户签收，请填签收人")
    with spoken():
        delivery = MeasureDelivery.objects.create(
            division_id=recipient.division_id,
            recipient=recipient,
            on=on,
            by=by,
            amount=amount,
            signed_by=signed_by.strip(),
            account_masked=account,
            entered_by=actor,
        )
    note(object_key=recipient.household.household_no, division=recipient.division_id)
    return delivery


def record_effect(
    *,
    actor: User,
    recipient: MeasureRecipient,
    on: date,
    income_gain: Decimal,
    jobs: int,
    contribution: str,
    confirmed_by: str = "",
    confirmed_on: date | None = None,
    today: date,
) -> AssistEffect:
    """Record what a measure brought a household; with `confirmed_by` the household has confirmed it. Raise HelpRefused, Refused."""
    require(actor, "registry.change_help", at=recipient.division_id)
    not_future(on, today, "成效日期")
    if on < recipient.measure.on:
        raise HelpRefused("成效日期不应早于措施日期")
    if confirmed_by.strip() and confirmed_on is None:
        confirmed_on = on
    with spoken():
        effect = AssistEffect.objects.create(
            division_id=recipient.division_id,
            recipient=recipient,
            on=on,
            income_gain=income_gain,
            jobs=jobs,
            contribution=needed(contribution, "脱贫贡献说明"),
            confirmed_by=confirmed_by.strip(),
            confirmed_on=confirmed_on if confirmed_by.strip() else None,
            entered_by=actor,
        )
    clocks_changed("effect")
    note(object_key=recipient.household.household_no, division=recipient.division_id)
    return effect


def confirm_effect(
    *, actor: User, effect: AssistEffect, confirmed_by: str, on: date, today: date
) -> AssistEffect:
    """Put down that the household confirmed an effect; raise HelpRefused where it had; Refused."""
    require(actor, "registry.change_help", at=effect.division_id)
    not_future(on, today, "确认日期")
    with spoken():
        effect = AssistEffect.objects.select_for_update(of=("self",)).get(pk=effect.pk)
        if effect.confirmed_on is not None:
            raise HelpRefused("该成效已由农户确认")
        effect.confirmed_by = needed(confirmed_by, "农户确认人")
        effect.confirmed_on = on
        effect.save(update_fields=["confirmed_by", "confirmed_on"])
    clocks_changed("effect")
    note(object_key=f"assist_effect/{effect.pk}", division=effect.division_id)
    return effect


def stop_help(
    *, actor: User, recipient: MeasureRecipient, how: str, on: date, reason: str
) -> MeasureRecipient:
    """Stop what a household that left still had to come, or end it by contract, for a reason; raise HelpRefused, Refused."""
    require(actor, "registry.stop_help", at=recipient.division_id)
    if how not in Stop.values:
        raise HelpRefused("请选择停付或按合同办结")
    with spoken():
        recipient = MeasureRecipient.objects.select_for_update(of=("self",)).get(pk=recipient.pk)
        if recipient.stop:
            raise HelpRefused("该项已停止")
        recipient.stop = how
        recipient.stopped_on = on
        recipient.stopped_because = needed(reason, "停止理由")
        recipient.stopped_by = actor
        recipient.save(update_fields=["stop", "stopped_on", "stopped_because", "stopped_by"])
    clocks_changed("effect")
    note(object_key=recipient.household.household_no, division=recipient.division_id, reason=reason)
    return recipient

"""`manage.py allot --document 财农〔2014〕41号 --scheme A`: a document's money shared out to counties by factors."""

import json
from argparse import ArgumentParser
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from funds.codes.allotment import SchemeStatus
from funds.errors import FundsError, NotComplete
from funds.models import Scheme
from funds.reports.scheme import Reckoned, reckon
from funds.rules.allotment import CountyShare
from funds.services.schemes import settle, submit
from fupin.accounts.scope import whole_province
from fupin.lib.money import grouped


class Command(BaseCommand):
    """Reckon a scheme of a document; with --apply it is submitted and approved, the operator standing as the second person."""

    help = "因素法分配：按方案的因素和权重把资金文件切块到县。不加 --apply 只试算；加了则提交并定案，写下各县金额。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the document's number, the scheme's name, and whether it is settled."""
        parser.add_argument("--document", required=True, help="资金文件文号")
        parser.add_argument("--scheme", required=True, help="方案名称")
        parser.add_argument("--apply", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, document: str, scheme: str, apply: bool, **options: Any) -> None:
        """Reckon, or settle; exit non-zero and name the counties whose figures are missing."""
        with whole_province(), transaction.atomic():
            found = (
                Scheme.objects.select_related("appropriation", "previous__appropriation")
                .filter(appropriation__number=document, name=scheme)
                .first()
            )
            if found is None:
                raise CommandError(f"没有资金文件 {document} 的方案 {scheme}")
            reckoned = reckon(found, trial=False)
            if not reckoned.complete:
                self._incomplete(reckoned, as_json=options["json"])
            if apply and found.status != SchemeStatus.APPROVED:
                try:
                    if found.status != SchemeStatus.SUBMITTED:
                        submit(actor=None, scheme=found)
                    settle(actor=None, scheme=found, opinion="控制台定案")
                except FundsError as refused:
                    raise CommandError(str(refused)) from refused
        if options["json"]:
            self.stdout.write(json.dumps(_figures(reckoned), ensure_ascii=False))
            return
        for share in reckoned.run.counties if reckoned.run else ():
            self.stdout.write(f"{share.division}  {grouped(share.amount):>18} 元")
        self.stdout.write("已定案" if apply else "没有保存，加 --apply 定案")

    def _incomplete(self, reckoned: Reckoned, *, as_json: bool) -> None:
        """Name what is missing and leave."""
        if reckoned.missing:
            if as_json:
                codes = [str(code) for code in sorted(reckoned.missing)]
                self.stdout.write(json.dumps({"missing": codes}, ensure_ascii=False))
            raise CommandError(str(NotComplete(reckoned.missing)))
        raise CommandError("；".join(reckoned.refusals.values()) or "方案不能分配")


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _figures(reckoned: Reckoned) -> dict[str, Any]:
    """Return the run as the contract words it; amounts with two decimals, shares with six."""
    pool = reckoned.pool
    return {
        "document": reckoned.scheme.appropriation.number,
        "scheme": reckoned.scheme.name,
        "pool": _money(pool.amount if pool else Decimal(0)),
        "carved_out": _money(pool.carved_out if pool else Decimal(0)),
        "bonus": _money(pool.bonus if pool else Decimal(0)),
        "counties": [_county(share, reckoned) for share in (reckoned.run.counties if reckoned.run else ())],
    }


def _county(share: CountyShare, reckoned: Reckoned) -> dict[str, Any]:
    return {
        "code": str(share.division),
        "amount_yuan": _money(share.amount),
        "bonus_yuan": _money(reckoned.bonus.get(share.division, Decimal(0))),
        "share": f"{float(share.score):.6f}",
        "factors": {
            part.factor.code: {
                "value": str(part.value.normalize().quantize(Decimal(1)))
                if part.value == part.value.to_integral_value()
                else str(part.value.normalize()),
                "weight": str(part.factor.weight),
                "share": f"{float(part.share):.6f}",
                "brought_yuan": _money(part.yuan),
            }
            for part in share.parts
        },
    }

"""`manage.py close_year 2013 --document 晋扶办〔2014〕1号`: from then on only correction slips change the year."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fupin.accounts.models import User
from fupin.accounts.permissions import Refused
from fupin.accounts.scope import whole_province
from registry.errors import CloseRefused
from registry.reports.closing import closing_figures
from registry.services.years import close_year, is_closed


class Command(BaseCommand):
    """Close a year's books for the whole province; without --apply only say what would be closed."""

    help = "年度关账：此后该年度的户卡、村表、劳动力卡只能由更正单改动。不加 --apply 只显示将关账的数字。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the year, the document that orders it, and who stands for it."""
        parser.add_argument("year", type=int)
        parser.add_argument("--document", default="", help="依据文号")
        parser.add_argument("--as", dest="username", default="", help="经办人账号（省扶贫办）")
        parser.add_argument("--apply", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, year: int, document: str, username: str, apply: bool, **options: Any) -> None:
        """Close the year; exit non-zero when it cannot be."""
        with whole_province():
            found = closing_figures(year)
            figures = {
                "year": year,
                "cards": found.cards,
                "drafts": found.drafts,
                "open_remarks": found.remarks,
                "missing_tables": found.missing_tables,
                "missing_labourers": found.missing_labourers,
                "closed_before": is_closed(year),
            }
            if apply:
                try:
                    close_year(actor=_person(username), year=year, on=timezone.localdate(), document=document)
                except (Refused, CloseRefused) as refused:
                    raise CommandError(str(refused)) from refused
        figures["closed"] = apply or figures["closed_before"]
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
        else:
            verb = "已关账" if figures["closed"] else "将关账（未执行，加 --apply 执行）"
            self.stdout.write(
                f"{year} 年度{verb}：户卡 {found.cards} 张，其中草稿户 {found.drafts} 张、有待说明提示的 {found.remarks} 张；"
                f"缺村表 {found.missing_tables} 个村，缺劳动力表 {found.missing_labourers} 人"
            )


def _person(username: str) -> User | None:
    """Return who closes the year under his post of today; nobody is named when the operator stands for it."""
    if not username:
        return None
    user = User.objects.filter(username=username, is_active=True).first()
    post = user.posts.held_on(timezone.localdate()).first() if user else None
    if user is None or post is None:
        raise CommandError(f"没有在任的账号 {username}")
    user.post = post
    return user

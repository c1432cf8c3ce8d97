"""Income against the poverty line, to the last fen and never rounded (data standard §3.2, procedures §6)."""

from decimal import Decimal

from django.db.models import F, Q

from fupin.lib.money import whole_fen
from fupin.policy.cites import cites


@cites("§1", "根据国家制定的扶贫对象识别办法……精准识别")
def below_line(net_income: Decimal, members: int, line: Decimal) -> bool:
    """Tell whether a household's net income lies below the line, who may be identified as poor.

    Yuan of the year; compared as net income < line × members in whole fen, because a rounded average would
    decide cases at the line by chance. Exactly on the line is not below.
    """
    return members > 0 and whole_fen(net_income) < whole_fen(line) * members


def is_below_line(line: Decimal) -> Q:
    """Return the filter twin of `below_line` for rows with `net_income` and `member_count`."""
    return Q(member_count__gt=0, net_income__lt=F("member_count") * line)


@cites("§3", "按照农户家庭收入变化情况，实现扶贫对象有进有出动态管理")
def above_line(net_income: Decimal, members: int, line: Decimal) -> bool:
    """Tell whether a household's net income exceeds the line, without which it may not leave the register.

    Exactly on the line does not exceed it: on the line nobody enters and nobody leaves.
    """
    return members > 0 and whole_fen(net_income) > whole_fen(line) * members


def is_above_line(line: Decimal) -> Q:
    """Return the filter twin of `above_line`."""
    return Q(member_count__gt=0, net_income__gt=F("member_count") * line)

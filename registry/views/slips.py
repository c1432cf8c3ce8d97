"""The two steps in which a slip for a village's table or a labourer's card is filled in: what would change, then sent off."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from registry.errors import CardRefused, RegistryError, StaleCard
from registry.models import CorrectionSlip
from registry.rules.findings import Finding, error


@dataclass
class Asked:
    """What somebody filled in: what is wrong with it, what it would change, why it was not sent."""

    findings: Sequence[Finding]
    changes: Sequence[dict[str, str]]
    refusal: str = ""
    sent: HttpResponse | None = field(default=None)

    @property
    def wrong(self) -> bool:
        """Tell whether it has to be mended first."""
        return bool(self.findings or self.refusal)


def asked_in(
    request: HttpRequest,
    *,
    findings: Sequence[Finding],
    changes: Sequence[dict[str, str]],
    what: str,
    propose: Callable[[dict[str, Any]], CorrectionSlip],
) -> Asked:
    """Send the slip when it is right and was confirmed; else say what is missing. `what` is 村表 or 劳动力卡."""
    reason = request.POST.get("slip-reason", "").strip()
    refusal = "" if reason else "请填写更正理由"
    asked = Asked(findings, changes, refusal or ("" if changes else f"与现在的{what}相同，没有更正事项"))
    if asked.wrong or request.POST.get("confirmed") != "1":
        return asked
    version = request.POST.get("version", "")
    try:
        slip = propose(
            {
                "base_version": int(version) if version.isdigit() else 0,
                "reason": reason,
                "evidence": request.POST.get("slip-evidence", ""),
            }
        )
    except CardRefused as refused:
        asked.findings = [error(one.rule, one.field, one.message) for one in refused.findings]
    except StaleCard:
        asked.refusal = f"此{what}在您填单期间已被更正，请重新打开再填"
    except RegistryError as refused:
        asked.refusal = str(refused)
    else:
        messages.success(request, "更正单已提交，由县扶贫办另一人审核")
        asked.sent = redirect("correction_decide", pk=slip.pk)
    return asked


def shown(request: HttpRequest, asked: Asked | None) -> dict[str, Any]:
    """Return what every page of a slip reads."""
    return {
        "reason": request.POST.get("slip-reason", ""),
        "evidence": request.POST.get("slip-evidence", ""),
        "refusal": asked.refusal if asked else "",
        "changes": asked.changes if asked and not asked.wrong else [],
    }

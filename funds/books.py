"""What the accounts and entries of the books of money are, in words."""

from django.urls import reverse

from funds.codes.donation import GiftAccount, GiftAct
from funds.codes.interest import PotAccount, PotKind
from funds.codes.village_fund import FundAccount, FundAct
from funds.models import Donation, VillageFund
from funds.rules.interest_pot import PotUse
from fupin.ledgers.books import Book, Subject, register
from fupin.ledgers.models import Account


def _fund(account: Account) -> Subject | None:
    """Return the fund of an account."""
    fund = VillageFund.objects.filter(division=account.division_id).first()
    return Subject(fund.name, reverse("village_fund", args=[fund.pk])) if fund else None


register(Book("VILLAGE_FUND", "村级互助资金", dict(FundAccount.choices), dict(FundAct.choices), _fund))


def _pot(account: Account) -> Subject:
    """Return the pot of an account."""
    return Subject("贴息资金分账", reverse("interest_pot", args=[account.division_id]))


register(Book("INTEREST", "贴息资金", dict(PotAccount.choices + PotUse.choices), dict(PotKind.choices), _pot))


def _gift(account: Account) -> Subject | None:
    """Return the gift of an account."""
    gift = Donation.objects.filter(account=account).first()
    return Subject(f"捐赠 {gift.receipt_no}", reverse("donation", args=[gift.pk])) if gift else None


register(Book("DONATION", "社会捐赠", dict(GiftAccount.choices), dict(GiftAct.choices), _gift))

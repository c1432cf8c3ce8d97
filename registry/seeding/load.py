"""Fill an empty register with synthetic households: COPY, all triggers and constraints on, one process a core."""

import json
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from multiprocessing import get_context
from typing import Final
from uuid import uuid4

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.models import Max

from fupin.accounts.models import Post, User
from fupin.accounts.roles import Role
from fupin.divisions.codes import Level, code_range, cut
from fupin.divisions.models import CountyProfile, Division
from registry.models import Household, HouseholdYear, LabourerYear, Member, MemberYear, Village, YearClose
from registry.rules.card import Card
from registry.seeding.chance import repeatable
from registry.seeding.households import CLOSED_YEAR, YEARS, make_household
from registry.seeding.numbers import MOST_HOUSEHOLDS, SEATS
from registry.seeding.rows import Rows
from registry.seeding.shares import Share, TooMany, share_out
from registry.seeding.villages import Place, Village as SeedVillage
from registry.services.years import close_year

CHUNK: Final = 3000
"""Households that are made, copied and committed together."""

SEED_USER: Final = "seed"

_NUMBERED: Final = (Household, HouseholdYear, Member, MemberYear, LabourerYear, Village)
"""Tables whose keys the seed gives itself."""


class RegisterInUse(Exception):
    """The register holds households that are not synthetic: nothing invented may be mixed with them."""


class NothingToFill(Exception):
    """No administrative village without households lies in the chosen counties."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A village's share with the keys that it may use."""

    share: Share
    ordinal: int
    village_key: int
    clerk: int


@dataclass(slots=True)
class Seeded:
    """What was written, in rows by table, and in how many seconds."""

    households: int = 0
    villages: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    def as_dict(self) -> dict[str, object]:
        """Return the figures as `--json` prints them."""
        return asdict(self) | {"seconds": round(self.seconds, 2)}


def seed(
    *,
    households: int,
    seed_text: str,
    counties: Iterable[int] = (),
    shares: Sequence[Share] | None = None,
    processes: int | None = None,
) -> Seeded:
    """Add synthetic households, their cards of 2013 and 2014, and close 2013; return what was written.

    `shares` names the villages outright; otherwise they are chosen from `counties` (all, when none is named) among the villages
    that have no household yet. Works as the owner of the tables. Raise RegisterInUse, NothingToFill or TooMany.
    """
    began = time.perf_counter()
    refuse_real_data()
    chosen = list(shares) if shares is not None else plan(households, seed_text=seed_text, counties=counties)
    parcels = _parcels(chosen)
    rows: Counter[str] = Counter()
    with _year_open(CLOSED_YEAR):
        for written in _in_parallel(list(_chunks(parcels)), seed_text, processes):
            rows.update(written)
    _finish()
    return Seeded(
        households=rows["registry_household"],
        villages=rows["registry_village"],
        rows=dict(rows),
        seconds=time.perf_counter() - began,
    )


def refuse_real_data() -> None:
    """Raise RegisterInUse if a household stands that is not synthetic."""
    if Household.objects.filter(is_demo=False).exists():
        raise RegisterInUse("库中已有真实户卡，不能混入演示数据 / the register holds real households")


def plan(households: int, *, seed_text: str, counties: Iterable[int] = ()) -> list[Share]:
    """Choose villages and their numbers of households. Raise NothingToFill or TooMany."""
    poor = frozenset(
        CountyProfile.objects.filter(is_national_poor=True)
        .union(CountyProfile.objects.filter(is_provincial_key=True))
        .values_list("division_id", flat=True)
    )
    villages: dict[int, list[Place]] = {}
    for place in places(counties):
        villages.setdefault(cut(place.code, Level.COUNTY), []).append(place)
    if not villages:
        raise NothingToFill("没有可用的空村 / no village without households there")
    return share_out(households, villages, poor, seed=seed_text)


def places(counties: Iterable[int] = ()) -> list[Place]:
    """Return the administrative villages without households, in the order of their codes."""
    names = dict(
        Division.objects.filter(level__lt=Level.VILLAGE).order_by("code").values_list("code", "name")
    )
    free = Division.objects.administrative_villages().exclude(
        code__in=Village.objects.order_by().values("division_id")
    )
    ranges = [code_range(code) for code in counties]
    return [
        Place(code, name, names[cut(code, Level.TOWNSHIP)], names[cut(code, Level.COUNTY)], path_name)
        for code, name, path_name in free.order_by("code").values_list("code", "name", "path_name")
        if not ranges or any(low <= code < high for low, high in ranges)
    ]


def _parcels(shares: Sequence[Share]) -> list[Parcel]:
    """Give each village its keys; ordinals begin where no key of an earlier row can be met."""
    highest = {
        model: model.objects.aggregate(last=Max("pk"))["last"] or 0
        for model in (Household, HouseholdYear, Member, MemberYear, Village)
    }
    ordinal = 1 + max(
        highest[Household],
        highest[HouseholdYear] // len(YEARS),
        highest[Member] // SEATS,
        highest[MemberYear] // (SEATS * len(YEARS)),
    )
    if ordinal + sum(share.households for share in shares) > MOST_HOUSEHOLDS:
        raise TooMany(
            f"演示数据最多 {MOST_HOUSEHOLDS:,} 户 / at most {MOST_HOUSEHOLDS:,} synthetic households"
        )
    clerk_of = _clerks()
    parcels = []
    for key, share in enumerate(shares, highest[Village] + 1):
        parcels.append(Parcel(share, ordinal, key, clerk_of(share.place.code)))
        ordinal += share.households
    return parcels


class _Clerks:
    """Who entered a village's cards: its own, its township's or its county's demo account, else a user that nobody signs in as."""

    def __init__(self) -> None:
        clerks = (Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY_ENTRY)
        posts = Post.objects.filter(user__is_demo=True, role__in=clerks)
        self._posts = [
            (*code_range(code), user)
            for code, user in posts.order_by("-division_id", "pk").values_list("division_id", "user_id")
        ]
        nobody, made = User.objects.get_or_create(
            username=SEED_USER, defaults={"full_name": "演示录入", "is_active": False, "is_demo": True}
        )
        if made:
            nobody.set_unusable_password()
            nobody.save(update_fields=["password"])
        self._nobody = nobody.pk

    def __call__(self, village: int) -> int:
        return next((user for low, high, user in self._posts if low <= village < high), self._nobody)


def _clerks() -> _Clerks:
    return _Clerks()


def _chunks(parcels: Iterable[Parcel]) -> Iterator[list[Parcel]]:
    """Put villages together until a chunk is full; a village is never parted."""
    chunk: list[Parcel] = []
    size = 0
    for parcel in parcels:
        chunk.append(parcel)
        size += parcel.share.households
        if size >= CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _in_parallel(
    chunks: Sequence[list[Parcel]], seed_text: str, processes: int | None
) -> Iterator[Mapping[str, int]]:
    """Write the chunks, in as many processes as there are cores; one chunk needs no process of its own."""
    count = min(processes or os.cpu_count() or 1, len(chunks))
    if count <= 1:
        for chunk in chunks:
            yield write(chunk, seed_text)
        return
    connections.close_all()
    with ProcessPoolExecutor(count, mp_context=get_context("fork")) as pool:
        futures = [pool.submit(write, chunk, seed_text) for chunk in chunks]
        try:
            for future in futures:
                yield future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)  # interrupted or failed: what has not begun is not begun
            raise


def write(chunk: Sequence[Parcel], seed_text: str) -> Mapping[str, int]:
    """Make the households of some villages and copy them in one transaction; return the rows by table."""
    rows = Rows()
    for parcel in chunk:
        place = parcel.share.place
        rng = repeatable(seed_text, place.code)
        village = SeedVillage(rng, place, poor=parcel.share.poor, walks=parcel.share.walks)
        cards: dict[int, list[Card]] = {year: [] for year in YEARS}
        for number in range(parcel.share.households):
            household = make_household(rng, village, ordinal=parcel.ordinal + number, serial=number + 1)
            rows.add_household(rng, household, parcel.clerk)
            for year, card in household.cards.items():
                cards[year].append(card)
        rows.add_village(rng, village, parcel.village_key, parcel.clerk, [cards[year] for year in YEARS])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)",
            [str(uuid4()), json.dumps({"user": chunk[0].clerk, "reason": "演示数据"})],
        )
        return rows.copy(cursor.cursor)


@contextmanager
def _year_open(year: int) -> Iterator[None]:
    """Open a closed year while its synthetic cards are written, and leave it closed."""
    before = YearClose.objects.filter(pk=year).values("closed_on", "closed_by", "document").first()
    YearClose.objects.filter(pk=year).delete()
    try:
        yield
    finally:
        if before is not None:
            YearClose.objects.create(
                year=year, **{"closed_by_id" if k == "closed_by" else k: v for k, v in before.items()}
            )
        else:
            close_year(actor=None, year=year, on=date(2014, 12, 31), document="演示数据")


def _finish() -> None:
    """Move the sequences past the keys that were given, and let the planner know the tables.

    VACUUM marks the pages whose rows all may see, without which no list is counted from its index alone; inside the transaction
    of the demonstration it is left to the server.
    """
    act = "ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)"
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _NUMBERED):
            cursor.execute(statement)
        for model in apps.get_app_config("registry").get_models():
            cursor.execute(f"{act} {model._meta.db_table}")
        cursor.execute(f"{act} vault_sealed")

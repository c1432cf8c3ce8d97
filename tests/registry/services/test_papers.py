"""The files that prove steps: taken in for what they are, stored once, refused by name, kept where nothing changes them."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, connection, transaction

from fupin.accounts.constraints import name_of
from registry.errors import StepRefused
from registry.models import Case, CasePaper
from registry.rules.procedure import FILED, Evidence
from registry.rules.transitions import TRANSITIONS
from registry.services.cases import take_step, take_steps
from tests.registry.cases import Office, act_as, applicant, given_for, office, picture, round_of, scan, walk

pytestmark = pytest.mark.django_db

ON = date(2014, 3, 12)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def people(db: None) -> Office:
    return office()


def stored() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def refused(case: Case, people: Office, **files: object) -> str:
    act_as(people.village)
    given = given_for(case, "apply", ON)
    with pytest.raises(StepRefused) as why:
        take_step(
            actor=people.village,
            case=case,
            given=given_for(case, "apply", ON, files={**given.files, **files}),
        )
    return str(why.value)


def test_every_step_on_paper_has_its_files(people: Office) -> None:
    case = applicant(people, round_of(people))
    walk(people, case, "apply", on=ON)
    kinds = {Evidence.APPLICATION, Evidence.SURVEY, Evidence.PHOTO}
    assert {(one.number, one.kind, one.uploaded_by) for one in CasePaper.objects.filter(case=case)} == {
        (1, kind, people.village) for kind in kinds
    }
    assert len(stored()) == 3
    assert Evidence.NOTICE not in FILED
    assert all(one.evidence for one in TRANSITIONS if one.level and not one.system)


@pytest.mark.parametrize("missing", [Evidence.APPLICATION, Evidence.SURVEY, Evidence.PHOTO])
def test_a_number_does_not_stand_for_a_file(missing: Evidence, people: Office) -> None:
    case = applicant(people, round_of(people))
    act_as(people.village)
    given = given_for(case, "apply", ON)
    files = {kind: one for kind, one in given.files.items() if kind != missing}
    with pytest.raises(StepRefused, match=f"请上传：{missing.label}"):
        take_step(
            actor=people.village,
            case=case,
            given=given_for(case, "apply", ON, files=files, evidence={missing: "第 1 号"}),
        )
    assert (stored(), CasePaper.objects.count()) == ([], 0)


def test_what_is_no_paper_is_refused_by_its_name(people: Office) -> None:
    case = applicant(people, round_of(people))
    program, pdf = SimpleUploadedFile("表.pdf", b"MZ\x90\x00"), SimpleUploadedFile("照片.pdf", b"%PDF-1.4 x")
    assert refused(case, people, SURVEY=[program]) == "入户调查表：只收 JPG、PNG 图片和 PDF 文件"
    assert refused(case, people, PHOTO=[pdf]) == "照片：应为 JPG 或 PNG 图片"
    assert "最多 20 个文件" in refused(case, people, APPLICATION=[scan() for _ in range(21)])
    assert refused(case, people, PHOTO=[SimpleUploadedFile("a.png", picture()[:40])]).startswith(
        "照片：图片已损坏"
    )
    assert stored() == []


def test_the_minutes_of_a_meeting_are_stored_once_and_prove_every_vote(people: Office) -> None:
    in_round = round_of(people)
    made = [applicant(people, in_round) for _ in range(3)]
    for case in made:
        walk(people, case, "apply", on=ON)
    before = len(stored())
    act_as(people.village)
    batch = take_steps(
        actor=people.village, cases=made, given=given_for(made[0], "deliberate", date(2014, 3, 20))
    )
    assert len(batch.taken) == 3
    minutes = CasePaper.objects.filter(kind=Evidence.MINUTES)
    assert (minutes.count(), len({one.file.name for one in minutes})) == (3, 1)
    assert len(stored()) == before + 2
    again = take_steps(
        actor=people.village, cases=made, given=given_for(made[0], "post_first", date(2014, 3, 28))
    )
    assert (len(again.refused), len(stored())) == (3, before + 2)


def test_papers_are_written_once_by_who_takes_the_step(people: Office) -> None:
    case = applicant(people, round_of(people))
    walk(people, case, "apply", on=ON)
    act_as(people.village)
    for sql in ("UPDATE registry_casepaper SET sha256 = ''", "DELETE FROM registry_casepaper"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    copy = (
        "INSERT INTO registry_casepaper (division, case_id, number, kind, file, content_type, size, sha256, uploaded_by_id, uploaded_at)"
        " SELECT division, case_id, 1, kind, file, content_type, size, sha256, %s, now() FROM registry_casepaper LIMIT 1"
    )
    with pytest.raises(IntegrityError) as violated, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(copy, [people.team.pk])
    assert name_of(violated.value) == "paper_by_its_actor"
    with connection.cursor() as cursor:
        cursor.execute(copy, [people.village.pk])
    assert CasePaper.objects.order_by("-pk")[0].number == 2  # of the next step, whatever was said

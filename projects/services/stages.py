"""A project goes from one stage to the next (funds.md F-06)."""

from datetime import date

from django.db import transaction

from fupin.accounts.audit import note
from fupin.accounts.models import User
from fupin.accounts.permissions import require
from projects.errors import StageRefused
from projects.models import Project, ProjectStep
from projects.reports.progress import missing_for
from projects.rules.stages import step_named
from projects.services.refusing import told


@transaction.atomic
def move(
    *, actor: User, project: Project, name: str, on: date, document_no: str = "", opinion: str = ""
) -> ProjectStep:
    """Take the step ``name`` of the table of stages on the day ``on``; return it. ``project`` is read anew and stands where it moved to.

    Raise StageRefused with all that is missing: a step that does not follow the stage, files, opinion, beneficiaries, notices; Refused
    for a post that does not take it. The database refuses the same.
    """
    locked = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    require(actor, "projects.take_step", at=locked.division_id)
    step = step_named(name, locked.stage, by_province=locked.needs_prov_approval)
    if step is None:
        raise StageRefused(f"项目现在是“{locked.get_stage_display()}”，不能办这一步：环节不得跳过或倒退")
    role = actor.post.role if actor.post else ""
    reasons = missing_for(locked, step, actor, on=on, document_no=document_no, opinion=opinion)
    if reasons:
        raise StageRefused(*reasons)
    row = ProjectStep(
        division_id=locked.division_id,
        project=locked,
        position=0,
        name=step.name,
        source=step.source,
        target=step.target,
        on=on,
        document_no=document_no.strip()[:60],
        opinion=opinion.strip()[:500],
        by=actor,
        role=role,
    )
    with told(StageRefused):
        row.save(force_insert=True)
    note(
        object_key=locked.number,
        division=locked.division_id,
        detail={"step": step.name, "from": step.source, "to": step.target, "on": on.isoformat()},
    )
    project.refresh_from_db()
    return row

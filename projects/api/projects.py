"""`/api/v1/projects/`: the pool of projects, read; a project with its steps, villages and days."""

from typing import Any, ClassVar, Final

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.reverse import reverse

from fupin.accounts.api.asking import questions
from projects.forms.project_filters import ProjectFilter
from projects.models import Project, ProjectStep, ProjectVillage
from registry.api.asking import filtered, ordered, user_of
from registry.api.described import NOT_HERE

_NUMBER: Final = OpenApiParameter("number", str, OpenApiParameter.PATH, description="项目编号")


class ProjectStepSerializer(serializers.ModelSerializer[ProjectStep]):
    """一步。"""

    class Meta:
        model = ProjectStep
        fields = ("position", "name", "source", "target", "on", "document_no", "opinion", "role")
        read_only_fields = fields


class ProjectSerializer(serializers.ModelSerializer[Project]):
    """一个扶贫项目。"""

    division_code = serializers.CharField(source="division_id")
    county_code = serializers.CharField(source="county")
    village_codes = serializers.SerializerMethodField(help_text="项目村")
    steps = ProjectStepSerializer(many=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Project
        fields = (
            "number", "name", "division_code", "county_code", "kind", "industry", "year", "place", "content", "planned_yuan",
            "money_sources", "subsidy_standard", "procurement", "goals", "use_way", "use_way_reason", "is_to_household",
            "needs_prov_approval", "prov_approval_reason", "implementing_unit", "responsible_person", "supervising_unit",
            "supervising_person", "approving_unit", "hotline", "planned_start_on", "planned_finish_on", "planned_accept_on",
            "stage", "stage_on", "approved_on", "started_on", "finished_on", "accepted_on", "ended_on", "village_codes",
            "steps", "url",
        )  # fmt: skip
        read_only_fields = fields

    def get_village_codes(self, project: Project) -> list[str]:
        """Return the codes of the villages that it is for."""
        return [str(one.division_id) for one in project.villages.all()]

    def get_url(self, project: Project) -> str:
        """Return the address of the project."""
        return str(reverse("api:projects-detail", args=[project.number], request=self.context["request"]))


@extend_schema_view(
    list=extend_schema(
        summary="扶贫项目列表",
        description="本部门岗位所属区划内的，最近录入的在前。",
        parameters=questions(ProjectFilter),
    ),
    retrieve=extend_schema(
        summary="一个项目", parameters=[_NUMBER], responses={200: ProjectSerializer, 404: NOT_HERE}
    ),
)
@extend_schema(tags=["projects"])
class Projects(viewsets.ReadOnlyModelViewSet[Project]):
    """扶贫项目。"""

    doors: ClassVar = {"list": "projects.view_project", "retrieve": "projects.view_project"}
    serializer_class = ProjectSerializer
    filter_backends = ()
    lookup_field = "number"
    lookup_value_regex = r"\d{6}-\d{4}-\d{4}"
    queryset = Project.objects.none()

    def get_queryset(self) -> "QuerySet[Project, Any]":
        """Return the projects that the post may see, as they were asked for."""
        rows: QuerySet[Project, Any] = Project.objects.visible_to(user_of(self.request))
        if self.action == "list":
            asking = ProjectFilter(self.request.query_params, rows, day=timezone.localdate())
            rows = ordered(filtered(asking), "-pk")
        villages = Prefetch("villages", ProjectVillage.objects.order_by("division_id"))
        steps = Prefetch("steps", ProjectStep.objects.order_by("position"))
        return rows.prefetch_related(villages).prefetch_related(steps)

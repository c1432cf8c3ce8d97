"""`/api/v1/cases/`: the files by which households and villages come onto the register and leave it, step by step."""

from base64 import b64decode
from datetime import date
from typing import Any, ClassVar, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from fupin.accounts.api.asking import questions
from fupin.accounts.api.errors import Refusals
from fupin.accounts.doors import Door
from registry.api.answers import as_api
from registry.api.asking import filtered, ordered, user_of
from registry.api.described import NOT_HERE, REFUSED
from registry.codes import Cause
from registry.forms.cases import CaseFilter
from registry.models import Case, CaseStep, Household, Round, RoundKind, Village
from registry.reports.cases import LABELS, next_acts, notice_period, taken_steps
from registry.rules.procedure import Evidence, Track
from registry.services.cases import StepGiven, Votes, open_case, take_step

_NUMBER: Final = OpenApiParameter("number", str, OpenApiParameter.PATH, description="档案号")


class StepSerializer(serializers.ModelSerializer[CaseStep]):
    """已办的一步。"""

    label = serializers.SerializerMethodField(help_text="步骤的说法")  # type: ignore[assignment]  # a field of the answer
    actor = serializers.CharField(source="actor.full_name", help_text="经办人")

    class Meta:
        model = CaseStep
        fields = (
            "number", "name", "label", "source", "target", "on", "actor", "role", "is_level", "opinion", "cause",
            "evidence", "representatives", "attending", "in_favour", "card_version",
        )  # fmt: skip
        read_only_fields = fields

    def get_label(self, step: CaseStep) -> str:
        """Return the step in words."""
        return LABELS.get((step.name, step.source), step.name)


class NextStepSerializer(serializers.Serializer[Any]):
    """可办的下一步。"""

    name = serializers.CharField(source="step.name")
    target = serializers.CharField(source="step.target")
    label = serializers.CharField(source="step.label")  # type: ignore[assignment]  # a field of the answer
    roles = serializers.ListField(
        child=serializers.CharField(), source="step.actors", help_text="由哪些岗位办"
    )
    evidence = serializers.ListField(
        child=serializers.CharField(), source="step.evidence", help_text="须附的材料"
    )
    mine = serializers.BooleanField(help_text="轮到您的岗位")
    hindrances = serializers.ListField(child=serializers.CharField(), help_text="现在还不能办的原因")
    earliest = serializers.DateField(help_text="最早可用的日期")


class CaseSerializer(serializers.ModelSerializer[Case]):
    """一份识别档案。"""

    village_code = serializers.CharField(source="division_id")
    household_no = serializers.CharField(
        source="household.household_no", default=None, allow_null=True, help_text="村的档案为空"
    )
    round_year = serializers.IntegerField(source="round.year", default=None, allow_null=True)
    round_kind = serializers.ChoiceField(
        source="round.kind", choices=RoundKind.choices, default=None, allow_null=True
    )
    url = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields = (
            "number", "track", "status", "village_code", "household_no", "round_year", "round_kind", "persons",
            "opened_on", "closed_on", "url",
        )  # fmt: skip
        read_only_fields = fields

    def get_url(self, case: Case) -> str:
        """Return the address of the file."""
        return str(reverse("api:cases-detail", args=[case.number], request=self.context["request"]))


class WholeCaseSerializer(CaseSerializer):
    """一份识别档案，附已办各步和下一步。"""

    steps = StepSerializer(many=True)
    notice_until = serializers.SerializerMethodField(help_text="正在公示的，末日；次日起可办下一步")
    next = serializers.SerializerMethodField(help_text="按现状可办的各步，直行的在前")

    class Meta:
        model = Case
        fields = (*CaseSerializer.Meta.fields, "notice_until", "steps", "next")
        read_only_fields = fields

    def get_notice_until(self, case: Case) -> date | None:
        """Return the last day of the notice that hangs now."""
        period = notice_period(case, taken_steps(case))
        return period.last if period else None

    @extend_schema_field(NextStepSerializer(many=True))
    def get_next(self, case: Case) -> Any:
        """Return what may follow."""
        user = user_of(self.context["request"])
        acts = next_acts(case, taken_steps(case), user=user, today=timezone.localdate())
        return NextStepSerializer(acts, many=True).data


class OpeningSerializer(serializers.Serializer[Any]):
    """立档：户或村，在一个轮次内；错评清退和自然注销不在轮次内。"""

    track = serializers.ChoiceField(choices=Track.choices)
    household_no = serializers.RegexField(r"^\d{16}$", required=False)
    village_code = serializers.RegexField(r"^\d{12}$", required=False)
    round_year = serializers.IntegerField(required=False, min_value=2014, max_value=2100)
    round_kind = serializers.ChoiceField(choices=RoundKind.choices, required=False)
    on = serializers.DateField(help_text="立档日期")


class VotesSerializer(serializers.Serializer[Any]):
    """村民代表会的票数。"""

    representatives = serializers.IntegerField(min_value=1, max_value=9999, help_text="应到")
    attending = serializers.IntegerField(min_value=0, max_value=9999, help_text="实到")
    in_favour = serializers.IntegerField(min_value=0, max_value=9999, help_text="同意")


class FileSerializer(serializers.Serializer[Any]):
    """一个文件：JPG、PNG 或 PDF，不超过 10 MB。"""

    name = serializers.CharField(max_length=100)
    content = serializers.CharField(help_text="base64")


class TakingSerializer(serializers.Serializer[Any]):
    """办一步：名称见档案的 next；材料按种类写文号、份数或存放处。"""

    name = serializers.CharField(max_length=30)
    target = serializers.CharField(max_length=3, required=False, allow_blank=True, default="")
    on = serializers.DateField()
    opinion = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    cause = serializers.ChoiceField(
        choices=Cause.choices, required=False, allow_blank=True, default="", help_text="返贫原因"
    )
    evidence = serializers.DictField(
        child=serializers.CharField(max_length=200), required=False, help_text="键为材料种类"
    )
    files = serializers.DictField(
        child=serializers.ListField(child=FileSerializer(), max_length=20),
        required=False,
        help_text="键为材料种类；申请书、会议记录等须有文件",
    )
    votes = VotesSerializer(required=False, allow_null=True, default=None)

    def validate_evidence(self, given: dict[str, str]) -> dict[str, str]:
        """Refuse papers of a kind that there is not."""
        if unknown := sorted(set(given) - set(Evidence.values)):
            raise serializers.ValidationError(f"没有这种材料：{'、'.join(unknown)}")
        return given

    def validate_files(self, given: dict[str, list[dict[str, str]]]) -> dict[str, list[SimpleUploadedFile]]:
        """Return the files as uploads; refuse what is no base64, or of a kind that there is not."""
        if unknown := sorted(set(given) - set(Evidence.values)):
            raise serializers.ValidationError(f"没有这种材料：{'、'.join(unknown)}")
        try:
            return {
                kind: [
                    SimpleUploadedFile(one["name"], b64decode(one["content"], validate=True)) for one in files
                ]
                for kind, files in given.items()
            }
        except ValueError as wrong:
            raise serializers.ValidationError("content 应为 base64") from wrong


@extend_schema_view(
    list=extend_schema(
        summary="识别、退出档案列表",
        description="本部门岗位所属区划内的，新立的在前；各步在单件中。",
        parameters=questions(CaseFilter),
    ),
    retrieve=extend_schema(
        summary="一份档案，附已办各步和下一步",
        parameters=[_NUMBER],
        responses={200: WholeCaseSerializer, 404: NOT_HERE},
    ),
    create=extend_schema(
        summary="立档",
        description="户从其现状立档：草稿户立纳入档案，在册户立退出档案。立档之后逐步办理。",
        request=OpeningSerializer,
        responses={201: WholeCaseSerializer, 400: REFUSED, 403: OpenApiResponse(description="岗位不能立档")},
    ),
    steps=extend_schema(
        summary="办一步",
        description="与网页办理同一规则：不得跳级、倒签、自审；公示未满、异议未结、规模不足的不予办理，并说明原因。",
        parameters=[_NUMBER],
        request=TakingSerializer,
        responses={201: WholeCaseSerializer, 400: REFUSED, 404: NOT_HERE},
    ),
)
@extend_schema(tags=["cases"])
class Cases(viewsets.GenericViewSet[Case]):
    """识别档案。"""

    doors: ClassVar = {
        "list": "registry.view_case",
        "retrieve": "registry.view_case",
        "create": Door("registry.open_case", audit="case.open"),
        "steps": Door("registry.take_step", audit="case.step"),
    }
    serializer_class = CaseSerializer
    filter_backends = ()
    lookup_field = "number"
    lookup_value_regex = r"\d{12}-\d{4}-\d{4,}"
    queryset = Case.objects.none()

    def get_queryset(self) -> "QuerySet[Case]":
        """Return the cases of the post's divisions."""
        return Case.objects.visible_to(self.request.user).select_related("household", "village", "round")

    def list(self, request: Request) -> Response:
        """List the cases, the latest first."""
        asking = CaseFilter(request.query_params, self.get_queryset())
        page = self.paginate_queryset(ordered(filtered(asking), "-opened_on")) or []
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, number: str) -> Response:
        """Answer one case with its steps."""
        return self._shown(self._case(number))

    def create(self, request: Request) -> Response:
        """Open the file of a household or a village."""
        asked = OpeningSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        household, village = self._subject(given)
        with as_api(dict):
            case = open_case(
                actor=user_of(request),
                household=household,
                village=village,
                track=given["track"],
                in_round=self._round(given),
                on=given["on"],
            )
        return self._shown(self._case(case.number), status=201)

    @action(detail=True, methods=["post"])
    def steps(self, request: Request, number: str) -> Response:
        """Take a step of a case."""
        case = self._case(number)
        asked = TakingSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        votes = Votes(**given["votes"]) if given["votes"] else None
        step = StepGiven(
            given["name"],
            given["on"],
            target=given["target"],
            opinion=given["opinion"],
            cause=given["cause"],
            evidence=given.get("evidence", {}),
            files=given.get("files", {}),
            votes=votes,
        )
        with as_api(dict):
            take_step(actor=user_of(request), case=case, given=step)
        return self._shown(self._case(number), status=201)

    def _case(self, number: str) -> Case:
        steps = CaseStep.objects.select_related("actor").order_by("number")
        case = self.get_queryset().filter(number=number).prefetch_related(Prefetch("steps", steps)).first()
        if case is None:
            raise Http404
        return case

    def _subject(self, given: dict[str, Any]) -> tuple[Household | None, Village | None]:
        """Return the household or village that is named; raise 400 for none, both, or one outside the scope."""
        if ("household_no" in given) == ("village_code" in given):
            raise _refused("household_no", "请填 household_no 或 village_code 其中一个")
        user = self.request.user
        if "household_no" in given:
            household = Household.objects.visible_to(user).filter(household_no=given["household_no"]).first()
            if household is None:
                raise _refused("household_no", "没有这一户，或不在本部门的范围之内")
            return household, None
        village = Village.objects.visible_to(user).filter(division_id=int(given["village_code"])).first()
        if village is None:
            raise _refused("village_code", "没有这个村的村表，或不在本部门的范围之内")
        return None, village

    def _round(self, given: dict[str, Any]) -> Round | None:
        if "round_year" not in given and "round_kind" not in given:
            return None
        rounds = Round.objects.filter(year=given.get("round_year") or 0, kind=given.get("round_kind") or "")
        if (found := rounds.first()) is None:
            raise _refused("round_year", "没有这个轮次")
        return found

    def _shown(self, case: Case, **how: Any) -> Response:
        return Response(WholeCaseSerializer(case, context=self.get_serializer_context()).data, **how)


def _refused(field: str, message: str) -> Refusals:
    return Refusals([{"field": field, "rule": "", "message": message}])

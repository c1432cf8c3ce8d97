"""`/api/v1/measures/`: what was done for whom, whether it arrived, and what came of it."""

from datetime import date
from typing import Any, ClassVar, Final

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from fupin.accounts.api.asking import questions
from fupin.accounts.api.errors import Refusals
from fupin.accounts.doors import Door
from fupin.divisions.codes import is_administrative_village
from fupin.divisions.models import Division
from registry.api.answers import as_api
from registry.api.asking import filtered, ordered, user_of
from registry.api.described import NOT_HERE, REFUSED
from registry.codes import MeasureKind
from registry.forms.help.filters import MeasureFilter
from registry.models import (
    AssistEffect,
    AssistMeasure,
    AssistPerson,
    AssistPlan,
    Household,
    MeasureDelivery,
    MeasureRecipient,
    Member,
)
from registry.reports.help.waiting import all_recipients
from registry.rules.help.effects import effect_due, has_reached
from registry.services.help.measures import For, MeasureFacts, put_down_measure

_ID: Final = OpenApiParameter("id", int, OpenApiParameter.PATH)
_MONEY: Final[dict[str, Any]] = {"max_digits": 12, "decimal_places": 2, "min_value": 0}
NOT_THERE: Final = "没有，或不在本部门的范围之内"


class DeliverySerializer(serializers.ModelSerializer[MeasureDelivery]):
    """一次到户。"""

    class Meta:
        model = MeasureDelivery
        fields = ("on", "by", "amount", "signed_by", "account_masked")
        read_only_fields = fields


class EffectSerializer(serializers.ModelSerializer[AssistEffect]):
    """一条成效。"""

    class Meta:
        model = AssistEffect
        fields = ("on", "income_gain", "jobs", "contribution", "confirmed_by", "confirmed_on")
        read_only_fields = fields


class RecipientSerializer(serializers.ModelSerializer[MeasureRecipient]):
    """一个受益户（人）：应到多少，到了多少，成效如何，是否已停。"""

    household_no = serializers.CharField(source="household.household_no")
    member_no = serializers.CharField(source="member.member_no", default=None, allow_null=True)
    delivered = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    reached = serializers.SerializerMethodField(help_text="足额到账或签收；否则为未到户")
    effect_due_on = serializers.SerializerMethodField(help_text="成效应在此日前由农户确认")
    deliveries = DeliverySerializer(many=True)
    effects = EffectSerializer(many=True)

    class Meta:
        model = MeasureRecipient
        fields = (
            "id", "household_no", "member_no", "amount", "runs_until", "delivered", "reached", "effect_due_on",
            "stop", "stopped_on", "stopped_because", "deliveries", "effects",
        )  # fmt: skip
        read_only_fields = fields

    def get_reached(self, recipient: Any) -> bool:
        """Tell whether the help reached whom it was for."""
        return has_reached(recipient.amount, recipient.delivered)

    def get_effect_due_on(self, recipient: MeasureRecipient) -> date:
        """Return the last day on which its effect is recorded in time."""
        return effect_due(recipient.measure.on)


class MeasureSerializer(serializers.ModelSerializer[AssistMeasure]):
    """一项帮扶措施，附受益户。"""

    village_code = serializers.CharField(source="division_id")
    person = serializers.CharField(source="person.name", help_text="责任人")
    person_id = serializers.IntegerField()
    plan_id = serializers.IntegerField(allow_null=True)
    recipients = RecipientSerializer(many=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = AssistMeasure
        fields = (
            "id", "village_code", "on", "kind", "content", "money_source", "amount", "project_no", "led_by", "person",
            "person_id", "plan_id", "withdrawn_on", "withdrawn_because", "recipients", "url",
        )  # fmt: skip
        read_only_fields = fields

    def get_url(self, measure: AssistMeasure) -> str:
        """Return the address of the measure."""
        return str(reverse("api:measures-detail", args=[measure.pk], request=self.context["request"]))


class ForSerializer(serializers.Serializer[Any]):
    """一个受益户，或其中一名成员。"""

    household_no = serializers.RegexField(r"^\d{16}$")
    member_no = serializers.RegexField(r"^\d{18}$", required=False, allow_null=True, default=None)
    amount = serializers.DecimalField(**_MONEY, required=False, allow_null=True, default=None)
    runs_until = serializers.DateField(required=False, allow_null=True, default=None)


class NewMeasureSerializer(serializers.Serializer[Any]):
    """新的措施：没有受益户的列为未到户。"""

    village_code = serializers.RegexField(r"^\d{12}$")
    on = serializers.DateField()
    kind = serializers.ChoiceField(choices=MeasureKind.choices, help_text="CL21")
    content = serializers.CharField(max_length=200)
    money_source = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    amount = serializers.DecimalField(**_MONEY, required=False, allow_null=True, default=None)
    project_no = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    led_by = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    person_id = serializers.IntegerField(help_text="责任人，须可到该村服务")
    plan_id = serializers.IntegerField(required=False, allow_null=True, default=None)
    recipients = ForSerializer(many=True, required=False)


@extend_schema_view(
    list=extend_schema(
        summary="帮扶措施列表",
        description="本部门岗位所属区划内的，最近的在前，附受益户、到户和成效。",
        parameters=questions(MeasureFilter),
    ),
    retrieve=extend_schema(
        summary="一项措施", parameters=[_ID], responses={200: MeasureSerializer, 404: NOT_HERE}
    ),
    create=extend_schema(
        summary="登记措施",
        description="未公告在册和已退出的户不能列为受益户；与网页登记同一规则。",
        request=NewMeasureSerializer,
        responses={
            201: MeasureSerializer,
            400: REFUSED,
            403: OpenApiResponse(description="岗位不能登记帮扶"),
        },
    ),
)
@extend_schema(tags=["measures"])
class Measures(viewsets.GenericViewSet[AssistMeasure]):
    """帮扶措施。"""

    doors: ClassVar = {
        "list": "registry.view_help",
        "retrieve": "registry.view_help",
        "create": Door("registry.change_help", audit="help.measure"),
    }
    serializer_class = MeasureSerializer
    filter_backends = ()
    lookup_field = "id"
    lookup_value_regex = r"\d{1,18}"
    queryset = AssistMeasure.objects.none()

    def get_queryset(self) -> "QuerySet[AssistMeasure]":
        """Return the measures of the post's divisions."""
        return AssistMeasure.objects.visible_to(self.request.user).select_related("person")

    def list(self, request: Request) -> Response:
        """List the measures, the latest first; recipients, deliveries and effects take one query each a page."""
        asking = MeasureFilter(request.query_params, self._whole(self.get_queryset()))
        page = self.paginate_queryset(ordered(filtered(asking), "-on")) or []
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002  (the word in the address)
        """Answer one measure."""
        return self._shown(int(id))

    def create(self, request: Request) -> Response:
        """Put down a measure with those whom it is for."""
        asked = NewMeasureSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given, wrong = asked.validated_data, _Wrong()
        village = self._village(given["village_code"], wrong)
        person = AssistPerson.objects.visible_to(request.user).filter(pk=given["person_id"]).first()
        wrong.unless(person, "person_id")
        plan = None
        if given["plan_id"] is not None:
            plan = AssistPlan.objects.visible_to(request.user).filter(pk=given["plan_id"]).first()
            wrong.unless(plan, "plan_id")
        whom = [
            self._for(one, f"recipients[{at}]", wrong) for at, one in enumerate(given.get("recipients", []))
        ]
        wrong.refuse()
        assert person is not None  # noqa: S101  (else refused)
        plain = {
            name: given[name]
            for name in ("on", "kind", "content", "money_source", "amount", "project_no", "led_by")
        }
        with as_api(dict):
            measure = put_down_measure(
                actor=user_of(request),
                village=village,
                facts=MeasureFacts(person=person, plan=plan, **plain),
                recipients=[one for one in whom if one is not None],
                today=timezone.localdate(),
            )
        return self._shown(measure.pk, status=201)

    def _whole(self, measures: "QuerySet[AssistMeasure]") -> "QuerySet[AssistMeasure]":
        to_whom = all_recipients(user_of(self.request)).select_related("household", "member", "measure")
        return measures.prefetch_related(
            Prefetch("recipients", to_whom.order_by("pk")),
            Prefetch("recipients__deliveries", MeasureDelivery.objects.order_by("on", "pk")),
            Prefetch("recipients__effects", AssistEffect.objects.order_by("on", "pk")),
        )

    def _village(self, code: str, wrong: "_Wrong") -> int:
        post = user_of(self.request).post
        here = post and Division.objects.within(post.division_id).filter(pk=int(code)).exists()
        wrong.unless(here and is_administrative_village(int(code)), "village_code")
        return int(code)

    def _for(self, given: dict[str, Any], path: str, wrong: "_Wrong") -> For | None:
        user = self.request.user
        household = Household.objects.visible_to(user).filter(household_no=given["household_no"]).first()
        wrong.unless(household, f"{path}.household_no")
        member = None
        if given["member_no"] is not None:
            member = Member.objects.visible_to(user).filter(member_no=given["member_no"]).first()
            wrong.unless(member, f"{path}.member_no")
        if household is None:
            return None
        return For(household, member, given["amount"], given["runs_until"])

    def _shown(self, key: int, **how: Any) -> Response:
        measure = self._whole(self.get_queryset()).filter(pk=key).first()
        if measure is None:
            raise Http404
        return Response(self.get_serializer(measure).data, **how)


class _Wrong:
    """Gathers what is named and not there, so that all of it is told at once."""

    def __init__(self) -> None:
        self._lines: list[dict[str, str]] = []

    def unless(self, found: object, field: str) -> None:
        """Note the field unless something was found."""
        if not found:
            self._lines.append({"field": field, "rule": "", "message": NOT_THERE})

    def refuse(self) -> None:
        """Raise 400 with everything noted."""
        if self._lines:
            raise Refusals(self._lines)

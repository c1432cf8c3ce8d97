"""``POST /api/v1/auth/token/``: a program draws a token with its department's name and password."""

from typing import Any, ClassVar

from django.contrib.auth import authenticate
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from fupin.accounts import audit, proof, second_factor, sign_ins
from fupin.accounts.doors import Door
from fupin.accounts.errors import NotPossible
from fupin.accounts.models import Post, User
from fupin.accounts.services.tokens import draw_token

WRONG = "用户名、口令或动态口令不对"


class TokenRequest(serializers.Serializer[None]):
    """What is asked of a program that wants a token."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=128, trim_whitespace=False)
    otp = serializers.RegexField(r"^\d{6}$", required=False, help_text="动态口令；演示方式不需要")
    post = serializers.IntegerField(required=False, help_text="任多个岗位时，令牌所用岗位的编号")


class TokenAnswer(serializers.Serializer[dict[str, Any]]):
    """A token and under which post it acts."""

    token = serializers.CharField()
    expires_at = serializers.DateTimeField()
    post = serializers.IntegerField()
    role = serializers.CharField()
    division = serializers.CharField()


class DrawToken(APIView):
    """Draw a token that holds for a day."""

    doors: ClassVar = {"post": Door(None, audit="accounts.draw_token", open=True)}
    authentication_classes = ()

    @extend_schema(
        tags=["auth"],
        summary="领取令牌",
        description="令牌一天有效，以 Authorization: Token … 带上；连错五次锁定 30 分钟。",
        request=TokenRequest,
        responses=TokenAnswer,
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Return a token for the user's post; the lockout after five failures holds here too."""
        asked = TokenRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        user = authenticate(request._request, username=said["username"], password=said["password"])
        if not isinstance(user, User) or not _second_factor_given(user, said.get("otp", "")):
            return _refused(WRONG)
        audit.note(user=user)
        if proof.password_due(user, timezone.now()):
            return _refused("口令已到期或尚未修改，请先在网页上修改")
        post = _post(user, said.get("post"))
        if post is None:
            return _refused("没有在任的岗位")
        try:
            token, key = draw_token(user=user, post=post)
        except NotPossible as refused:
            return _refused(str(refused))
        answer = {
            "token": key,
            "expires_at": token.expires_at,
            "post": post.pk,
            "role": post.role,
            "division": str(post.division_id),
        }
        return Response(TokenAnswer(answer).data)


def _second_factor_given(user: User, code: str) -> bool:
    if not proof.second_factor_due(user):
        return True
    device, _ = second_factor.check(user, code)
    return device is not None


def _post(user: User, wanted: int | None) -> Post | None:
    today = timezone.localdate()
    if wanted is None:
        return sign_ins.first_post(user, today)
    return Post.objects.held_on(today).filter(user=user, pk=wanted).select_related("division").first()


def _refused(message: str) -> Response:
    return Response({"errors": [{"field": "", "rule": "", "message": message}]}, status=400)

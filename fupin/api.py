"""`/api/v1/`: where departments' programs come in. Each room brings its viewsets; here they get their addresses."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.decorators.http import require_GET
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from funds.api.money import Allotments, Appropriations
from funds.api.spending import Payments, Returns
from fupin.accounts.doors import door
from fupin.deadlines.api import Deadlines
from fupin.divisions.api import Divisions
from fupin.notices.api import Notices
from projects.api.projects import Projects
from registry.api.cases import Cases
from registry.api.households import Households
from registry.api.labourers import Labourers
from registry.api.measures import Measures
from registry.api.members import Members
from registry.api.villages import Villages

router = SimpleRouter()
router.register("divisions", Divisions, basename="divisions")
router.register("villages", Villages, basename="villages")
router.register("households", Households, basename="households")
router.register("members", Members, basename="members")
router.register("labourers", Labourers, basename="labourers")
router.register("cases", Cases, basename="cases")
router.register("notices", Notices, basename="notices")
router.register("measures", Measures, basename="measures")
router.register("projects", Projects, basename="projects")
router.register("appropriations", Appropriations, basename="appropriations")
router.register("allotments", Allotments, basename="allotments")
router.register("payments", Payments, basename="payments")
router.register("returns", Returns, basename="returns")
router.register("deadlines", Deadlines, basename="deadlines")


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its registration
    """A department's token, as OpenAPI describes it."""

    target_class = "fupin.accounts.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the header that it comes in."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Authorization: Token …，由 POST /api/v1/auth/token/ 领取，或由安全管理员签发",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its registration
    """The browser's session."""

    target_class = "fupin.accounts.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the cookie that it comes in."""
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


@door(None)
@require_GET
def api_docs(request: HttpRequest) -> HttpResponse:
    """Show the interface as a page; its scripts and styles are our own files."""
    return render(request, "api/docs.html")


urlpatterns = [
    path("api/v1/", include((router.urls, "api"))),
    path("api/schema/", door(None)(SpectacularAPIView.as_view()), name="api_schema"),
    path("api/docs/", api_docs, name="api_docs"),
]

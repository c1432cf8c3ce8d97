"""The prints' addresses, with the site's own."""

from django.urls import include, path

from fupin.urls import handler400, handler403, handler404, handler500, urlpatterns as site
from registry.views import prints

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path("registry/", include(prints.urlpatterns)), *site]

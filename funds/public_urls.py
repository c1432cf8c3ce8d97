"""Addresses of money for everybody, under `/public/`."""

from funds.views import public

urlpatterns = public.urlpatterns

"""The auditor's bench: saved questions, samples, what was found, and how often it disagreed."""

from registry.views.audit import questions, samples

urlpatterns = [*questions.urlpatterns, *samples.urlpatterns]

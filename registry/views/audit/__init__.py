"""The auditor's bench: saved questions, two days compared, samples, what was found, and how often it disagreed."""

from registry.views.audit import changes, questions, samples

urlpatterns = [*questions.urlpatterns, *changes.urlpatterns, *samples.urlpatterns]

"""Addresses of the divisions."""

from django.urls import path

from fupin.divisions import views

urlpatterns = [
    path("divisions/", views.division_list, name="division_list"),
    path("divisions/search/", views.division_search, name="division_search"),
    path("divisions/<int:code>/", views.division_list, name="division_tree"),
]

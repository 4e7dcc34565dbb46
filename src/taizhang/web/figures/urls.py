"""Addresses of figures."""

from __future__ import annotations

from django.urls import path

from taizhang.web.figures import views, views_programme

app_name = "figures"
urlpatterns = [
    path("figures/", views_programme.dashboard_page, name="programme"),
    path("figures/table/", views_programme.table, name="table"),
    path("unit/<str:code>/", views.unit, name="unit"),
    path("figure/", views.figure, name="figure"),
]

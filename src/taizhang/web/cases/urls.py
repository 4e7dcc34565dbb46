"""Addresses of the pages of cases."""

from __future__ import annotations

from django.urls import path

from taizhang.web.cases import views

app_name = "cases"
urlpatterns = [
    path("cases/", views.cases, name="list"),
    path("cases/<path:uid>/withdraw", views.step_take_back, name="withdraw"),
    path("cases/<path:uid>/", views.case, name="case"),
]

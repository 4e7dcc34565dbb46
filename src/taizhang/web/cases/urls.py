"""Addresses of the pages of cases."""

from __future__ import annotations

from django.urls import path

from taizhang.web.cases import views, views_working_day

app_name = "cases"
urlpatterns = [
    path("working-days/", views_working_day.holidays, name="holidays"),
    path("cases/", views.cases, name="list"),
    path("cases/<path:uid>/withdraw", views.step_take_back, name="withdraw"),
    path("cases/<path:uid>/", views.case, name="case"),
]

"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from taizhang.web.desk import views, views_burden, views_figures, views_home, views_plan

app_name = "desk"
urlpatterns = [
    path("", views_home.home, name="home"),
    path("desk/plans/", views_home.home_plans, name="home-plans"),
    path("due/", views_home.things_due, name="due"),
    path("desk/close/", views_home.close_month, name="close"),
    path("plan/", views_plan.plan, name="plan"),
    path("plan/quotas/", views_plan.quotas, name="quotas"),
    path("calendar/", views_plan.calendar, name="calendar"),
    path("figures/", views_figures.dashboard_page, name="figures"),
    path("figures/table/", views_figures.table, name="figures-table"),
    path("burden/", views_burden.burden, name="burden"),
    path("burden/forms/", views_burden.forms, name="forms"),
    path("burden/forms/<str:form>/", views_burden.marks, name="marks"),
    path("unit/<str:code>/", views.unit, name="unit"),
    path("figure/", views.figure, name="figure"),
    path("document/<str:code>/<str:key>/", views.document, name="document"),
    path("document.css", views.document_style, name="document-style"),
]

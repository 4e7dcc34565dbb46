"""Addresses of the plan, the calendar and burden."""

from __future__ import annotations

from django.urls import path

from taizhang.web.plans import views, views_burden, views_calendar

app_name = "plans"
urlpatterns = [
    path("plan/", views.plan, name="plan"),
    path("plan/quotas/", views.quotas, name="quotas"),
    path("calendar/", views_calendar.calendar, name="calendar"),
    path("burden/", views_burden.burden, name="burden"),
    path("burden/forms/", views_burden.forms, name="forms"),
    path("burden/forms/<str:form>/", views_burden.marks, name="marks"),
]

"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from taizhang.web.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("desk/plans/", views.home_plans, name="home-plans"),
    path("due/", views.things_due, name="due"),
    path("desk/close/", views.close_month, name="close"),
]

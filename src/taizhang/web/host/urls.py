"""Addresses of the host's own pages."""

from __future__ import annotations

from django.urls import path

from taizhang.web.host import views

app_name = "host"
urlpatterns = [
    path("setup/", views.setup, name="setup"),
    path("host/settings/", views.settings, name="settings"),
    path("complain", views.complain, name="complain"),
    path("complaints/", views.complaints, name="complaints"),
    path("complaints/<int:number>/", views.complaint, name="complaint"),
]

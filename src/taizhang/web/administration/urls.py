"""Addresses of the host's own pages."""

from __future__ import annotations

from django.urls import path

from taizhang.web.administration import (
    views,
    views_audit,
    views_complaints,
    views_packs,
    views_units,
)

app_name = "host"
urlpatterns = [
    path("setup/", views.setup, name="setup"),
    path("host/units/", views_units.units, name="units"),
    path("host/bodies/add", views_units.body_added, name="body_add"),
    path("host/bodies/end", views_units.body_ended, name="body_end"),
    path("host/units/try", views_units.units_try, name="units_try"),
    path("host/units/<int:number>/", views_units.units_import_page, name="units_import"),
    path("host/packs/", views_packs.packs, name="packs"),
    path("host/packs/try", views_packs.pack_try, name="pack_try"),
    path("host/packs/staged/<int:number>/", views_packs.pack_install, name="pack_install"),
    path("host/packs/<int:number>/", views_packs.pack, name="pack"),
    path("host/audit/", views_audit.audit, name="audit"),
    path("host/audit/verify", views_audit.audit_verify, name="audit_verify"),
    path("host/settings/", views.settings, name="settings"),
    path("complain", views_complaints.complain, name="complain"),
    path("complaints/", views_complaints.complaints, name="complaints"),
    path("complaints/<int:number>/", views_complaints.complaint, name="complaint"),
]

"""Addresses of the start page."""

from __future__ import annotations

from django.urls import path

from taizhang.web.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("unit/<str:code>/", views.unit, name="unit"),
    path("figure/", views.figure, name="figure"),
    path("record/<path:uid>/", views.record, name="record"),
    path("document/<str:code>/<str:key>/", views.document, name="document"),
    path("document.css", views.document_style, name="document-style"),
]

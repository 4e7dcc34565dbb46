"""Addresses of the pages of things; stickers hold that of ``thing``."""

from __future__ import annotations

from django.urls import path

from taizhang.web.things import views

app_name = "things"
urlpatterns = [
    path("things/", views.things, name="list"),
    path("things/stickers/", views.stickers, name="stickers"),
    path("things/<path:uid>/merge/", views.merge, name="merge"),
    path("things/<path:uid>/part", views.part, name="part"),
    path("things/<path:uid>/", views.thing, name="thing"),
]

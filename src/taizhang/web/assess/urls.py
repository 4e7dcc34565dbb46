"""Addresses of assessments."""

from __future__ import annotations

from django.urls import path

from taizhang.web.assess import views

app_name = "assess"
_UNIT = "assessment/<str:code>/<int:number>/"
urlpatterns = [
    path("assessment/", views.rounds, name="list"),
    path("assessment/open/", views.opening, name="open"),
    path("assessment/self/<str:code>/", views.own, name="own"),
    path("assessment/round/<int:number>/", views.round_page, name="round"),
    path("assessment/round/<int:number>/score", views.scoring, name="score"),
    path("assessment/round/<int:number>/publish", views.publish, name="publish"),
    path("assessment/round/<int:number>/sign", views.sign, name="sign"),
    path("assessment/round/<int:number>/withdraw", views.withdraw, name="withdraw"),
    path("assessment/round/<int:number>/notice.<str:ending>", views.notice, name="notice"),
    path(_UNIT, views.unit_page, name="unit"),
    path(f"{_UNIT}accept", views.accept, name="accept"),
    path(f"{_UNIT}correct", views.correct, name="correct"),
    path(f"{_UNIT}item/<str:key>/", views.item_page, name="item"),
    path(f"{_UNIT}item/<str:key>/decide", views.decide, name="decide"),
    path(f"{_UNIT}item/<str:key>/appeal", views.appeal, name="appeal"),
    path(f"{_UNIT}item/<str:key>/answer", views.answer, name="answer"),
    path(f"{_UNIT}item/<str:key>/circumstance", views.circumstance, name="circumstance"),
    path(f"{_UNIT}item/<str:key>/adjust", views.adjust, name="adjust"),
    path(f"{_UNIT}version/<int:version>/", views.version_page, name="version"),
    path(f"{_UNIT}version/<int:version>.<str:ending>", views.version_file, name="version-file"),
]

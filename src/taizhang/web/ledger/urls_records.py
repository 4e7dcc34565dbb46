"""Addresses of the pages that show records; the app's ``urls.py`` takes them in."""

from __future__ import annotations

from django.urls import path

from taizhang.web.ledger import views_records

records_urlpatterns = [
    path("records/", views_records.records, name="records"),
    path("records/<path:uid>/", views_records.record_page, name="record_page"),
    path("review/<path:uid>/", views_records.review, name="review"),
    path("archive/<path:uid>/", views_records.archive, name="archive"),
    path("evidence/<int:number>/", views_records.evidence, name="evidence"),
]

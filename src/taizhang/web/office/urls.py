"""Addresses of documents and old texts."""

from __future__ import annotations

from django.urls import path

from taizhang.web.office import views, views_review, views_written
from taizhang.web.office.workbook import views as views_workbook

app_name = "office"
_DRAFT = "documents/<str:code>/<int:number>/"
_REVIEW = "old-texts/<str:code>/<int:number>/"
_OUTSIDE = "outside-forms/<str:code>/<int:number>/"
urlpatterns = [
    path("documents/", views.documents, name="list"),
    path("documents/new", views.draft_new, name="new"),
    path(_DRAFT, views.draft_page, name="draft"),
    path(f"{_DRAFT}fill", views.fill, name="fill"),
    path(f"{_DRAFT}freeze", views.freeze, name="freeze"),
    path(f"{_DRAFT}drop", views.drop, name="drop"),
    path(f"{_DRAFT}compare/", views.compare, name="compare"),
    path(f"{_DRAFT}draft.<str:ending>", views.draft_file, name="draft-file"),
    path(f"{_DRAFT}version/<int:version>/", views.version_page, name="version"),
    path(f"{_DRAFT}version/<int:version>.<str:ending>", views.version_file, name="version-file"),
    path("old-texts/", views_review.texts, name="reading"),
    path("old-texts/baseline/", views_review.baseline, name="baseline"),
    path("document/<str:code>/<str:key>/", views_written.document, name="document"),
    path("document.css", views_written.document_style, name="document-style"),
    path(_REVIEW, views_review.review, name="review"),
    path(f"{_REVIEW}choose", views_review.choose, name="choose"),
    path(f"{_REVIEW}choose-all", views_review.choose_all, name="choose-all"),
    path(f"{_REVIEW}type", views_review.type_say, name="type"),
    path(f"{_REVIEW}result/", views_review.result, name="result"),
    path(f"{_REVIEW}store", views_review.store, name="store"),
    path(f"{_REVIEW}drafts.zip", views_review.drafts, name="drafts"),
    path(f"{_REVIEW}delete", views_review.delete, name="delete"),
    path("outside-forms/", views_workbook.outside, name="outside"),
    path("outside-forms/new", views_workbook.outside_new, name="outside-new"),
    path(_OUTSIDE, views_workbook.outside_form, name="outside-form"),
    path(f"{_OUTSIDE}map", views_workbook.outside_map, name="outside-map"),
    path(f"{_OUTSIDE}describe", views_workbook.outside_describe, name="outside-describe"),
    path(f"{_OUTSIDE}drop", views_workbook.outside_drop, name="outside-drop"),
    path(f"{_OUTSIDE}fill", views_workbook.outside_fill, name="outside-fill"),
    path(f"{_OUTSIDE}filled/<int:version>/", views_workbook.filled_form, name="filled"),
    path(
        f"{_OUTSIDE}filled/<int:version>.<str:ending>",
        views_workbook.filled_file,
        name="filled-file",
    ),
]

"""Addresses of the exchange; each of OpenRosa's stands with a secret in front and without."""

from __future__ import annotations

from django.urls import URLPattern, path

from taizhang.web.exchange import views

app_name = "exchange"
_OPENROSA = (
    ("formList", views.form_list, "form_list"),
    ("xforms/<str:form>/form.xml", views.form, "form"),
    ("xforms/<str:form>/manifest.xml", views.manifest, "manifest"),
    ("xforms/<str:form>/media/<str:name>", views.media, "media"),
    ("submission", views.submission, "submission"),
)
urlpatterns: list[URLPattern] = [
    *(path(address, view, name=name) for address, view, name in _OPENROSA),
    *(
        path(f"key/<str:secret>/{address}", view, name=f"key_{name}")
        for address, view, name in _OPENROSA
    ),
    path("calendar/<str:secret>.ics", views.ical, name="ical"),
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/<int:pk>/revoke", views.revoke, name="revoke"),
]

"""Addresses of people and their accounts."""

from __future__ import annotations

from django.urls import path

from taizhang.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("login", views.login, name="login"),
    path("logout", views.logout, name="logout"),
]

"""Addresses of people and their accounts."""

from __future__ import annotations

from django.urls import path

from taizhang.web.accounts import views, views_people

app_name = "accounts"
urlpatterns = [
    path("login", views.login, name="login"),
    path("logout", views.logout, name="logout"),
    path("account/", views.account, name="account"),
    path("account/code", views.code, name="code"),
    path("account/password", views.password, name="password"),
    path("account/totp", views.totp, name="totp"),
    path("account/sign-out", views.sign_out, name="sign_out"),
    path("jobs/<int:number>/", views.job, name="job"),
    path("people/", views_people.listing, name="people"),
    path("people/waiting/", views_people.waiting, name="waiting"),
    path("people/add", views_people.add, name="person_add"),
    path("people/<int:number>/", views_people.person, name="person"),
    path("people/<int:number>/grant", views_people.grant, name="grant"),
    path("people/<int:number>/grant/<int:grant>/end", views_people.grant_end, name="grant_end"),
    path("people/<int:number>/secure", views_people.secure, name="secure"),
]

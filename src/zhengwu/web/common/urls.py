"""Addresses of the app common."""

from django.urls import path

from zhengwu.web.common import operations, people_views, views

app_name = "common"
urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-in/code/", views.second_step, name="second-step"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("language/", views.language, name="language"),
    path("account/", views.account, name="account"),
    path("account/password/", views.password, name="password"),
    path("account/sign-out-elsewhere/", views.sign_out_elsewhere, name="sign-out-elsewhere"),
    path("account/second-step/", views.second_step_setup, name="second-step-setup"),
    path("account/second-step/remove/", views.second_step_remove, name="second-step-remove"),
    path("people/", people_views.people, name="people"),
    path("people/add/", people_views.person_add, name="person-add"),
    path("people/<int:pk>/", people_views.person, name="person"),
    path("people/<int:pk>/active/", people_views.person_active, name="person-active"),
    path("people/<int:pk>/password/", people_views.person_password, name="person-password"),
    path("units/", people_views.units, name="units"),
    path("units/add/", people_views.unit_add, name="unit-add"),
    path("units/<int:pk>/", people_views.unit, name="unit"),
    path("trail/", people_views.trail, name="trail"),
    path("healthz", operations.health, name="health"),
    path("metrics", operations.metrics, name="metrics"),
]

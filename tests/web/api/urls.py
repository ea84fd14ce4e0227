"""The platform's addresses with the API among them, whether the project wires it already or not."""

from django.urls import path

from zhengwu.web.api import api
from zhengwu.web.urls import urlpatterns as platform

urlpatterns = [path("api/v1/", api.urls), *platform]

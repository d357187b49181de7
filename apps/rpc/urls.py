"""/api, with and without a slash at the end."""

from django.urls import path

from apps.rpc import views

app_name = "rpc"
urlpatterns = [path("api", views.gateway, name="gateway"), path("api/", views.gateway)]

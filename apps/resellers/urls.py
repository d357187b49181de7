"""The brand's files."""

from django.urls import path

from apps.resellers import views

app_name = "brand"
urlpatterns = [
    path("brand.css", views.sheet, name="sheet"),
    path("brand/logo", views.logo, name="logo"),
    path("brand/icon.svg", views.icon, name="icon"),
]

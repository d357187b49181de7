"""The demo's mailbox."""

from django.urls import path

from apps.notifications import views

app_name = "mailbox"
urlpatterns = [
    path("", views.mails, name="mails"),
    path("<int:number>/", views.mail, name="mail"),
    path("<int:number>/html/", views.html, name="html"),
]

"""The customers' pages."""

from django.urls import path

from apps.panel import jobs, orders, views

app_name = "panel"
urlpatterns = [
    path("", views.home, name="home"),
    path("servers/", views.servers, name="servers"),
    path("servers/<int:server_id>/", views.server, name="server"),
    path("servers/<int:server_id>/clone/", orders.clone, name="clone"),
    path("servers/<int:server_id>/reinstall/", orders.reinstall, name="reinstall"),
    path("servers/<int:server_id>/<slug:action>/", views.power, name="power"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:job_id>/", jobs.job, name="job"),
    path("jobs/<int:job_id>/cancel/", jobs.cancel, name="cancel"),
    path("jobs/<int:job_id>/hide-password/", jobs.hide, name="hide_password"),
    path("tray/", jobs.tray, name="tray"),
    path("notifications/", jobs.inbox, name="inbox"),
    path("notifications/read/", jobs.read, name="read"),
]

"""/api/v1/"""

from django.urls import path, re_path

from apps.api import problems, schema, views

app_name = "api"
urlpatterns = [
    path("servers/", views.Servers.as_view(), name="servers"),
    path("servers/<int:server_id>/", views.OneServer.as_view(), name="server"),
    path("servers/<int:server_id>/actions/<slug:action>/", views.Action.as_view(), name="action"),
    path("templates/", views.Templates.as_view(), name="templates"),
    path("jobs/", views.Jobs.as_view(), name="jobs"),
    path("jobs/<int:job_id>/", views.OneJob.as_view(), name="job"),
    path("jobs/<int:job_id>/cancel/", views.Cancel.as_view(), name="cancel"),
    path("account/", views.Account.as_view(), name="account"),
    path("schema/", schema.Schema.as_view(), name="schema"),
    path("docs/", schema.docs, name="docs"),
    re_path(r"^.*$", problems.unknown_address),
]

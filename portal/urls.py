"""Every address, by door."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("apps.web.urls")),
    path("", include("apps.resellers.urls")),
    path("account/", include("apps.accounts.urls")),
    path("mailbox/", include("apps.notifications.urls")),
    path("", include("apps.rpc.urls")),
    path("api/v1/", include("apps.api.urls")),
    path("", include("apps.panel.urls")),
]

handler400 = "apps.web.errors.bad_request"
handler403 = "apps.web.errors.forbidden"
handler404 = "apps.web.errors.not_found"
handler500 = "apps.web.errors.broken"

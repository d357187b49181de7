"""/api/v1/"""

from django.urls import path, re_path

from apps.api import billing, changes, dns, images, interfaces, networks, offers, problems, schema, statistics, views

app_name = "api"
urlpatterns = [
    path("servers/", views.Servers.as_view(), name="servers"),
    path("servers/<int:server_id>/", views.OneServer.as_view(), name="server"),
    path("servers/<int:server_id>/actions/<slug:action>/", views.Action.as_view(), name="action"),
    path("servers/<int:server_id>/interfaces/", interfaces.Interfaces.as_view(), name="interfaces"),
    path("servers/<int:server_id>/interfaces/<int:interface_id>/", interfaces.OneInterface.as_view(), name="interface"),
    path(
        "servers/<int:server_id>/interfaces/<int:interface_id>/<slug:switch>/",
        interfaces.Switch.as_view(),
        name="interface_switch",
    ),
    path("servers/<int:server_id>/metrics/", statistics.Metrics.as_view(), name="metrics"),
    path("presets/", offers.Presets.as_view(), name="presets"),
    path("presets/<int:preset_id>/", offers.OnePreset.as_view(), name="preset"),
    path("templates/", images.Templates.as_view(), name="templates"),
    path("templates/<int:template_id>/", images.OneTemplate.as_view(), name="template"),
    path("isos/", images.Isos.as_view(), name="isos"),
    path("isos/<int:iso_id>/", images.OneIso.as_view(), name="iso"),
    path("servers/<int:server_id>/iso/", images.DriveOfServer.as_view(), name="drive"),
    path("jobs/", views.Jobs.as_view(), name="jobs"),
    path("jobs/<int:job_id>/", views.OneJob.as_view(), name="job"),
    path("jobs/<int:job_id>/cancel/", views.Cancel.as_view(), name="cancel"),
    path("changes/", changes.Changes.as_view(), name="changes"),
    path("changes/<int:change_id>/", changes.OneChange.as_view(), name="change"),
    path("dns/zones/", dns.Zones.as_view(), name="zones"),
    path("dns/zones/<int:zone_id>/", dns.OneZone.as_view(), name="zone"),
    path("dns/zones/<int:zone_id>/records/", dns.Records.as_view(), name="records"),
    path("dns/zones/<int:zone_id>/records/<int:record_id>/", dns.OneRecord.as_view(), name="record"),
    path("dns/ptr/", dns.ReverseNames.as_view(), name="reverse_names"),
    path("networks/", networks.Networks.as_view(), name="networks"),
    path("networks/<int:network_id>/", networks.OneNetwork.as_view(), name="network"),
    path("contracts/", billing.Contracts.as_view(), name="contracts"),
    path("contracts/<int:contract_id>/", billing.OneContract.as_view(), name="contract"),
    path("files/<int:file_id>/", billing.OneFile.as_view(), name="file"),
    path("billing/payments/", billing.Payments.as_view(), name="payments"),
    path("billing/charges/", billing.Charges.as_view(), name="charges"),
    path("billing/bills/", billing.Bills.as_view(), name="bills"),
    path("account/", views.Account.as_view(), name="account"),
    path("schema/", schema.Schema.as_view(), name="schema"),
    path("docs/", schema.docs, name="docs"),
    re_path(r"^.*$", problems.unknown_address),
]

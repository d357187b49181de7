"""Templates and ISO images; DNS."""

from apps.upstream.catalogue.shapes import SERVER, Category, Command, Parameter, Provenance, Resource, Type, optional

M, N = Category.IMAGES, Category.DNS
I = Provenance.INFERRED  # noqa: E741
TEMPLATE = Parameter("template", names=Resource.TEMPLATE)
ISO = Parameter("iso", names=Resource.ISO)
ZONE = Parameter("zid", names=Resource.ZONE)
RECORD = Parameter("rid", names=Resource.RECORD)
TYPES = ("A", "AAAA", "CNAME", "MX", "TXT", "NS", "SRV", "CAA")
CONTENT = (
    Parameter("name"),
    Parameter("type", choices=TYPES),
    Parameter("value"),
    Parameter("ttl", Type.INTEGER, required=False, minimum=1, maximum=2_147_483_647),
    Parameter("prio", Type.INTEGER, required=False, minimum=0, maximum=65_535),
)

COMMANDS = (
    Command("get_templates", M, I, answers="list of id, name, os, min_hdd, owner (system or the account)", reads=True),
    Command("add_template", M, I, (SERVER, Parameter("name")), "the new template's id", journalled=True),
    Command("update_template", M, I, (TEMPLATE, Parameter("name")), "nothing"),
    Command("del_template", M, I, (TEMPLATE,), "nothing"),
    Command("get_isos", M, I, answers="list of id, name, size, owner", reads=True),
    Command("add_iso", M, I, (Parameter("url"), Parameter("name")), "the new image's id", journalled=True),
    Command("del_iso", M, I, (ISO,), "nothing"),
    Command("mount_iso", M, I, (SERVER, ISO), "nothing"),
    Command("umount_iso", M, I, (SERVER, optional("iso", names=Resource.ISO)), "nothing"),
    Command("get_dns_zones", N, I, answers="list of zid, zone, serial", reads=True),
    Command("add_dns_zone", N, I, (Parameter("zone"),), "zid"),
    Command("del_dns_zone", N, I, (optional("zone"), optional("zid", names=Resource.ZONE)), "nothing"),
    Command("get_dns_records", N, I, (ZONE,), "list of rid, name, type, value, ttl, prio", reads=True),
    Command("add_dns_record", N, I, (ZONE, *CONTENT), "rid"),
    Command("update_dns_record", N, I, (ZONE, RECORD, *CONTENT), "nothing"),
    Command("del_dns_record", N, I, (ZONE, RECORD), "nothing"),
    Command("set_ptr", N, I, (Parameter("ip"), Parameter("name")), "nothing; reverse DNS"),
)

"""Servers: what they are, what can be done to them."""

from apps.upstream.catalogue.shapes import SERVER, Category, Command, Parameter, Provenance, Resource, Type, optional

S = Category.SERVERS
D, N, I = Provenance.DOCUMENTED, Provenance.NAME_ONLY, Provenance.INFERRED  # noqa: E741

SIZE = (
    Parameter("cputype", Type.INTEGER, required=False, minimum=2, maximum=3),
    optional("hdd_list", Type.LIST),
    optional("preset"),
    optional("contract", names=Resource.CONTRACT),
    optional("server_name"),
    Parameter("template", required=False, names=Resource.TEMPLATE, inferred=True),
    Parameter("password", required=False, secret=True, inferred=True),
)
ACCEPTED = "the server's id: accepted"


def _plain(name: str, known: Provenance) -> Command:
    return Command(name, S, known, (SERVER,), ACCEPTED, journalled=True)


COMMANDS = (
    Command(
        "get_servers",
        S,
        I,
        answers="list of id, server_name, status, cpu, cputype, ram, hdd_list, eth_list, template, iso, contract, "
        "preset, datecreate",
        reads=True,
    ),
    Command("get_server", S, I, (SERVER,), "one server, as in get_servers", reads=True),
    Command("get_servers_status", S, N, answers="list or mapping of id and status", reads=True),
    Command("get_presets", S, N, answers="list of id, name, cpu, cputype, ram, hdd, price", reads=True),
    Command(
        "add_server",
        S,
        D,
        (Parameter("cpu", Type.INTEGER, minimum=1), Parameter("ram", Type.NUMBER, minimum=0), *SIZE),
        "the new server's id",
        journalled=True,
        as_json=True,
    ),
    Command(
        "update_server",
        S,
        N,
        (
            SERVER,
            Parameter("cpu", Type.INTEGER, required=False, minimum=1),
            Parameter("ram", Type.NUMBER, required=False, minimum=0),
            *SIZE,
        ),
        ACCEPTED,
        journalled=True,
        as_json=True,
    ),
    _plain("run_server", D),
    _plain("stop_server", D),
    _plain("pause_server", D),
    _plain("reload_server", D),
    _plain("archive_server", N),
    _plain("restore_server", I),
    _plain("del_server", N),
    Command(
        "reinstall_server",
        S,
        N,
        (
            SERVER,
            Parameter("template", names=Resource.TEMPLATE),
            Parameter("password", required=False, secret=True),
        ),
        ACCEPTED,
        journalled=True,
    ),
    Command("clone_server", S, I, (SERVER, optional("server_name")), "the new server's id", journalled=True),
    Command("get_vnc", S, I, (SERVER,), "url of a VNC-over-WebSocket console, password, expires", reads=True),
)

"""Private networks and interfaces; statistics; contracts; finance."""

from apps.upstream.catalogue.shapes import SERVER, Category, Command, Parameter, Provenance, Resource, Type, optional

W, T, C, F = Category.NETWORKS, Category.STATISTICS, Category.CONTRACTS, Category.FINANCE
D, N, I = Provenance.DOCUMENTED, Provenance.NAME_ONLY, Provenance.INFERRED  # noqa: E741
NETWORK = Parameter("vlan", names=Resource.NETWORK)
CONTRACT = Parameter("contract", names=Resource.CONTRACT)
SPAN = (optional("from", Type.DATE), optional("to", Type.DATE))

COMMANDS = (
    Command("get_vlans", W, I, answers="list of id, name, servers", reads=True),
    Command("add_vlan", W, I, (Parameter("name"),), "the new network's id"),
    Command("update_vlan", W, I, (NETWORK, Parameter("name")), "nothing"),
    Command("del_vlan", W, I, (NETWORK,), "nothing"),
    Command(
        "eth_action",
        W,
        D,
        (
            SERVER,
            optional("ethid", names=Resource.INTERFACE),
            Parameter("action", choices=("add", "up", "down", "update", "delete")),
            optional("vlan", names=Resource.NETWORK),
        ),
        "accepted; up and down need the server on, the rest off; vlan=new with add makes a network",
        journalled=True,
    ),
    Command(
        "get_stat_data",
        T,
        D,
        (Parameter("fields", Type.PATHS, names=Resource.SERVER),),
        "counters (cpuLoad in percent, cpuTime in seconds, rx_bytes, tx_bytes); as a mapping path → value: inferred",
        reads=True,
    ),
    Command(
        "get_contracts",
        C,
        D,
        answers="list of id, fid, template, default, type, datestop, num; terminated ones too; balance: inferred",
        reads=True,
    ),
    Command("get_file", C, N, (Parameter("fid", names=Resource.FILE),), "name, mime, body (base64)", reads=True),
    Command("set_default_contract", C, I, (CONTRACT,), "nothing"),
    Command("get_balance", F, I, (CONTRACT,), "balance, currency, daily_cost, days_left", reads=True),
    Command("get_payments", F, I, (CONTRACT, *SPAN), "list of id, date, amount, method", reads=True),
    Command("get_charges", F, I, (CONTRACT, *SPAN), "list of id, date, amount, serverid, what", reads=True),
    Command("get_bills", F, I, (CONTRACT,), "list of id, num, date, amount, paid, fid", reads=True),
)

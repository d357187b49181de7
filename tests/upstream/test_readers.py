"""One world, told in every tolerated shape, reads the same; everything else is garbled, never a crash."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.upstream import readers
from apps.upstream.dialect import Dialect
from apps.upstream.errors import UpstreamGarbled
from apps.upstream.values import JournalState, Power, RemoteDisk, RemoteInterface

DIALECT = Dialect()
SERVER = {
    "id": 333,
    "server_name": "web",
    "status": 1,
    "cpu": 2,
    "cputype": 3,
    "ram": 4,
    "hdd_list": [{"hddid": 1, "size": 20, "type": "ssd"}],
    "eth_list": [{"ethid": 7, "mac": "AA:BB:CC:DD:EE:FF", "ip": "192.0.2.1", "vlan": 9, "state": "up"}],
    "template": 12,
    "iso": None,
    "contract": 801,
    "preset": None,
    "datecreate": "2026-11-24 13:00:00",
}
LOG = {
    "id": 9,
    "datepost": "2026-11-24 13:00:00",
    "datecommit": None,
    "cmd": "run_server",
    "status": 0,
    "serverid": 333,
}


def as_strings(value):
    if isinstance(value, dict):
        return {key: as_strings(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_strings(item) for item in value]
    return value if value is None else str(value)


def by_id(row, name="id"):
    return {str(row[name]): {key: value for key, value in row.items() if key != name}}


SHAPES = {
    "list": lambda row: [row],
    "mapping": by_id,
    "mapping that repeats the id": lambda row: {str(row["id"]): row},
    "mapping with empty ids": lambda row: {str(row["id"]): {**row, "id": None}},
    "strings": lambda row: [as_strings(row)],
    "more fields": lambda row: [{**row, "rev": 3, "note": None, "deep": {"a": [1]}}],
    "json in a string": lambda row: json.dumps([row]),
    "nested mapping": lambda row: [
        {
            **row,
            **{
                key: by_id(row[key][0], name)
                for key, name in (("hdd_list", "hddid"), ("eth_list", "ethid"))
                if key in row
            },
        }
    ],
    "nested json in a string": lambda row: [
        {**row, **{key: json.dumps(row[key]) for key in ("hdd_list",) if key in row}}
    ],
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_servers_read_the_same_in_every_shape(shape):
    [server] = readers.read_servers(shape(SERVER), DIALECT)

    assert (server.id, server.name, server.power) == ("333", "web", Power.ON)
    assert (server.cpu, server.cputype, server.ram_gb) == (2, "3", Decimal(4))
    assert server.disks == (RemoteDisk("1", 20, "ssd"),)
    assert server.interfaces == (RemoteInterface("7", "AA:BB:CC:DD:EE:FF", "192.0.2.1", "9", "up"),)
    assert (server.template, server.iso, server.contract, server.preset) == ("12", "", "801", "")
    assert server.created_at == datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_the_journal_reads_the_same_in_every_shape(shape):
    [entry] = readers.read_journal(shape(LOG), DIALECT)

    assert (entry.id, entry.command, entry.state, entry.server_id) == ("9", "run_server", JournalState.RUNNING, "333")
    assert entry.posted_at == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert entry.finished_at is None


def test_the_journal_keeps_its_order():
    rows = [{**LOG, "id": number} for number in (3, 1, 2)]

    assert [entry.id for entry in readers.read_journal(rows, DIALECT)] == ["3", "1", "2"]


@pytest.mark.parametrize(
    "data",
    [
        {"333": 1, "334": "0"},
        {"333": "1", "334": 0},
        [{"id": 333, "status": 1}, {"id": "334", "status": "0"}],
        {"333": {"status": 1}, "334": {"status": 0}},
        '{"333": 1, "334": 0}',
    ],
)
def test_statuses_read_the_same_in_every_shape(data):
    assert readers.read_statuses(data, DIALECT) == {"333": Power.ON, "334": Power.OFF}


@pytest.mark.parametrize("word", [99, "exploded", None, "", True, [1], "unknown"])
def test_an_unknown_state_is_unknown_and_no_error(word):
    assert readers.read_statuses([{"id": 1, "status": word}], DIALECT) == {"1": Power.UNKNOWN}
    assert readers.read_journal([{**LOG, "status": word}], DIALECT)[0].state is JournalState.UNKNOWN


def test_templates_presets_and_the_account_are_read():
    [template] = readers.read_templates(
        [{"id": "1", "name": "Debian", "os": "linux", "min_hdd": "5", "owner": "system"}]
    )
    [preset] = readers.read_presets(
        {"2": {"name": "S", "cpu": "1", "ram": "0.5", "hdd": 10, "price": "99.90"}}, DIALECT
    )
    account = readers.read_account({"login": "user99", "twofactorauth": "SMS", "phone": None}, DIALECT)

    assert (template.id, template.name, template.min_disk_gb, template.owner) == ("1", "Debian", 5, "system")
    assert (preset.id, preset.cpu, preset.ram_gb, preset.disk_gb, preset.price) == (
        "2", 1, Decimal("0.5"), 10, Decimal("99.90"),
    )  # fmt: skip
    assert (account.login, account.second_factor, account.phone) == ("user99", "sms", "")


READERS = {
    "servers": lambda data: readers.read_servers(data, DIALECT),
    "statuses": lambda data: readers.read_statuses(data, DIALECT),
    "journal": lambda data: readers.read_journal(data, DIALECT),
    "templates": lambda data: readers.read_templates(data, DIALECT),
    "presets": lambda data: readers.read_presets(data, DIALECT),
    "account": lambda data: readers.read_account(data, DIALECT),
    "new id": readers.read_new_id,
}
LISTS = [name for name in READERS if name not in {"account", "new id"}]


@pytest.mark.parametrize("reader", LISTS)
@pytest.mark.parametrize(
    "data", [7, 1.5, True, "text", "[1", [1], ["333"], [None], [{}], [{"id": None}], [{"id": [1]}], [[1]]]
)
def test_a_wrong_shape_is_garbled(reader, data):
    with pytest.raises(UpstreamGarbled):
        READERS[reader](data)


@pytest.mark.parametrize("reader", LISTS)
@pytest.mark.parametrize("data", [None, [], {}, "[]"])
def test_nothing_is_an_empty_list(reader, data):
    assert not READERS[reader](data)


@pytest.mark.parametrize("data", [None, [], {}, "", "text", 7, {"login": None}])
def test_an_account_without_a_login_is_garbled(data):
    with pytest.raises(UpstreamGarbled):
        READERS["account"](data)


@pytest.mark.parametrize(("data", "made"), [("900", "900"), (900, "900"), ({"id": 900}, "900"), ({"id": "900"}, "900")])
def test_a_new_id_is_read(data, made):
    assert readers.read_new_id(data) == made


@pytest.mark.parametrize("data", [None, "", True, [], {}, {"id": None}, 1.5, "\0"])
def test_an_answer_without_an_id_is_garbled(data):
    with pytest.raises(UpstreamGarbled):
        readers.read_new_id(data)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-11-24 13:00:00", "2026-11-24T10:00:00+00:00"),
        ("2026-11-24T13:00:00+05:00", "2026-11-24T08:00:00+00:00"),
        ("2026-11-24T10:00:00Z", "2026-11-24T10:00:00+00:00"),
        (1763978400, "2025-11-24T10:00:00+00:00"),
        ("1763978400", "2025-11-24T10:00:00+00:00"),
    ],
)
def test_dates_are_read_in_three_forms(written, read):
    assert readers.moment(written, DIALECT).isoformat() == read


@pytest.mark.parametrize(
    "written", [None, "", "0000-00-00 00:00:00", "0001-01-01 00:00:00", "soon", 0, True, [], "9" * 30]
)
def test_what_is_no_date_is_none(written):
    assert readers.moment(written, DIALECT) is None


def test_names_lose_control_characters_and_marks_of_direction_and_nothing_else():
    assert readers.text("a\0b\x1b[1m\u202ec\u2066d\ud800 <b>é🚀</b>") == "ab[1mcd <b>é🚀</b>"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "status", "hdd_list", "hddid", "size", "datepost", "login", "1"]), inner
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from(sorted(READERS)), JSON)
def test_no_data_ends_in_anything_but_values_or_garbled(reader, data):
    with suppress(UpstreamGarbled):
        READERS[reader](data)

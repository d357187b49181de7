"""What the vendor leaves open is told in a file, and a wrong line names itself."""

import pytest

from apps.upstream.dialect import Dialect, DialectError
from apps.upstream.readers import moment, power, read_servers
from apps.upstream.values import Power


def written(tmp_path, text):
    path = tmp_path / "dialect.yaml"
    path.write_text(text, encoding="utf-8")
    return Dialect.from_file(path)


def test_an_empty_file_is_the_default(tmp_path):
    assert written(tmp_path, "") == Dialect()


def test_every_key_can_be_told(tmp_path):
    dialect = written(
        tmp_path,
        """
        session_ended: ["0027"]
        unknown_command: ["0001"]
        throttled: ["0099"]
        code_texts: {"0031": "not enough balance"}
        server_states: {7: busy, "Halted": off, "up": on}
        journal_states: {"3": not_done}
        field_names: {get_servers: {server_name: title, id: sid}}
        date_formats: ["%d.%m.%Y %H:%M"]
        time_zone: UTC
        """,
    )

    assert dialect.session_ended == {"0027"}
    assert dialect.code_texts["0031"] == "not enough balance"
    assert [power(word, dialect) for word in (7, "halted", "UP", "1")] == [Power.BUSY, Power.OFF, Power.ON, Power.ON]
    assert moment("24.11.2026 10:00", dialect).isoformat() == "2026-11-24T10:00:00+00:00"
    assert moment("2026-11-24 10:00:00", dialect).isoformat() == "2026-11-24T10:00:00+00:00"
    [server] = read_servers([{"sid": 5, "title": "web"}], dialect)
    assert (server.id, server.name) == ("5", "web")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("session_end: []", "session_end"),
        ("7: 8", "7"),
        ("session_ended: [0027]", "session_ended"),  # YAML reads 23
        ("session_ended: '0027'", "session_ended"),
        ("session_ended: 5", "session_ended"),
        ("code_texts: {0031: broke}", "code_texts"),
        ("code_texts: [a]", "code_texts"),
        ("server_states: {'5': exploded}", "exploded"),
        ("server_states: {on: busy}", "server_states"),
        ("journal_states: {'3': maybe}", "maybe"),
        ("journal_states: []", "journal_states"),
        ("field_names: {get_everything: {a: b}}", "get_everything"),
        ("field_names: {get_servers: {nam: b}}", "nam"),
        ("field_names: {get_servers: [a]}", "get_servers"),
        ("time_zone: Europe/Atlantis", "time_zone"),
        ("time_zone: ../../etc/passwd", "time_zone"),
        ("time_zone: 3", "time_zone"),
        ("date_formats: '%d'", "date_formats"),
        ("- a list", "table"),
        ("a: [", "dialect.yaml"),
    ],
)
def test_a_wrong_line_names_itself(tmp_path, text, named):
    with pytest.raises(DialectError, match=named):
        written(tmp_path, text)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DialectError, match=r"nothing\.yaml"):
        Dialect.from_file(tmp_path / "nothing.yaml")


def test_what_was_learned_is_added_to_what_was_told():
    told = Dialect().merged({"session_ended": ["0027"], "server_states": {"5": "busy"}})

    both = told.merged({"session_ended": ["0028"]})

    assert both.session_ended == {"0027", "0028"}
    assert both.server_states["1"] == "on"
    assert both.server_states["5"] == "busy"
    assert Dialect().session_ended == frozenset()

"""Names and values as the DNS takes them."""

import pytest

from apps.common.errors import InvalidInput
from apps.dns import names, values


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Example.COM", "example.com"),
        ("example.com.", "example.com"),
        ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("a-b.example", "a-b.example"),
    ],
)
def test_a_zone_is_written_in_one_way(given, kept):
    assert names.zone_name(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        *("", " ", None, 5, "com", "-a.example", "a_b.example", "192.0.2.1", "a..example", "x" * 64 + ".example"),
        *("a b.example", "<b>.example", "example.com\x00", "*.example.com", ".", "a.example/24", "ex\u202eample.com"),
        "é" * 400,
    ],
)
def test_what_is_no_zone_is_refused_with_its_field(given):
    with pytest.raises(InvalidInput) as refused:
        names.zone_name(given)
    assert list(refused.value.errors) == ["name"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, "@"),
        ("@", "@"),
        ("example.com", "@"),
        ("example.com.", "@"),
        ("www", "www"),
        ("WWW.example.com", "www"),
        ("_dmarc", "_dmarc"),
        ("_sip._tcp", "_sip._tcp"),
        ("*", "*"),
        ("*.dev", "*.dev"),
        ("почта", "xn--80a1acny"),
    ],
)
def test_a_records_name_is_relative_to_its_zone(given, kept):
    assert names.relative_name(given, "example.com") == kept


@pytest.mark.parametrize(
    "given", ["www.other.com.", "a.*", "a b", "x" * 64, "-a", "a/b", ".".join(["x" * 60] * 5), "\x00"]
)
def test_a_name_of_another_zone_or_none_is_refused(given):
    with pytest.raises(InvalidInput):
        names.relative_name(given, "example.com")


@pytest.mark.parametrize(
    ("type_", "given", "kept"),
    [
        ("A", " 192.0.2.1 ", "192.0.2.1"),
        ("AAAA", "2001:DB8:0:0::1", "2001:db8::1"),
        ("CNAME", "WWW.Example.com.", "www.example.com"),
        ("MX", "mail.example.com", "mail.example.com"),
        ("NS", "ns1.пример.рф", "ns1.xn--e1afmkfd.xn--p1ai"),
        ("TXT", "v=spf1 -all", "v=spf1 -all"),
        ("TXT", '"v=DKIM1; " "p=abc"', "v=DKIM1; p=abc"),
        ("TXT", "x" * 3000, "x" * 3000),
        ("SRV", "10 5060 SIP.example.com.", "10 5060 sip.example.com"),
        ("SRV", "0 0 .", "0 0 ."),
        ("CAA", "0 ISSUE ca.example", '0 issue "ca.example"'),
        ("CAA", '128 iodef "mailto:x@ca.example"', '128 iodef "mailto:x@ca.example"'),
    ],
)
def test_a_value_is_written_in_one_way(type_, given, kept):
    assert values.value_of(type_, given) == kept
    assert values.as_kept(type_, values.as_sent(type_, kept)) == kept


@pytest.mark.parametrize(
    ("type_", "given"),
    [
        *(
            ("A", "2001:db8::1"),
            ("A", "192.0.2.256"),
            ("A", "192.0.2.01"),
            ("A", ""),
            ("A", None),
            ("AAAA", "192.0.2.1"),
        ),
        *(("CNAME", "192.0.2.1"), ("MX", "a b"), ("NS", ""), ("TXT", "x" * 4001), ("TXT", "a\nb"), ("TXT", "\x00")),
        *(("SRV", "10 sip.example.com"), ("SRV", "10 70000 a.example"), ("CAA", "0 steal x"), ("CAA", "256 issue x")),
    ],
)
def test_what_is_no_value_is_refused_with_its_field(type_, given):
    with pytest.raises(InvalidInput) as refused:
        values.value_of(type_, given)
    assert list(refused.value.errors) == ["value"]


def test_a_long_text_travels_in_strings_of_at_most_255_octets_and_breaks_no_letter():
    sent = values.as_sent("TXT", "я" * 300)

    strings = sent.strip('"').split('" "')
    assert [len(part.encode()) <= 255 for part in strings] == [True] * len(strings)
    assert "".join(strings) == "я" * 300


@pytest.mark.parametrize(
    ("type_", "given", "wrong"), [("MX", None, True), ("A", 10, True), ("SRV", "5", False), ("A", None, False)]
)
def test_mx_and_srv_need_a_priority_and_nothing_else_has_one(type_, given, wrong):
    if wrong:
        with pytest.raises(InvalidInput):
            values.priority_of(type_, given)
    else:
        assert values.priority_of(type_, given) == (int(given) if given else None)


@pytest.mark.parametrize("given", [True, "a", -1, 59, 604_801, 1.5, "1" * 30, [], {}])
def test_a_time_to_live_is_a_whole_number_within_a_minute_and_a_week(given):
    with pytest.raises(InvalidInput):
        values.number_of(given, "ttl", *values.TTL)

"""The limits of a customer in an apply file."""

import pytest
from django.core.management import CommandError

from apps.accounts.models import Customer, Limits
from tests.operator.test_apply import FILE, apply

pytestmark = pytest.mark.django_db


def test_limits_are_set_as_the_file_says_and_a_second_time_nothing_changes(tmp_path):
    apply(tmp_path)
    limits = Limits.objects.get(customer__name="Petrov")
    assert (limits.servers, limits.ram_gb, limits.cpu, limits.zones) == (10, 64, None, None)

    said = apply(tmp_path)
    assert "limits of Petrov" not in said
    apply(tmp_path, FILE.replace("ram_gb: 64", "cpu: 8"))

    limits.refresh_from_db()
    assert (limits.servers, limits.ram_gb, limits.cpu) == (10, None, 8)


@pytest.mark.parametrize("wrong", ["discs: 5", "servers: -1", "servers: many", "cpu: 1.5", 'zones: "4"', "cpu: true"])
def test_a_limit_that_is_none_is_named_with_its_line_and_nothing_is_made(tmp_path, wrong):
    with pytest.raises(CommandError) as refusal:
        apply(tmp_path, FILE.replace("servers: 10, ram_gb: 64", wrong))

    line = FILE.splitlines().index(next(row for row in FILE.splitlines() if "limits" in row)) + 1
    assert f"line {line}: resellers.0.customers.0.limits.{wrong.partition(':')[0]}" in str(refusal.value)
    assert Customer.objects.count() == 0

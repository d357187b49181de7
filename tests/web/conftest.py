"""A house without an upstream, and a browser at its address."""

import pytest
from django.test import Client

from apps.resellers import hosts
from tests.house import House, build


@pytest.fixture(autouse=True)
def _no_host_remembered() -> None:
    """The process remembers hosts for seconds; each test has resellers of its own."""
    hosts.forget()


@pytest.fixture
def house(db: None) -> House:
    return build("acme", "http://127.0.0.1:9/api", "user99", [333], [340])


@pytest.fixture
def visitor(house: House) -> Client:
    return Client(headers={"host": house.host})

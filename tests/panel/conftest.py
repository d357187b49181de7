"""Browsers of the people of a house, without a browser."""

from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.resellers import hosts
from tests.house import House

At = Callable[[House, User | None], Client]


@pytest.fixture(autouse=True)
def _no_host_remembered() -> None:
    """The process remembers hosts for seconds; each test has resellers of its own."""
    hosts.forget()


@pytest.fixture
def at() -> At:
    """`at(house, user)`: somebody's browser at this house's address; nobody's if the user is None."""

    def browser(house: House, user: User | None) -> Client:
        client = Client(headers={"host": house.host, "accept-language": "en"})
        if user is not None:
            client.force_login(user)
        return client

    return browser


@pytest.fixture
def owner(acme: House, at: At) -> Client:
    return at(acme, acme.owner)


@pytest.fixture
def viewer(acme: House, at: At) -> Client:
    return at(acme, acme.viewer)


@pytest.fixture
def stranger(acme: House, at: At) -> Client:
    return at(acme, acme.stranger)

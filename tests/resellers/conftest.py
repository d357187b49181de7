"""An account at the practice upstream, and its gateway. Nothing has been called yet."""

import pytest

from apps.resellers.gateway import Gateway
from apps.resellers.models import Domain, Reseller, UpstreamAccount
from tests.conftest_sandbox import SandboxProcess


def account_at(url: str, login: str = "user99", **more: object) -> UpstreamAccount:
    reseller, _ = Reseller.objects.get_or_create(slug="acme", defaults={"name": "Acme Cloud"})
    Domain.objects.get_or_create(reseller=reseller, host="acme.test", defaults={"is_canonical": True})
    given = {"password": "secret", **more}
    return UpstreamAccount.objects.create(reseller=reseller, name=login, url=url, login=login, **given)


@pytest.fixture
def account(db: None, sandbox: SandboxProcess) -> UpstreamAccount:
    return account_at(sandbox.url)


@pytest.fixture
def gateway(account: UpstreamAccount) -> Gateway:
    return Gateway(account)

"""A reseller with people and servers, as tests need it."""

from dataclasses import dataclass

from apps.accounts.actor import Actor
from apps.accounts.models import Customer, Membership, User
from apps.resellers.models import Brand, Domain, Reseller, UpstreamAccount
from apps.servers.models import Server
from apps.servers.services.sync import sync
from tests.conftest_sandbox import SandboxProcess

PASSWORD = "correct horse battery"


@dataclass
class House:
    """Owner, operator and viewer of one customer; a stranger, who is another customer's owner; the admin."""

    reseller: Reseller
    account: UpstreamAccount
    customer: Customer
    other: Customer
    owner: User
    operator: User
    viewer: User
    stranger: User
    admin: User
    host: str

    def server(self, upstream_id: int | str) -> Server:
        return Server.objects.select_related("account", "customer").get(account=self.account, upstream_id=upstream_id)

    @property
    def as_owner(self) -> Actor:
        return Actor(self.owner)


def build(slug: str, url: str, login: str, mine: list[int], others: list[int]) -> House:
    """A whole house; nothing is called upstream yet."""
    reseller = Reseller.objects.create(slug=slug, name=f"{slug.title()} Cloud")
    host = f"{slug}.test"
    Domain.objects.create(reseller=reseller, host=host, is_canonical=True)
    Brand.objects.create(reseller=reseller, name=f"{slug.title()} Cloud")
    account = UpstreamAccount.objects.create(reseller=reseller, url=url, login=login, password="secret")
    customer = Customer.objects.create(reseller=reseller, name="First")
    other = Customer.objects.create(reseller=reseller, name="Second")
    people = {}
    for name, of, role in (
        ("owner", customer, "owner"),
        ("operator", customer, "operator"),
        ("viewer", customer, "viewer"),
        ("stranger", other, "owner"),
    ):
        people[name] = User.objects.make(reseller=reseller, email=f"{name}@{slug}.test", password=PASSWORD)
        Membership.objects.create(customer=of, user=people[name], role=role)
    admin = User.objects.make(reseller=reseller, email=f"admin@{slug}.test", password=PASSWORD, staff_role="admin")
    for of, ids in ((customer, mine), (other, others)):
        for id_ in ids:
            Server.objects.create(
                reseller=reseller, account=account, customer=of, upstream_id=str(id_), name=f"server {id_}"
            )
    return House(reseller, account, customer, other, admin=admin, host=host, **people)


def acme(sandbox: SandboxProcess) -> House:
    """The house of most tests: its mirror is fresh, the sandbox's ledger is empty again."""
    house = build("acme", sandbox.url, "user99", [333, 334, 335, 336, 338], [340])
    sync(house.account.pk)
    sandbox.control("forget_ledger")
    return house

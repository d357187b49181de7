"""Making what an apply file says; a second time it changes nothing."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from apps.accounts.models import ApiToken, Customer, Limits, User
from apps.accounts.services import people, tokens
from apps.billing.models import Contract
from apps.dns.models import Zone
from apps.images.models import Image, Iso, Template
from apps.networks.models import Network
from apps.operator.format import CustomerPart, File, LimitsPart, Mistakes, PersonPart, ResellerPart, UpstreamPart
from apps.resellers import hosts
from apps.resellers.models import Brand, Domain, Reseller, UpstreamAccount
from apps.resellers.services.accounts import set_address, set_password
from apps.resellers.services.brands import is_png
from apps.servers.models import Server

TOKEN_NAME = "apply"  # noqa: S105
LATER = ("webhooks",)
MAPPED = ("servers", "zones", "networks", "contracts")


@dataclass
class Report:
    """What was done: `changed` a line each; `later` what this version does not serve yet; ids for programs."""

    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    later: list[str] = field(default_factory=list)
    resellers: dict[str, Any] = field(default_factory=dict)

    def note(self, what: str, *, did: bool) -> None:
        if did:
            self.changed.append(what)
        else:
            self.unchanged += 1


def apply(file: File, beside: Path) -> Report:
    """Make all of it or nothing; Mistakes says what cannot be made."""
    report = Report()
    _check(file)
    with transaction.atomic():
        for part in file.resellers:
            _reseller(part, beside, report)
    hosts.forget()
    return report


def _check(file: File) -> None:
    """What no single field can know: nothing stands twice."""
    wrong: list[str] = []
    for what, values in (
        ("reseller", [part.slug for part in file.resellers]),
        ("domain", [host for part in file.resellers for host in part.domains]),
    ):
        wrong += [f"{what} {value} stands twice" for value in sorted({v for v in values if values.count(v) > 1})]
    for part in file.resellers:
        names = [account.name for account in part.accounts]
        wrong += [
            f"{part.slug}: upstream {name} stands twice" for name in sorted({n for n in names if names.count(n) > 1})
        ]
        for what in MAPPED:
            wrong += _wrong_mappings(part, what)
    if wrong:
        raise Mistakes(wrong)


def _wrong_mappings(part: ResellerPart, what: str) -> list[str]:
    names = [account.name for account in part.accounts]
    mapped = [ref for customer in part.customers for ref in getattr(customer, what)]
    one = what.removesuffix("s")
    twice = sorted({ref for ref in mapped if mapped.count(ref) > 1})
    return [f"{part.slug}: {one} {ref} is mapped twice" for ref in twice] + [
        f"{part.slug}: {one} {ref} names an upstream that the file does not have"
        for ref in mapped
        if _account_name(part, ref) not in names
    ]


def _account_name(part: ResellerPart, ref: str) -> str:
    name, colon, _id = ref.partition(":")
    return name if colon else (part.accounts[0].name if part.accounts else "")


def _reseller(part: ResellerPart, beside: Path, report: Report) -> None:
    reseller, is_new = Reseller.objects.get_or_create(slug=part.slug, defaults={"name": part.name})
    did = is_new or _set(reseller, name=part.name)
    report.note(f"reseller {part.slug}", did=did)
    _domains(reseller, part, report)
    _brand(reseller, part, beside, report)
    for account in part.accounts:
        _upstream(reseller, account, report)
    for person in part.admins:
        user = _person(reseller, person, report)
        report.note(f"{part.slug}: {person.email} is an admin", did=_set(user, staff_role=User.StaffRole.ADMIN))
    if part.tickets != "desk":
        report.later.append(f"{part.slug}: tickets: {part.tickets}")
    made = {customer.name: _customer(reseller, part, customer, report) for customer in part.customers}
    report.resellers[part.slug] = {"id": reseller.pk, "customers": made}


def _domains(reseller: Reseller, part: ResellerPart, report: Report) -> None:
    for place, host in enumerate(part.domains):
        found = Domain.objects.filter(host__iexact=host).first()
        if found is not None and found.reseller_id != reseller.pk:
            raise Mistakes([f"{part.slug}: the domain {host} is another reseller's"])
        domain = found or Domain.objects.create(reseller=reseller, host=host)
        did = _set(domain, is_canonical=place == 0) or found is None
        report.note(f"{part.slug}: domain {host}", did=did)
    surplus = reseller.domains.exclude(host__in=part.domains)
    report.changed += [f"{part.slug}: domain {domain.host} removed" for domain in surplus]
    surplus.delete()


def _brand(reseller: Reseller, part: ResellerPart, beside: Path, report: Report) -> None:
    brand, is_new = Brand.objects.get_or_create(reseller=reseller, defaults={"name": part.name[:60]})
    given = part.brand.model_dump(exclude_none=True, exclude={"logo", "sender"})
    if part.brand.sender:
        given["sender_address"] = part.brand.sender
    if part.brand.logo:
        given |= {"logo": _logo(beside / part.brand.logo, part.slug), "logo_type": "image/png"}
    report.note(f"{part.slug}: brand", did=_set(brand, **given) or is_new)


def _logo(path: Path, slug: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as exc:
        raise Mistakes([f"{slug}: brand.logo: {path.name}: {exc.strerror}"]) from None
    if not is_png(content):
        raise Mistakes([f"{slug}: brand.logo: {path.name} is not a PNG of at most 200 kB"])
    return content


def _upstream(reseller: Reseller, part: UpstreamPart, report: Report) -> None:
    account = UpstreamAccount.objects.filter(reseller=reseller, name=part.name).first()
    is_new = account is None
    account = account or UpstreamAccount(reseller=reseller, name=part.name, password=part.password)
    did = set_address(account, url=part.url, login=part.login, second_factor=part.second_factor)
    if account.applied_password != part.password:
        account.applied_password = part.password
        set_password(account, part.password)
        did = True
    elif is_new:
        account.save()
    report.note(f"{reseller.slug}: upstream {part.name}", did=did or is_new)


def _person(reseller: Reseller, part: PersonPart, report: Report) -> User:
    user = User.objects.filter(login=User.login_for(reseller.pk, part.email)).first()
    is_new = user is None
    user = user or User.objects.make(reseller=reseller, email=part.email)
    did = _set(user, **part.model_dump(include={"language", "time_zone"}, exclude_none=True)) or is_new
    if part.password:
        did = people.set_applied_password(user, part.password) or did
    if part.token:
        did = _token(user, part.token) or did
    report.note(f"{reseller.slug}: user {part.email}", did=did)
    return user


def _token(user: User, plain: str) -> bool:
    """The file's token opens; one that an earlier file named does not any more."""
    mine = ApiToken.objects.filter(user=user, name=TOKEN_NAME, revoked_at=None)
    if mine.filter(digest=tokens.digest(plain)).exists():
        return False
    if ApiToken.objects.filter(digest=tokens.digest(plain)).exists():
        raise Mistakes([f"{user.email}: this token is in use; every token opens one door only"])
    for token in mine:
        tokens.revoke(token)
    tokens.keep(user, TOKEN_NAME, plain)
    return True


def _customer(reseller: Reseller, house: ResellerPart, part: CustomerPart, report: Report) -> dict[str, Any]:
    customer, is_new = Customer.objects.get_or_create(reseller=reseller, name=part.name)
    report.note(f"{reseller.slug}: customer {part.name}", did=is_new)
    for member in part.users:
        user = _person(reseller, member, report)
        did = people.set_role(customer, user, member.role)
        report.note(f"{reseller.slug}: {member.email} is {member.role} of {part.name}", did=did)
    if part.limits is not None:
        did = _limits(customer, part.limits)
        report.note(f"{reseller.slug}: limits of {part.name}", did=did)
    mapping = Mapping(reseller, house, customer, report)
    ids = {
        "servers": {ref: mapping.map(Server, ref, name=f"server {mapping.id(ref)}") for ref in part.servers},
        "zones": {ref: mapping.map(Zone, ref, name=f"zone-{mapping.id(ref)}") for ref in part.zones},
        "networks": {ref: mapping.map(Network, ref, name=f"network {mapping.id(ref)}") for ref in part.networks},
        "templates": {ref: mapping.map(Template, ref, name=f"template {mapping.id(ref)}") for ref in part.templates},
        "isos": {ref: mapping.map(Iso, ref, name=f"image {mapping.id(ref)}") for ref in part.isos},
        "contracts": {ref: mapping.map(Contract, ref) for ref in part.contracts},
    }
    report.later += [f"{reseller.slug}: {part.name}: {name}" for name in LATER if getattr(part, name)]
    return {"id": customer.pk, **ids}


def _limits(customer: Customer, part: LimitsPart) -> bool:
    """The file's limits and no others; whether something differed."""
    limits, is_new = Limits.objects.get_or_create(customer=customer)
    return _set(limits, **part.model_dump()) or is_new


@dataclass(frozen=True)
class Mapping:
    """Gives what the upstream has to a customer; what it is called there the next refresh tells."""

    reseller: Reseller
    house: ResellerPart
    customer: Customer
    report: Report

    def id(self, ref: str) -> str:
        return ref.rpartition(":")[2]

    def map(self, model: type[Server | Zone | Network | Contract | Template | Iso], ref: str, **unknown: str) -> int:
        """Our id of it; it is the customer's from now on."""
        account = UpstreamAccount.objects.get(reseller=self.reseller, name=_account_name(self.house, ref))
        house = {"is_system": False} if issubclass(model, Image) else {"reseller": self.reseller}
        row, is_new = model._default_manager.get_or_create(
            account=account,
            upstream_id=self.id(ref),
            defaults={"customer": self.customer, **house, **unknown},
        )
        did = _set(row, customer=self.customer) or is_new
        what = model._meta.model_name
        self.report.note(f"{self.reseller.slug}: {what} {ref} is {self.customer.name}’s", did=did)
        return int(row.pk)


def _set(row: Any, *, save: bool = True, **values: Any) -> bool:
    """Set what differs; whether something did."""
    different = {name: value for name, value in values.items() if _plain(getattr(row, name)) != _plain(value)}
    for name, value in different.items():
        setattr(row, name, value)
    if different and save:
        row.save(update_fields=list(different))
    return bool(different)


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value

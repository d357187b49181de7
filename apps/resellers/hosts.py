"""Which reseller answers at which host name, how it looks, and under which address links lead back."""

from django.conf import settings
from django.db.models.functions import Lower

from apps.resellers import host_names
from apps.resellers.models import Brand, Domain, Reseller

forget = host_names.forget


def reseller_by_host(host: str) -> Reseller | None:
    """The reseller of this host name (without port, any case), with its brand; None for a host that nobody has."""
    name = host_names.plain(host)
    if kept := host_names.remembered(name):
        return kept[0]  # type: ignore[no-any-return]
    domains = Domain.objects.select_related("reseller__brand").annotate(plain=Lower("host"))
    domain = domains.filter(plain=name).first()
    found = domain.reseller if domain else None
    if found is not None:
        found.brand = brand_of(found)
    host_names.remember(name, found)
    return found


def brand_of(reseller: Reseller) -> Brand:
    """The reseller's brand; a plain one in its name until it has one."""
    try:
        return reseller.brand
    except Brand.DoesNotExist:
        return Brand(reseller=reseller, name=reseller.name[:60])


def canonical_host(reseller: Reseller) -> str:
    """The host name that mail and links use."""
    hosts = reseller.domains.order_by("-is_canonical", "id").values_list("host", flat=True)
    return hosts[0]


def canonical_origin(reseller: Reseller) -> str:
    """ "https://portal.example": never taken from a request."""
    scheme = "https" if settings.SECURE else "http"
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{scheme}://{canonical_host(reseller)}{port}"

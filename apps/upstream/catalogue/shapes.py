"""What an entry of the catalogue is made of."""

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    ACCOUNT = "Account"
    TICKETS = "Tickets and support"
    SERVERS = "Servers"
    IMAGES = "Templates and ISO images"
    DNS = "DNS"
    NETWORKS = "Private networks and interfaces"
    STATISTICS = "Statistics"
    CONTRACTS = "Contracts"
    FINANCE = "Finance"


class Provenance(StrEnum):
    """Where a command is known from."""

    DOCUMENTED = "documented"  # by the vendor, with its fields, but for parameters that say otherwise
    NAME_ONLY = "name only"  # the vendor's pages mention the name; the fields are this project's assumption
    INFERRED = "inferred"  # name and fields are this project's assumption


class Resource(StrEnum):
    """What a parameter may name."""

    SERVER = "server"
    TEMPLATE = "template"
    ISO = "iso"
    ZONE = "zone"
    RECORD = "record"
    NETWORK = "network"
    INTERFACE = "interface"
    TICKET = "ticket"
    CONTRACT = "contract"
    FILE = "file"


class Type(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    LIST = "list"
    DATE = "date"
    PATHS = "paths"  # server/device type/device/parameter, joined by |


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: `names` is the kind of resource whose upstream id it holds; bounds are inclusive.

    PATHS hold several ids: each path begins with one. `inferred`: this project's assumption though the command is not.
    """

    name: str
    type: Type = Type.TEXT
    required: bool = True
    names: Resource | None = None
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    secret: bool = False
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """One function of the upstream. `reads`: changes nothing. `journalled`: a long task that get_logs lists."""

    name: str
    category: Category
    provenance: Provenance
    parameters: tuple[Parameter, ...] = ()
    answers: str = ""
    reads: bool = False
    journalled: bool = False
    session: bool = True  # login has none
    as_json: bool = False  # the parameters travel as one JSON object

    def parameter(self, name: str) -> Parameter | None:
        return next((parameter for parameter in self.parameters if parameter.name == name), None)

    @property
    def names_a_resource(self) -> bool:
        return any(parameter.names for parameter in self.parameters)


def optional(name: str, type_: Type = Type.TEXT, *, names: Resource | None = None) -> Parameter:
    return Parameter(name, type_, required=False, names=names)


SERVER = Parameter("id", names=Resource.SERVER)

"""The apply file's format: strict, so that a typo is named with its line and field before anything is written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from django.core.exceptions import ValidationError as NotValid
from django.core.validators import validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from apps.upstream.client import check_url


def _address(value: str) -> str:
    try:
        validate_email(value)
    except NotValid:
        raise ValueError("is not an e-mail address") from None
    return value


EmailStr = Annotated[str, StringConstraints(max_length=254), AfterValidator(_address)]
Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$", to_lower=True)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Token = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{8,200}$")]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
Ref = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9_-]+:)?[A-Za-z0-9._-]{1,40}$")]
Language = Literal["en", "ru"]
Limit = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]


class Part(BaseModel):
    """Unknown names are mistakes; numbers may stand for texts."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)


class UpstreamPart(Part):
    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")] = "main"
    url: str
    login: Name
    password: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    second_factor: Literal["off", "sms", "etoken"] = "off"

    @field_validator("url")
    @classmethod
    def _safe(cls, value: str) -> str:
        check_url(value)
        return value

    @field_validator("second_factor", mode="before")
    @classmethod
    def _off(cls, value: Any) -> Any:
        return "off" if value is False else value  # YAML reads a bare off as false


class BrandPart(Part):
    name: Annotated[str, StringConstraints(min_length=1, max_length=60)] | None = None
    accent: Colour | None = None
    bar: Colour | None = None
    logo: str | None = None  # a PNG, beside the file
    sender: EmailStr | None = None
    support_email: EmailStr | None = None
    support_url: str | None = None
    language: Language | None = None


class PersonPart(Part):
    email: EmailStr
    password: Annotated[str, StringConstraints(min_length=1, max_length=400)] | None = None
    token: Token | None = None
    language: Language | None = None
    time_zone: str | None = None


class UserPart(PersonPart):
    role: Literal["owner", "operator", "viewer"]


class LimitsPart(Part):
    """What is not given does not limit."""

    servers: Limit | None = None
    cpu: Limit | None = None
    ram_gb: Limit | None = None
    disk_gb: Limit | None = None
    networks: Limit | None = None
    zones: Limit | None = None


class CustomerPart(Part):
    name: Name
    users: list[UserPart] = []
    servers: list[Ref] = []
    contracts: list[Ref] = []
    zones: list[Ref] = []
    networks: list[Ref] = []
    templates: list[Ref] = []
    isos: list[Ref] = []
    limits: LimitsPart | None = None
    webhooks: list[dict[str, str]] = []


class ResellerPart(Part):
    slug: Slug
    name: Name
    domains: Annotated[list[Host], Field(min_length=1)]
    tickets: Literal["desk", "relay"] = "desk"
    upstream: UpstreamPart | None = None
    upstreams: list[UpstreamPart] = []
    brand: BrandPart = BrandPart()
    admins: list[PersonPart] = []
    customers: list[CustomerPart] = []

    @property
    def accounts(self) -> list[UpstreamPart]:
        return ([self.upstream] if self.upstream else []) + self.upstreams


class File(Part):
    resellers: Annotated[list[ResellerPart], Field(min_length=1)]


class Mistakes(ValueError):
    """All that is wrong with a file, a line each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def read(path: Path) -> File:
    """The file's content; Mistakes names each wrong field with its line."""
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except OSError as exc:
        raise Mistakes([f"{path}: {exc.strerror}"]) from None
    except UnicodeDecodeError:
        raise Mistakes([f"{path}: not a text in UTF-8"]) from None
    except yaml.MarkedYAMLError as exc:
        line = exc.problem_mark.line + 1 if exc.problem_mark else 1
        raise Mistakes([f"line {line}: not YAML: {exc.problem}"]) from None
    try:
        return File.model_validate(content)
    except ValidationError as exc:
        raise Mistakes([_mistake(node, error) for error in exc.errors()]) from None


def _mistake(node: yaml.Node | None, error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"]) or "the file"
    why = "is not a field here" if error["type"] == "extra_forbidden" else error["msg"]
    return f"line {line_of(node, error['loc'])}: {where}: {why}"


def line_of(node: yaml.Node | None, path: tuple[Any, ...]) -> int:
    """The line on which the field, or the nearest thing around it, stands."""
    line = node.start_mark.line + 1 if node else 1
    for part in path:
        found = _inside(node, part)
        if found is None:
            break
        key, node = found
        line = key.start_mark.line + 1
    return line


def _inside(node: yaml.Node | None, part: Any) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(part)), None)
    return None

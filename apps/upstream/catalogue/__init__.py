"""Every command of the upstream, once. What is not here cannot be sent."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from apps.upstream.catalogue import account_and_tickets, images_and_names, networks_and_money, servers
from apps.upstream.catalogue.shapes import Category, Command, Parameter, Provenance, Resource, Type

__all__ = [
    "COMMANDS",
    "Category",
    "Command",
    "InvalidParameters",
    "Parameter",
    "Provenance",
    "Resource",
    "Type",
    "validated",
]

_ROOMS = (account_and_tickets, servers, images_and_names, networks_and_money)
COMMANDS: Mapping[str, Command] = MappingProxyType(
    {command.name: command for room in _ROOMS for command in room.COMMANDS}
)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INTEGER = re.compile(r"-?[0-9]{1,18}")
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
PATHS = re.compile(r"[^/|\s]+(/[^/|\s]+){3}(\|[^/|\s]+(/[^/|\s]+){3})*")


class InvalidParameters(ValueError):
    """Parameters that the catalogue does not allow; `parameter` names the wrong one. Nothing was sent."""

    def __init__(self, command: str, parameter: str, why: str) -> None:
        super().__init__(f"{command}: {parameter} {why}")
        self.parameter = parameter


def validated(name: str, given: Mapping[str, Any]) -> tuple[Command, dict[str, Any]]:
    """The command and its parameters without those that are None; InvalidParameters names the first wrong one."""
    command = COMMANDS.get(name)
    if command is None:
        raise InvalidParameters(name, "cmd", "is not in the catalogue")
    sent = {key: value for key, value in given.items() if value is not None}
    for key in sent:
        if command.parameter(key) is None:
            raise InvalidParameters(name, key, "is not a parameter of this command")
    for parameter in command.parameters:
        if parameter.name in sent:
            _check(name, parameter, sent[parameter.name])
        elif parameter.required:
            raise InvalidParameters(name, parameter.name, "is missing")
    return command, sent


def _check(command: str, parameter: Parameter, value: Any) -> None:
    if parameter.type is Type.LIST:
        if not isinstance(value, list | tuple) or not all(isinstance(item, Mapping) for item in value):
            raise InvalidParameters(command, parameter.name, "must be a list of objects")
        return
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise InvalidParameters(command, parameter.name, "must be a text or a number")
    if why := _wrong(parameter, str(value)):
        raise InvalidParameters(command, parameter.name, why)


def _wrong(parameter: Parameter, written: str) -> str:
    """Why the value cannot be sent; empty if it can. The text never holds the value."""
    if written == "" and parameter.required:
        return "is empty"
    if any("\ud800" <= char <= "\udfff" for char in written):
        return "must be writable as UTF-8"
    if parameter.choices and written not in parameter.choices:
        return f"must be one of {', '.join(parameter.choices)}"
    if parameter.type in _FORMS:
        form, why = _FORMS[parameter.type]
        if not form.fullmatch(written):
            return why
    if parameter.type is Type.DATE:
        return _wrong_date(written)
    return _out_of_range(parameter, written) if parameter.type in {Type.INTEGER, Type.NUMBER} else ""


_FORMS = {
    Type.INTEGER: (INTEGER, "must be a whole number"),
    Type.NUMBER: (NUMBER, "must be a number"),
    Type.DATE: (DATE, "must be a date YYYY-MM-DD"),
    Type.PATHS: (PATHS, "must be paths server/device type/device/parameter, joined by |"),
}


def _wrong_date(written: str) -> str:
    try:
        date.fromisoformat(written)
    except ValueError:
        return "must be a day of the calendar"
    return ""


def _out_of_range(parameter: Parameter, written: str) -> str:
    number, least, most = Decimal(written), parameter.minimum, parameter.maximum
    if least is not None and number < least:
        return f"must be at least {least}"
    if most is not None and number > most:
        return f"must be at most {most}"
    return ""

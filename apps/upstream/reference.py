"""docs/upstream.md, made from the catalogue: `python -m apps.upstream.reference > docs/upstream.md`."""

import sys

from apps.upstream.catalogue import COMMANDS, Category, Command, Parameter, Type

HEAD = """# The upstream's commands

Made from `apps/upstream/catalogue/` by `python -m apps.upstream.reference`; a test keeps it current.

**Known from** says how sure a line is.

- *documented*: the vendor publishes the command with its fields; a parameter marked *(inferred)* is nevertheless this project's assumption.
- *name only*: the vendor's pages mention the name; the fields are this project's assumption.
- *inferred*: name and fields are this project's assumption, made in the vendor's habit of naming. It is **not the vendor's word**:
  the vendor may call it otherwise, or not have it.

Codes, states, names of fields in answers and forms of dates are assumed too, and can be overridden in the dialect file without touching code.

A parameter in **bold** is required; `→ kind` says that it holds the upstream id of a resource of that kind; *secret* ones never reach a log.
A *journalled* command is a long task: its answer only says that it was accepted, and `get_logs` tells how it ended.
"""


def render() -> str:
    """The whole page."""
    parts = [HEAD]
    for category in Category:
        parts += [
            f"\n## {category}\n",
            "| command | known from | does | parameters | answers |",
            "|---|---|---|---|---|",
        ]
        parts += [_row(command) for command in COMMANDS.values() if command.category is category]
    return "\n".join(parts) + "\n"


def _row(command: Command) -> str:
    does = "reads" if command.reads else "changes, journalled" if command.journalled else "changes"
    parameters = ", ".join(_parameter(parameter) for parameter in command.parameters) or "–"
    return f"| `{command.name}` | {command.provenance} | {does} | {parameters} | {command.answers or '–'} |"


def _parameter(parameter: Parameter) -> str:
    name = f"**`{parameter.name}`**" if parameter.required else f"`{parameter.name}`"
    kind = f" → {parameter.names}" if parameter.names else ""
    marks = [_range(parameter), "secret" if parameter.secret else "", "inferred" if parameter.inferred else ""]
    said = ", ".join(mark for mark in marks if mark)
    return f"{name}{kind} ({said})" if said else f"{name}{kind}"


def _range(parameter: Parameter) -> str:
    """Type, choices and bounds, where they say more than "text"."""
    if parameter.choices:
        return " / ".join(parameter.choices)
    low, high = parameter.minimum, parameter.maximum
    bounds = "" if low is None and high is None else f" ≥ {low}" if high is None else f" {low} – {high}"
    return "" if parameter.type is Type.TEXT else f"{parameter.type}{bounds}"


if __name__ == "__main__":
    sys.stdout.write(render())

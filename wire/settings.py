"""Configuration as frozen structs, from TOML tables and an environment, all faults told at once. No I/O.

A settings struct has one field a section, each section a struct of plain values. Every key is also an environment
variable: ``DIEMCAU_SECTION__KEY``. Unknown keys are errors, in the file and in the environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, get_origin

import msgspec

T = TypeVar("T", bound=msgspec.Struct)

SEPARATOR = ";"
"""Between the values of a list in an environment variable."""


class Misconfigured(Exception):
    """Every fault found, one sentence each, in ``faults``."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def read(kind: type[T], document: Mapping[str, Any], environment: Mapping[str, str], prefix: str = "DIEMCAU_") -> T:
    """``kind`` filled from ``document`` (parsed TOML), overridden by the environment, defaults for the rest."""
    faults: list[str] = []
    sections = {field.name: field for field in msgspec.structs.fields(kind)}
    given: dict[str, dict[str, Any]] = {name: {} for name in sections}
    for name, table in document.items():
        if name not in sections:
            faults.append(f"[{name}]: unknown section (known: {', '.join(sections)})")
        elif not isinstance(table, dict):
            faults.append(f"{name}: must be a section, [{name}]")
        else:
            given[name].update(table)
    for variable, text in environment.items():
        if variable.startswith(prefix) and "__" in variable:
            name, _, key = variable.removeprefix(prefix).lower().partition("__")
            if name not in sections:
                faults.append(f"{variable}: unknown section {name}")
            else:
                given[name][key] = text
    values = {name: _section(name, field.type, given[name], faults) for name, field in sections.items()}
    if faults:
        raise Misconfigured(faults)
    return kind(**values)


def _section(name: str, kind: Any, given: dict[str, Any], faults: list[str]) -> Any:
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    values: dict[str, Any] = {}
    for key, given_value in given.items():
        value: Any = given_value
        if key not in fields:
            faults.append(f"{name}.{key}: unknown key (known: {', '.join(fields)})")
            continue
        kind_of_value = fields[key].type
        if isinstance(value, str) and get_origin(kind_of_value) is tuple:
            value = [part for part in value.split(SEPARATOR) if part]
        try:
            values[key] = msgspec.convert(value, kind_of_value, strict=not isinstance(value, str))
        except msgspec.ValidationError as error:
            faults.append(f"{name}.{key}: {error}")
    try:
        return kind(**values)
    except TypeError as error:
        faults.append(f"[{name}]: {error}")
        return None

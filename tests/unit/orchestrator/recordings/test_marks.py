"""Every event that is named to the timeline exists and has what the timeline reads of it."""

from __future__ import annotations

import importlib
import pkgutil

import msgspec

import orchestrator
from orchestrator.recordings.marks import KINDS


def events() -> dict[str, type[msgspec.Struct]]:
    """All events of all features, by class name."""
    found = dict[str, type[msgspec.Struct]]()
    for module in pkgutil.walk_packages(orchestrator.__path__, "orchestrator."):
        if module.name.endswith(".events"):
            members = vars(importlib.import_module(module.name))
            found |= {
                name: one for name, one in members.items() if isinstance(one, type) and issubclass(one, msgspec.Struct)
            }
    return found


def test_each_marked_event_is_one_and_has_its_fields() -> None:
    known = events()
    for name, kind in KINDS.items():
        fields = known[name].__struct_fields__
        assert "session" in fields
        assert {*kind.text, *filter(None, [kind.by])} <= set(fields), name

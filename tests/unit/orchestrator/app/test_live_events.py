"""Every event of every feature may travel between processes."""

from __future__ import annotations

import importlib
from pathlib import Path

import msgspec

from orchestrator.app.live import every_event

ROOT = Path(__file__).parents[4]


def test_the_bus_between_processes_knows_every_event_by_a_name_of_its_own() -> None:
    known = every_event()
    for file in sorted((ROOT / "orchestrator").rglob("events.py")):
        module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
        own = {
            each
            for each in vars(module).values()
            if isinstance(each, type) and issubclass(each, msgspec.Struct) and each.__module__ == module.__name__
        }
        assert own
        assert own <= set(known), f"{file}: not named to the bus"
    assert len({each.__name__ for each in known}) == len(known)

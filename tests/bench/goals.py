"""What a measurement was to show, and whether it did: for whoever reads the last line, and for the exit code."""

from __future__ import annotations

from collections.abc import Mapping


def judged(goals: Mapping[str, bool]) -> int:
    """Print each goal with whether it was reached; 1 when any was not, else 0."""
    for goal, reached in goals.items():
        print(f"{'reached' if reached else 'MISSED '}  {goal}")
    return 0 if all(goals.values()) else 1

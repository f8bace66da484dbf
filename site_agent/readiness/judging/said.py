"""How a check is said: four states, figures that the wire takes, the moment added by whoever keeps it."""

import math
from collections.abc import Mapping

from wire.readiness import Check, CheckName, CheckState

_LONGEST_NOTE = 300


def good(name: CheckName, figures: Mapping[str, float] | None = None, note: str = "") -> Check:
    """All is well."""
    return _check(name, CheckState.GOOD, "", figures, note)


def weak(name: CheckName, reason: str, figures: Mapping[str, float] | None = None, note: str = "") -> Check:
    """The day can be held, but somebody should look."""
    return _check(name, CheckState.WEAK, reason, figures, note)


def bad(name: CheckName, reason: str, figures: Mapping[str, float] | None = None, note: str = "") -> Check:
    """So the day cannot be held."""
    return _check(name, CheckState.BAD, reason, figures, note)


def waiting(name: CheckName, reason: str, figures: Mapping[str, float] | None = None, note: str = "") -> Check:
    """Nothing is known yet."""
    return _check(name, CheckState.WAITING, reason, figures, note)


def _check(name: CheckName, state: CheckState, reason: str, figures: Mapping[str, float] | None, note: str) -> Check:
    told = {key: round(float(value), 3) for key, value in (figures or {}).items() if math.isfinite(value)}
    return Check(name=name, state=state, reason=reason, note=note[:_LONGEST_NOTE], figures=told)

"""When the plan of a session holds a roll call. Pure.

A random moment does not exist before it comes: at every look the plan draws with the chance that one of ``k`` moments,
spread evenly over the time that is left, lies in this very look. The outcome is as if all had been drawn beforehand,
but neither a page, nor the database, nor whoever reads either can know one; a centre that was restarted goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

import msgspec

from orchestrator.attendance.model import Kind
from orchestrator.attendance.numbers.presence import Span
from orchestrator.errors import Refused

S = 10**9
LOOK_S = 5
TAIL_S = 120
"""No random moment in the last two minutes: people pack up."""
MISSED_AFTER_S = 900
"""A roll call of the plan that could not be held for so long is left out."""
MOST_RANDOM = 12


class RollPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``settle_s`` after going live or on, people are seated; ``apart_s`` lies between a roll call and a random one."""

    at_start: bool = True
    after_break: bool = True
    at_random: int = 2
    settle_s: int = 300
    apart_s: int = 600


class Held(msgspec.Struct, frozen=True):
    """A roll call of the session."""

    kind: Kind
    at_ns: int


class LineState(StrEnum):
    """What became of a line of the plan."""

    WAITING = "waiting"
    HELD = "held"
    MISSED = "missed"


class PlanLine(msgspec.Struct, frozen=True):
    """One roll call of the plan; a random one that has not come has no moment."""

    kind: Kind
    state: LineState
    at_ns: int | None = None


def check_roll_plan(plan: RollPlan) -> None:
    """Refuse a plan that cannot be held, with every fault in ``faults``."""
    faults = []
    if not 0 <= plan.at_random <= MOST_RANDOM:
        faults.append(f"ngẫu nhiên từ 0 đến {MOST_RANDOM} lần / 0 to {MOST_RANDOM} at random")
    if not 0 <= plan.settle_s <= 3600:
        faults.append("chờ ổn định từ 0 đến 60 phút / settle within 0 to 60 min")
    if not 60 <= plan.apart_s <= 7200:
        faults.append("cách nhau từ 1 đến 120 phút / 1 to 120 min apart")
    if faults:
        raise Refused("bad_roll_plan", "; ".join(faults), 422, faults=faults)


def due(
    plan: RollPlan, live: Sequence[Span], held: Sequence[Held], ends_ns: int, now: int, draw: Callable[[], float]
) -> Kind | None:
    """Which roll call is to be ordered at this look. ``live``: the times the session was live, the last one open while
    it is; ``draw``: a fresh number in [0, 1)."""
    if not live or live[-1].end_ns is not None:
        return None
    began = live[-1].begin_ns
    if now < began + plan.settle_s * S:
        return None
    fixed = _fixed(plan, live)
    if fixed is not None and not _has(held, fixed, began) and now < began + (plan.settle_s + MISSED_AFTER_S) * S:
        return fixed
    if draw() < chance(plan, held, ends_ns, now):
        return Kind.RANDOM
    return None


def chance(plan: RollPlan, held: Sequence[Held], ends_ns: int, now: int) -> float:
    """That a random roll call is to be ordered at this look: 1 − (1 − look ÷ free)^k, where k are still to come and
    ``free`` is what is left of the planned time without the distances between them."""
    left = plan.at_random - sum(each.kind is Kind.RANDOM for each in held)
    last = max((each.at_ns for each in held), default=None)
    end = ends_ns - TAIL_S * S
    if left <= 0 or now >= end or (last is not None and now < last + plan.apart_s * S):
        return 0.0
    free = end - now - (left - 1) * plan.apart_s * S
    return 1.0 if free <= LOOK_S * S else 1 - (1 - LOOK_S * S / free) ** left


def told(
    plan: RollPlan, live: Sequence[Span], held: Sequence[Held], *, over: bool, ends_ns: int, now: int
) -> list[PlanLine]:
    """The plan as it went so far; what is still to come at random has no moment."""
    lines = []
    for place, span in enumerate(live):
        kind = _fixed(plan, live[: place + 1])
        if kind is not None:
            lines.append(_line(plan, kind, span, held, over=over, now=now))
    if not live and plan.at_start:
        lines.append(PlanLine(Kind.START, LineState.MISSED if over else LineState.WAITING))
    random = [each for each in held if each.kind is Kind.RANDOM]
    lines += [PlanLine(Kind.RANDOM, LineState.HELD, each.at_ns) for each in random]
    gone = over or now >= ends_ns - TAIL_S * S
    left = max(0, plan.at_random - len(random))
    return lines + [PlanLine(Kind.RANDOM, LineState.MISSED if gone else LineState.WAITING)] * left


def _line(plan: RollPlan, kind: Kind, span: Span, held: Sequence[Held], *, over: bool, now: int) -> PlanLine:
    until = span.end_ns if span.end_ns is not None else now + 1
    found = [each.at_ns for each in held if each.kind is kind and span.begin_ns <= each.at_ns < until + 60 * S]
    if found:
        return PlanLine(kind, LineState.HELD, found[0])
    late = now >= span.begin_ns + (plan.settle_s + MISSED_AFTER_S) * S
    return PlanLine(kind, LineState.MISSED if over or late or span.end_ns is not None else LineState.WAITING)


def _fixed(plan: RollPlan, live: Sequence[Span]) -> Kind | None:
    """What the plan wants once people are seated after the last beginning."""
    if len(live) == 1:
        return Kind.START if plan.at_start else None
    return Kind.AFTER_BREAK if plan.after_break else None


def _has(held: Sequence[Held], kind: Kind, since_ns: int) -> bool:
    return any(each.kind is kind and each.at_ns >= since_ns for each in held)

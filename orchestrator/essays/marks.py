"""From two or three markers to one mark: who reads what, when a third is asked, what the final mark is. Pure."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import msgspec

from orchestrator.errors import Refused
from orchestrator.essays.model import WHOLE, Decision, EssayPlan
from wire.ids import PersonId, SiteId

MARKERS = 2
THIRD = 3
COMMENT_LIMIT = 8000


class Marker(msgspec.Struct, frozen=True):
    """Somebody who marks; ``site`` is their own school, whose essays they never get."""

    person: PersonId
    site: SiteId | None = None


class Slot(msgspec.Struct, frozen=True):
    """One reading of one essay: ``slot`` 1, 2 or 3 (the third one). ``mark`` in hundredths, None: not yet."""

    id: str
    essay: str
    number: str
    slot: int
    version: str
    marker: PersonId
    assigned_ns: int
    mark: int | None = None
    scores: tuple[int, ...] = ()
    comment: str = ""
    marked_ns: int | None = None


class Final(msgspec.Struct, frozen=True):
    """Where an essay stands. ``mark``: the final one in hundredths; ``third``: a third marker is needed and not asked
    yet; ``apart``: the difference of the first two."""

    mark: int | None
    apart: int | None
    third: bool


def differs(plan: EssayPlan, first: int, second: int) -> bool:
    """Whether two marks are so far apart that a third marker is asked: by more than ``plan.apart``."""
    return abs(first - second) > plan.apart


def final(plan: EssayPlan, slots: Sequence[Slot]) -> Final:
    """The final mark of one essay's readings. Pure: a change of any mark is the same call again."""
    marks = {each.slot: each.mark for each in slots}
    first, second, third = marks.get(1), marks.get(2), marks.get(THIRD)
    if first is None or second is None:
        return Final(None, None, third=False)
    apart = abs(first - second)
    if not differs(plan, first, second):
        return Final(mean(first, second), apart, third=False)
    if third is None:
        return Final(None, apart, third=THIRD not in marks)
    if plan.decision is Decision.THIRD:
        return Final(third, apart, third=False)
    return Final(_closest(*sorted((first, second, third))), apart, third=False)


def _closest(low: int, middle: int, high: int) -> int:
    if middle - low == high - middle:
        return mean(low, middle, high)
    return mean(low, middle) if middle - low < high - middle else mean(middle, high)


def mean(*marks: int) -> int:
    """Half up to a whole number of hundredths."""
    return (2 * sum(marks) + len(marks)) // (2 * len(marks))


def checked_mark(plan: EssayPlan, mark: int | None, scores: Sequence[int]) -> int:
    """The mark that a marker gave, as a whole or by criteria; refuses what the plan does not allow."""
    if plan.criteria:
        if len(scores) != len(plan.criteria):
            raise Refused("bad_mark", "Hãy cho điểm đủ các tiêu chí. / Every criterion needs a mark.", 422)
        for score, criterion in zip(scores, plan.criteria, strict=True):
            _check_step(plan, score, criterion.most)
        return sum(scores)
    if mark is None:
        raise Refused("bad_mark", "Chưa có điểm. / There is no mark.", 422)
    _check_step(plan, mark, WHOLE)
    return mark


def _check_step(plan: EssayPlan, score: int, most: int) -> None:
    if not 0 <= score <= most or score % plan.step:
        raise Refused(
            "bad_mark",
            f"Điểm từ 0 đến {most / 100:g}, bước {plan.step / 100:g}. / 0 to {most / 100:g} in steps.",
            422,
        )


def assign(
    essays: Mapping[str, SiteId],
    markers: Sequence[Marker],
    loads: Mapping[PersonId, int],
    taken: Mapping[str, Sequence[PersonId]],
    wanted: int,
    seed: int,
) -> tuple[dict[str, list[PersonId]], list[str]]:
    """Spread readings evenly: to each essay (number -> its site) as many new markers as bring it to ``wanted``.

    Nobody reads an essay of their own site or one they read already; the marker with the least to do comes first, of
    equals one by lot. ``loads``: readings that each has. Also returned: the essays that too few may read.
    """
    lot = random.Random(seed)
    load = {marker.person: loads.get(marker.person, 0) for marker in markers}
    order = sorted(essays)
    lot.shuffle(order)
    # Essays that few may read come first, so that those few are still free.
    order.sort(key=lambda number: sum(marker.site != essays[number] for marker in markers))
    given: dict[str, list[PersonId]] = {}
    short = []
    for number in order:
        has = list(taken.get(number, ()))
        free = [each.person for each in markers if each.site != essays[number] and each.person not in has]
        lot.shuffle(free)
        free.sort(key=load.__getitem__)
        new = free[: max(0, wanted - len(has))]
        if len(has) + len(new) < wanted:
            short.append(number)
            continue
        for person in new:
            load[person] += 1
        if new:
            given[number] = new
    return given, sorted(short)

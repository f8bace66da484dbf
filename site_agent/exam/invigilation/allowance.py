"""Time that one exam at this site has beside its plan: grants in force, and clocks that stood. Folded from notes. Pure.

Everything here was first written down: a note is what the journal's file holds, in order, and `Allowance.take` is the
only way to change the state. Grants are known by their id, whoever made them; the province's list replaces its older
list, and what was given here stays until it is taken back here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from site_agent.exam.window import Anchor, Reading, elapsed_ns
from wire.exam_fairness import (
    ExamExtra,
    ExamExtraWithdrawn,
    ExamGrants,
    ExamGrantsTaken,
    ExamIncident,
    ExamOutage,
    ExamResumed,
    ExamStopped,
    FairnessRecord,
    Grant,
)

_S = 1_000_000_000
_MS = 1_000_000
STOPPED_STRETCH_S = 24 * 3600
"""A stopped window does not end: nobody knows yet how long it will stand."""


class Note(msgspec.Struct, frozen=True):
    """One line of what happened: the record for the province, and what only this computer needs to go on with it.

    `anchor`: the instant of a stop, in a form that outlives the agent; `heard`: the list that a `ExamGrantsTaken`
    speaks of.
    """

    record: FairnessRecord
    anchor: Anchor | None = None
    heard: ExamGrants | None = None


@dataclass(slots=True)
class Stop:
    """The clock stands since `anchor`."""

    id: str
    who: str
    text: str
    anchor: Anchor


@dataclass(slots=True)
class Allowance:
    """State of one exam; `extras` holds what was given or asked for here, by id."""

    extras: dict[str, ExamExtra] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    listed: dict[str, Grant] = field(default_factory=dict)
    too_late: set[str] = field(default_factory=set)
    serial: int = -1
    gaps_ms: dict[str, int] = field(default_factory=dict)
    stop: Stop | None = None
    incidents: list[ExamIncident] = field(default_factory=list)
    outages: list[ExamOutage] = field(default_factory=list)

    def take(self, note: Note) -> None:
        """Fold in the next note."""
        match note.record:
            case ExamExtra() as extra:
                self.extras.setdefault(extra.grant.id, extra)
            case ExamExtraWithdrawn(id=gone):
                self.withdrawn.add(gone)
            case ExamStopped() as stop if note.anchor is not None:
                self.stop = Stop(stop.id, stop.who, stop.text, note.anchor)
            case ExamResumed() as resumed:
                self.gaps_ms[resumed.id] = resumed.gap_ms
                self.stop = None
            case ExamIncident() as incident:
                self.incidents.append(incident)
            case ExamOutage() as outage:
                self.outages.append(outage)
            case ExamGrantsTaken() as taken if note.heard is not None:
                self.serial = taken.serial
                self.listed = {grant.id: grant for grant in note.heard.grants}
                self.too_late |= set(taken.too_late)
            case _:
                return

    def in_force(self) -> Iterator[Grant]:
        """Every grant that counts, each once."""
        for grant in self.listed.values():
            # A stopped clock that the province tells back was measured here to the millisecond.
            if grant.id not in self.withdrawn | self.too_late and grant.id not in self.gaps_ms:
                yield grant
        for name, extra in self.extras.items():
            if not extra.asked and name not in self.withdrawn and name not in self.listed:
                yield extra.grant

    def granted_s(self, number: str | None) -> int:
        """Seconds granted to a candidate, those of the whole site included; None: to the site alone."""
        return sum(each.seconds for each in self.in_force() if each.candidate in (None, number))

    def stood_ns(self, now: Reading | None) -> int:
        """How long the clock has stood altogether; the stop that lasts still counts only with a reading."""
        past = sum(self.gaps_ms.values()) * _MS
        return past + (elapsed_ns(self.stop.anchor, now) if self.stop is not None and now is not None else 0)

    def extra_ns(self, number: str | None, now: Reading) -> int:
        """What a candidate has beside plan and roster."""
        return self.granted_s(number) * _S + self.stood_ns(now)

    def longest_s(self, of_roster: dict[str, int]) -> int:
        """The most that anyone has beside the plan, in whole seconds, rounded up. `of_roster`: number → seconds."""
        if self.stop is not None:
            return STOPPED_STRETCH_S
        everybody = self.granted_s(None)
        own: dict[str, int] = dict(of_roster)
        for grant in self.in_force():
            if grant.candidate is not None:
                own[grant.candidate] = own.get(grant.candidate, 0) + grant.seconds
        # A guest from a site that opened earlier has less than the plan's length; the window has all of it.
        return max(0, max(own.values(), default=0)) + everybody - (-self.stood_ns(None) // _S)

    def given_here_s(self, number: str | None) -> int:
        """Seconds that invigilators of this site gave to a candidate, or to the whole site, by themselves."""
        return sum(
            extra.grant.seconds
            for name, extra in self.extras.items()
            if extra.grant.candidate == number and not extra.asked and name not in self.withdrawn
        )

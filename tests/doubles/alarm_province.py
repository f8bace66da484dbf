"""A province whose sites fail when a test says so, looked at once a second by the real judgement of alarms."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

import msgspec

from orchestrator.alarms.duty import duties
from orchestrator.alarms.judging import Outlook, step
from orchestrator.alarms.model import Alarm, AlarmEvent, Cleared, Raised, Scope, Trouble, applied, standing
from orchestrator.alarms.observing import OF_THE_LINE, OF_THE_ROOM, Bad, Key, Seen, Track, Where, observed
from orchestrator.alarms.planned import Work, held
from orchestrator.alarms.rules import Rules, S
from wire.ids import SiteId

START_NS = 1_800_000_000 * S
LINE_WORDS = ("late", "silent", "unknown")


class AlarmProvince:
    """Sites by district, each of a provider; time moves by :meth:`run`."""

    def __init__(
        self, districts: dict[str, int], providers: Iterable[str] = (), *, rules: Rules | None = None, old: bool = True
    ) -> None:
        self.rules = rules or Rules()
        names = list(providers)
        self.where: dict[SiteId, Where] = {}
        for district, sites in districts.items():
            for number in range(sites):
                provider = names[len(self.where) % len(names)] if names else ""
                self.where[SiteId(f"{district}-{number:02}")] = Where("Tỉnh", district, provider)
        self.now = START_NS
        self.started_ns = START_NS - 3600 * S if old else START_NS
        self.findings: dict[SiteId, set[tuple[str, int]]] = {site: set() for site in self.where}
        self.idle: dict[SiteId, frozenset[Trouble]] = {}
        self.parts: dict[tuple[Trouble, str], Bad] = {}
        self.works: list[Work] = []
        self.alarms: dict[str, Alarm] = {}
        self.memory: dict[Key, Track] = {}
        self.weak: dict[str, int] = {}
        self.log: list[tuple[int, AlarmEvent]] = []
        self._ids = count(1)

    def of(self, district: str) -> list[SiteId]:
        return [site for site, at in self.where.items() if at.district == district]

    def fail(self, sites: Iterable[SiteId], word: str = "late", severity: int = 2) -> None:
        """From now on these sites have this finding; one that is away has no other."""
        for site in sites:
            self.findings[site].add((word, severity))

    def mend(self, sites: Iterable[SiteId], word: str = "late") -> None:
        for site in sites:
            self.findings[site] = {found for found in self.findings[site] if found[0] != word}

    def release(self, sites: Iterable[SiteId]) -> None:
        """Nothing needs these rooms from now on."""
        self.idle |= dict.fromkeys(sites, OF_THE_LINE | OF_THE_ROOM | {Trouble.READINESS, Trouble.EXAM})

    def rest(self, sites: Iterable[SiteId]) -> None:
        """People left these rooms for a break: their computers are needed, their cameras are not."""
        self.idle |= dict.fromkeys(sites, OF_THE_ROOM)

    def need(self, sites: Iterable[SiteId]) -> None:
        for site in sites:
            self.idle.pop(site, None)

    def run(self, seconds: float) -> None:
        """Let time pass, a look a second."""
        for _ in range(round(seconds)):
            self.now += S
            self.look()

    def look(self) -> None:
        seen = [self._seen(site) for site in self.where]
        self.memory = observed(self.memory, seen, self.rules.flapping, self.now)
        outlook = Outlook(
            seen, self.memory, held(self.works, self.where.items(), self.now), self.started_ns, self.parts
        )
        made = step(self.alarms, outlook, self.weak, self.rules, self.now, lambda: f"alarm-{next(self._ids)}")
        self.weak = made.weak
        self.happen([*made.events, *duties(made.alarms, made.events, self.rules, self.now)])

    def _seen(self, site: SiteId) -> Seen:
        found, idle = self.findings[site], self.idle.get(site, frozenset())
        there = not any(word in LINE_WORDS for word, _ in found)
        shown = [
            (word, 1 if word in LINE_WORDS and Trouble.AWAY in idle else severity)
            for word, severity in found
            if there or word in LINE_WORDS
        ]
        return Seen(site, self.where[site], there, watching=True, findings=tuple(sorted(shown)), idle=idle)

    def happen(self, events: Iterable[AlarmEvent]) -> None:
        for event in events:
            self.log.append((self.now, event))
            self.alarms = applied(self.alarms, event, self.now)

    def restart(self) -> None:
        """The centre starts anew: what happened is still known, what was seen is not."""
        self.memory, self.weak, self.started_ns = {}, {}, self.now
        alarms: dict[str, Alarm] = {}
        for at, event in self.log:
            alarms = applied(alarms, event, at)
        self.alarms = alarms

    @property
    def standing(self) -> list[Alarm]:
        return standing(self.alarms)

    def told(self) -> list[str]:
        """What stands, shortly: trouble, cause, sites."""
        return sorted(
            f"{each.trouble} {each.cause.scope} {each.cause.name} {len(each.sites)}".replace("  ", " ")
            for each in self.standing
        )

    def raised(self) -> list[Raised]:
        return [event for _, event in self.log if isinstance(event, Raised)]

    def cleared(self) -> list[Cleared]:
        return [event for _, event in self.log if isinstance(event, Cleared)]

    def alone(self, alarm: Alarm) -> bool:
        return alarm.cause.scope is Scope.SITE

    def change(self, **rules: object) -> None:
        self.rules = msgspec.structs.replace(self.rules, **rules)

"""From what is found to what happens to the alarms: one step at a time. Pure.

An alarm is suppressed, never a finding: the tiles keep showing every site as it is. Creation is suppressed, never
resolution: whatever stands clears when its own findings are gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from orchestrator.alarms.causes import Explained, explained
from orchestrator.alarms.model import (
    Alarm,
    AlarmEvent,
    Alarms,
    Cause,
    Cleared,
    Joined,
    Left,
    Raised,
    Scope,
    Trouble,
    Worsened,
    applied,
    standing,
)
from orchestrator.alarms.observing import OF_THE_LINE, Bad, Memory, Seen, subjects, troubles, well_since
from orchestrator.alarms.planned import Held
from orchestrator.alarms.rules import Rules, S
from wire.ids import SiteId

SHOWN = (Trouble.PICTURE, Trouble.SOUND)
"""What a dead relay brings about."""
OF_THE_CENTRE = (Trouble.STARTING, Trouble.RELAY, Trouble.LECTURER, Trouble.CHANNEL, Trouble.RECORDING, Trouble.UNARMED)
GROUPED = tuple(each for each in Trouble if each not in OF_THE_CENTRE)

MIDDLE, GRAVE = 2, 3
AT_ONCE_NS = 60 * S
"""Sites that nobody waits for and that went away within so long of each other did not go home: something failed."""

Parts = Mapping[tuple[Trouble, str], Bad]
"""What is wrong with the centre itself: (trouble, name of the part)."""


class Outlook(msgspec.Struct, frozen=True):
    """Everything that a step looks at."""

    seen: Sequence[Seen]
    memory: Memory
    held: Held
    started_ns: int
    parts: Parts = {}


class Stepped(msgspec.Struct, frozen=True):
    """What happens, the alarms after it, and since when a common cause has been too weak to be seen anew."""

    events: list[AlarmEvent]
    alarms: dict[str, Alarm]
    weak: dict[str, int]


def step(
    alarms: Alarms, outlook: Outlook, weak: Mapping[str, int], rules: Rules, now: int, new_id: Callable[[], str]
) -> Stepped:
    """One look at everything."""
    return _Round(alarms, outlook, weak, rules, now, new_id).run()


class _Round:
    """One step in progress: its events are applied as they come."""

    def __init__(
        self,
        alarms: Alarms,
        outlook: Outlook,
        weak: Mapping[str, int],
        rules: Rules,
        now: int,
        new_id: Callable[[], str],
    ) -> None:
        self._alarms = dict(alarms)
        self._outlook = outlook
        self._weak_before, self._weak = weak, dict[str, int]()
        self._rules = rules
        self._now = now
        self._new_id = new_id
        self._events: list[AlarmEvent] = []
        self._seen = {one.site: one for one in outlook.seen}
        self._where = {one.site: one.where for one in outlook.seen}
        self._bad = troubles(outlook.memory)

    def run(self) -> Stepped:
        self._parts()
        waiting = self._starting()
        for trouble in GROUPED:
            if trouble in self._bad or any(alarm.trouble is trouble for alarm in standing(self._alarms)):
                self._trouble(trouble, waiting if trouble is Trouble.AWAY else frozenset())
        return Stepped(self._events, self._alarms, self._weak)

    def _happens(self, event: AlarmEvent) -> None:
        self._events.append(event)
        self._alarms = applied(self._alarms, event, self._now)

    def _raise(self, trouble: Trouble, cause: Cause, severity: int, sites: frozenset[SiteId], of: int) -> str:
        made = self._new_id()
        self._happens(Raised(made, trouble, cause, severity, tuple(sorted(sites)), of))
        return made

    def _held_alarms(self, trouble: Trouble) -> list[Alarm]:
        return [alarm for alarm in standing(self._alarms) if alarm.trouble is trouble]

    # --- the centre itself -----------------------------------------------------------------------------------------

    def _parts(self) -> None:
        """A part of the centre that fails; a dead relay also has the rooms that lost picture or sound under it."""
        parts = self._outlook.parts
        known = {(alarm.trouble, alarm.cause.name) for alarm in standing(self._alarms)}
        for (trouble, name), bad in sorted(parts.items()):
            ripe = self._now - bad.since_ns >= self._rules.delay(trouble).alone_s * S
            if ripe and (trouble, name) not in known:
                self._raise(trouble, Cause(Scope.PART, name), bad.severity, frozenset(), 0)
        for alarm in standing(self._alarms):
            if alarm.cause.scope is not Scope.PART:
                continue
            lost = self._dark() if alarm.trouble is Trouble.RELAY else frozenset()
            self._move(alarm, lost, {})
            if (alarm.trouble, alarm.cause.name) in parts:
                continue
            if not lost or self._settled(alarm):
                self._happens(Cleared(alarm.id, "back"))

    def _dark(self) -> frozenset[SiteId]:
        """Rooms without picture or sound that no other alarm has."""
        taken = {site for trouble in SHOWN for alarm in self._held_alarms(trouble) for site in alarm.sites}
        dark = {site for trouble in SHOWN for site in self._bad.get(trouble, {})}
        return frozenset(dark - taken - set(self._outlook.held.now))

    def _settled(self, alarm: Alarm) -> bool:
        since = self._weak[alarm.id] = self._weak_before.get(alarm.id, self._now)
        return self._now - since >= self._rules.settle_s * S

    def _starting(self) -> frozenset[SiteId]:
        """Sites that may still be on their way back after the centre's own start: one alarm, and a mild one."""
        begun, rules = self._outlook.started_ns, self._rules
        taken = {site for alarm in self._held_alarms(Trouble.AWAY) for site in alarm.sites}
        away = set(self._bad.get(Trouble.AWAY, {})) - taken - set(self._outlook.held.now)
        waiting = frozenset(away) if self._now - begun < rules.grace_s * S else frozenset[SiteId]()
        alarm = next(iter(self._held_alarms(Trouble.STARTING)), None)
        if alarm is not None and not waiting:
            self._happens(Cleared(alarm.id, "over" if away else "back"))
        elif alarm is not None:
            self._move(alarm, waiting, {})
        elif waiting and self._now - begun >= rules.delay(Trouble.AWAY).together_s * S:
            self._raise(Trouble.STARTING, Cause(Scope.CENTRE), 1, waiting, len(self._outlook.seen))
        return waiting

    # --- the sites -------------------------------------------------------------------------------------------------

    def _trouble(self, trouble: Trouble, waiting: frozenset[SiteId]) -> None:
        bad = self._effective(trouble, waiting)
        self._ease(trouble, bad)
        common = {a.cause: a for a in self._held_alarms(trouble) if a.cause.scope is not Scope.SITE}
        single = {SiteId(a.cause.name): a for a in self._held_alarms(trouble) if a.cause.scope is Scope.SITE}
        own = {site for site, alarm in single.items() if self._stands_alone(alarm)}
        found = self._explained(trouble, bad, common, own)
        homes = {site: cause for cause, one in found.items() for site in one.sites}
        ids = {cause: common[cause].id for cause in found if cause in common}
        for cause, one in found.items():
            if cause not in common:
                severity = _gravity(trouble, [bad[site] for site in one.sites])
                ids[cause] = self._raise(trouble, cause, severity, one.sites, one.of)
        into = {site: ids[cause] for site, cause in homes.items()}
        for alarm in common.values():
            wanted = found[alarm.cause].sites if alarm.cause in found else frozenset[SiteId]()
            self._move(alarm, wanted, into)
        for alarm in single.values():
            self._single(alarm, trouble, bad, into)
        alone_ns = self._rules.delay(trouble).alone_s * S
        for site, here in sorted(bad.items()):
            if site in homes or site in single or self._idle(trouble, site):
                continue
            if self._now - here.since_ns >= alone_ns:
                self._raise(trouble, Cause(Scope.SITE, site), here.severity, frozenset({site}), 1)
        self._worsen(trouble, bad)

    def _effective(self, trouble: Trouble, waiting: frozenset[SiteId]) -> dict[SiteId, Bad]:
        """What may count: not what is held back, waited for or under a dead relay; work done counts from its end."""
        held = self._outlook.held
        elsewhere = set(held.now) | waiting
        if trouble in SHOWN:
            elsewhere |= {site for alarm in self._held_alarms(Trouble.RELAY) for site in alarm.sites}
        return {
            site: Bad(max(one.since_ns, held.released.get(site, 0)), one.severity)
            for site, one in self._bad.get(trouble, {}).items()
            if site not in elsewhere
        }

    def _stands_alone(self, alarm: Alarm) -> bool:
        return alarm.acknowledged is not None or self._now - alarm.raised_ns > self._rules.absorb_s * S

    def _explained(
        self, trouble: Trouble, bad: Mapping[SiteId, Bad], common: Mapping[Cause, Alarm], own: set[SiteId]
    ) -> dict[Cause, Explained]:
        """The common causes now; one that became weak is kept for a while, because rooms come back one by one."""
        together_ns = self._rules.delay(trouble).together_s * S
        members = {site for alarm in common.values() for site in alarm.sites}
        hurt = {site for site, one in bad.items() if site in members or self._now - one.since_ns >= together_ns} - own
        subject = subjects(self._outlook.seen, trouble) - set(self._outlook.held.now) - own
        found = explained(hurt, subject, self._where, common.keys(), self._rules)
        taken = {site for one in found.values() for site in one.sites}
        for cause, alarm in common.items():
            rest = frozenset(set(alarm.sites) & hurt - taken)
            if cause not in found and rest and not self._settled(alarm):
                found[cause] = Explained(rest, len(rest))
                taken |= rest
        return found

    def _single(self, alarm: Alarm, trouble: Trouble, bad: Mapping[SiteId, Bad], into: Mapping[SiteId, str]) -> None:
        site = SiteId(alarm.cause.name)
        if site in into:
            self._happens(Cleared(alarm.id, "merged", into[site]))
        elif site in bad:
            if self._idle(trouble, site):
                self._happens(Cleared(alarm.id, "idle"))
        elif (why := self._gone(site, trouble)) is not None:
            self._happens(Cleared(alarm.id, why))

    def _ease(self, trouble: Trouble, bad: Mapping[SiteId, Bad]) -> None:
        """A common alarm that was grave because somebody waited is over once nobody does: sites that went home one by
        one are a mild alarm, raised anew if they are still enough."""
        for alarm in self._held_alarms(trouble):
            hurt = [bad[site] for site in alarm.sites if site in bad and self._idle(trouble, site)]
            grave = alarm.severity >= GRAVE and alarm.cause.scope is not Scope.SITE
            if grave and 0 < len(hurt) == len(alarm.sites) and _gravity(trouble, hurt) < MIDDLE:
                self._happens(Left(alarm.id, tuple(sorted(alarm.sites)), "idle"))
                self._happens(Cleared(alarm.id, "idle"))

    def _move(self, alarm: Alarm, wanted: frozenset[SiteId], into: Mapping[SiteId, str]) -> None:
        """Bring who is under a common alarm up to date; without anybody it is over."""
        if joined := wanted - set(alarm.sites):
            self._happens(Joined(alarm.id, tuple(sorted(joined))))
        leaving: dict[str, list[SiteId]] = {}
        for site in sorted(set(alarm.sites) - wanted):
            if (why := self._why_left(site, alarm.trouble, into)) is not None:
                leaving.setdefault(why, []).append(site)
        if not alarm.sites and not wanted and alarm.cause.scope is not Scope.PART:
            self._happens(Cleared(alarm.id, "back"))
            return
        gone = sum(len(sites) for sites in leaving.values())
        over = gone and gone == len(alarm.sites) + len(joined) and alarm.cause.scope is not Scope.PART
        for why, sites in leaving.items():
            self._happens(Left(alarm.id, tuple(sites), why))
        if over:
            why = max(leaving, key=lambda each: len(leaving[each]))
            self._happens(Cleared(alarm.id, why, into.get(leaving[why][0]) if why == "merged" else None))

    def _why_left(self, site: SiteId, trouble: Trouble, into: Mapping[SiteId, str]) -> str | None:
        """None while it may not leave yet."""
        if site in into:
            return "merged"
        if trouble is Trouble.STARTING:
            return "back"
        if trouble is Trouble.RELAY:
            if any(site in self._bad.get(each, {}) for each in SHOWN):
                return None
            return "idle" if self._idle(Trouble.PICTURE, site) else "back"
        here = self._bad.get(trouble, {}).get(site)
        if here is not None and site not in self._outlook.held.now:
            return "idle" if self._idle(trouble, site) else "apart"
        return self._gone(site, trouble)

    def _gone(self, site: SiteId, trouble: Trouble) -> str | None:
        """Why a trouble is no longer at a site; None while that is not sure."""
        if site in self._outlook.held.now:
            return "planned"
        one = self._seen.get(site)
        if one is not None and one.overlooks(trouble):
            return "idle"
        if site in self._bad.get(Trouble.FLAPPING, {}) and trouble is not Trouble.FLAPPING:
            track = self._outlook.memory.get((site, trouble))
            if track is not None and track.flaps:
                return "flapping"
        if one is not None and trouble not in OF_THE_LINE and not one.there:
            return None
        since = well_since(self._outlook.memory, site, trouble)
        if trouble is Trouble.FLAPPING or since is None or self._now - since >= self._rules.clear_s * S:
            return "back"
        return None

    def _worsen(self, trouble: Trouble, bad: Mapping[SiteId, Bad]) -> None:
        for alarm in self._held_alarms(trouble):
            worst = max((bad[site].severity for site in alarm.sites if site in bad), default=0)
            if worst > alarm.severity:
                self._happens(Worsened(alarm.id, worst))

    def _idle(self, trouble: Trouble, site: SiteId) -> bool:
        """Whether nobody waits for it: a computer that was switched off for the night is no alarm."""
        one = self._seen.get(site)
        return one is not None and trouble in one.idle


def _gravity(trouble: Trouble, hurt: Sequence[Bad]) -> int:
    worst = max(one.severity for one in hurt)
    moments = [one.since_ns for one in hurt]
    at_once = max(moments) - min(moments) <= AT_ONCE_NS
    return max(worst, MIDDLE) if trouble is Trouble.AWAY and at_once else worst

"""The hours before an exam, as a site's clock lives them: bursts, gaps, drift, the freeze; and where the truth lay."""

import random
from dataclasses import dataclass, field

from tests.doubles.link_models import MS, SECOND, DriftingSite, Model
from wire.timesync import BURST, TimeSync, Verdict

EVERY_NS = 64 * SECOND
FREEZE_NS = 60 * SECOND
MOST_RATE = 200e-6
"""±200 ppm: far worse than a school computer."""
AFTER_T0_NS = (0, 600 * SECOND, 7200 * SECOND)
"""Moments looked at from T0 on, without another burst: the line may be gone."""


@dataclass
class Truth:
    """What was seen of one kind of line. `violations`: moments at which the truth lay outside the bound. Errors and
    bounds in ms, of moments about a minute after a burst, as T0 is; the others would tell how often lines fail."""

    exchanges: int = 0
    looked: int = 0
    violations: int = 0
    voided: int = 0
    errors: list[float] = field(default_factory=list)
    bounds: list[float] = field(default_factory=list)
    at_t0: list[float] = field(default_factory=list)
    """Signed error at T0, one a site."""

    def look(self, sync: TimeSync, site: DriftingSite, true: int, *, kept: bool) -> float:
        """Compare what is believed at this moment with what is so; the signed error in ms."""
        self.looked += 1
        lead, so = sync.lead(site.monotonic(true)), site.lead(true)
        if lead is None or not lead[0] <= so <= lead[1]:
            self.violations += 1
            return float("inf")
        error = ((lead[0] + lead[1]) / 2 - so) / MS
        if kept:
            self.errors.append(abs(error))
            self.bounds.append((lead[1] - lead[0]) / 2 / MS)
        return error


def live_one_day(truth: Truth, model: Model, chance: random.Random, bursts: int, most_rate: float = MOST_RATE) -> None:
    """One site from its first burst over T0 to two hours after it. Some bursts fall out with the line; within the last
    minute the clock is frozen, and what comes then comes on a loaded line."""
    site, sync = DriftingSite(model, chance, most_rate), TimeSync()
    true = chance.randrange(3600 * SECOND)
    for place in range(bursts):
        if place == bursts - 1:
            sync.freeze()
        exchanges, ended = site.burst(true)
        truth.exchanges += BURST
        truth.voided += sync.burst("centre", exchanges) is Verdict.VOIDED
        truth.look(sync, site, ended, kept=False)
        away = chance.choice((1, 1, 1, 1, 1, 2, 5, 15))
        true = max(ended, true + away * EVERY_NS)
        truth.look(sync, site, chance.randrange(ended, true + 1), kept=False)
        truth.look(sync, site, true, kept=away == 1)
    t0 = true + FREEZE_NS
    truth.at_t0.append(truth.look(sync, site, t0, kept=True))
    for after in AFTER_T0_NS:
        truth.look(sync, site, t0 + after, kept=False)


def live_many_days(models: tuple[Model, ...], exchanges: int, seed: int, bursts: int = 20) -> dict[str, Truth]:
    """So many exchanges at least, spread evenly over the kinds of line."""
    found = {}
    for model in models:
        truth, chance = Truth(), random.Random(f"{seed}|{model.name}")
        while truth.exchanges < exchanges / len(models):
            live_one_day(truth, model, chance, bursts)
        found[model.name] = truth
    return found

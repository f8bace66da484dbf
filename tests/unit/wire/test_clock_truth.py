"""The true error of a site's clock lies inside the stated bound on every kind of line; `tests.bench.clock_truth` does
the same with a million exchanges."""

import random

from tests.doubles.clock_days import live_many_days
from tests.doubles.link_models import MODELS

EXCHANGES = 5_600


def _outside(seed: int) -> dict[str, int]:
    found = live_many_days(MODELS, EXCHANGES, seed)
    assert sum(truth.exchanges for truth in found.values()) >= EXCHANGES
    return {name: truth.violations for name, truth in found.items() if truth.violations}


def test_the_bound_holds_the_truth_on_every_line() -> None:
    assert _outside(seed=20251128) == {}


def test_the_bound_holds_the_truth_on_days_never_seen_before() -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    assert _outside(seed) == {}, f"seed {seed}"

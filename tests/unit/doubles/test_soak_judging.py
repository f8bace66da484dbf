"""The soak's judge: what is flat passes, and what leaks does not, however noisy either is."""

from __future__ import annotations

import random

import msgspec
import pytest

from tests.bench.media_soak import Soak, found, table
from tests.bench.soak_judging import left_over, met, mostly, slope, stands, trend
from tests.bench.soak_sampling import GAUGES, Held, Sample
from tests.doubles.restless import Seen

MB = 1e6
MINUTES_25 = [10.0 * n for n in range(151)]


def noisy(base: float, per_second: float) -> list[float]:
    """As memory is: steps of pages, and every so often a burst that goes again."""
    chance = random.Random(7)
    bursts = (chance.choice((0, 0, 0, 0, 6 * MB)) for _ in MINUTES_25)
    return [
        base + per_second * at + burst + chance.uniform(-0.2, 0.2) * MB
        for at, burst in zip(MINUTES_25, bursts, strict=False)
    ]


def test_the_slope_is_the_median_of_all_slopes_whatever_one_sample_says() -> None:
    assert slope([0, 1, 2, 3, 4], [0, 2, 4, 600, 8]).value == pytest.approx(2)
    found = slope(MINUTES_25, noisy(60 * MB, 100))
    assert found.low <= found.value <= found.high
    assert found.value == pytest.approx(100, rel=0.5)
    with pytest.raises(ValueError, match="two moments"):
        slope([1], [1])


def test_memory_that_only_flickers_is_flat() -> None:
    assert trend("relay", MINUTES_25, noisy(60 * MB, 0)).flat


@pytest.mark.parametrize("per_second", [5_000, 20_000])
def test_a_leak_of_a_few_kilobytes_a_second_is_seen(per_second: float) -> None:
    seen = trend("relay", MINUTES_25, noisy(60 * MB, per_second))
    assert not seen.flat
    assert seen.low > 0


def test_a_large_process_may_grow_by_a_twentieth_and_no_more() -> None:
    assert trend("centre", MINUTES_25, noisy(200 * MB, 5_500)).flat
    assert not trend("centre", MINUTES_25, noisy(200 * MB, 8_500)).flat


def test_whatever_is_left_over_is_named() -> None:
    before = {"relay socket": 5, "sessions": 2, "tasks": 30}
    assert left_over(before, dict(before)) == []
    assert left_over(before, {"relay socket": 6, "sessions": 2, 'viewers stream="a"': 1}) == [
        "relay socket: 5 before, 6 after",
        'viewers stream="a": 0 before, 1 after',
    ]


def test_a_busy_machine_does_not_hide_what_came_back_nor_what_did_not() -> None:
    seen = [{"sessions": 12, "sockets": 7}, {"sessions": 11, "sockets": 8}, {"sessions": 13, "sockets": 8, "more": 1}]
    assert met({"sessions": 12, "sockets": 6}, seen) == {"sessions": 12, "sockets": 8, "more": 0}
    assert met({"sessions": 10, "sockets": 9}, seen) == {"sessions": 13, "sockets": 9, "more": 0}
    assert mostly(seen) == {"sessions": 12, "sockets": 8, "more": 0}
    assert not stands(seen, 2)
    assert stands([*seen, *seen[-1:]], 2)
    assert not stands(seen[-1:], 2)


def test_gauges_are_read_from_prometheus_text() -> None:
    text = (
        "# TYPE diemcau_tasks gauge\ndiemcau_tasks 41\n"
        'diemcau_relay_tasks{worker="0"} 9\ndiemcau_relay_viewers{worker="0",stream="s"} 4\n'
        'diemcau_relay_packets_out_total{worker="0"} 5e+06\n'
    )
    assert [(one["name"], one["labels"], one["value"]) for one in GAUGES.finditer(text)] == [
        ("tasks", None, "41"),
        ("tasks", 'worker="0"', "9"),
        ("viewers", 'worker="0",stream="s"', "4"),
    ]


def sample(at: float, own: float, sockets: int = 4, pid: int = 10) -> Sample:
    held = Held("relay", pid, int(own + 9 * MB), int(own), 3, at / 10, {"socket": sockets, "pipe": 2})
    return Sample(at, [held], {'sessions worker="0"': 42.0, 'addresses worker="0"': 42.0})


def judged(samples: list[Sample], start: Sample, end: Sample, after: Sample) -> list[str]:
    counts = {"before": start, "start": start, "end": end, "after": after}
    held = {name: one.all_counts() for name, one in counts.items()}
    told = found(Soak(), samples, held, Seen(40, 40, {"silent": 3}), lecturers=5)
    assert table(told).endswith("\n".join(told.faults or ["held"]))
    return told.faults


def test_a_whole_soak_is_judged() -> None:
    calm = [sample(at, own) for at, own in zip(MINUTES_25, noisy(60 * MB, 0), strict=True)]
    assert judged(calm, calm[0], calm[0], calm[0]) == []
    more = msgspec.structs.replace(calm[0], counts={'sessions worker="0"': 42.0, 'addresses worker="0"': 57.0})
    assert judged(calm, calm[0], more, calm[0]) == []
    growing = [sample(at, own) for at, own in zip(MINUTES_25, noisy(60 * MB, 20_000), strict=True)]
    (fault,) = judged(growing, growing[0], growing[0], growing[0])
    assert fault.startswith("relay: grew by ")
    faults = judged(calm, calm[0], sample(0, 60 * MB, sockets=5), more)
    assert faults == [
        "with as many viewers: relay socket: 4 before, 5 after",
        'when all had left: addresses worker="0": 42 before, 57 after',
    ]
    died = [*calm[:-1], sample(1500, 60 * MB, pid=11)]
    assert judged(died, calm[0], calm[0], calm[0]) == ["relay: 1 deaths"]

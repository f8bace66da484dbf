"""What the bench of openings says of sites that say nothing: the worst, by name."""

import pytest

from tests.bench.opening import tell_clocks, tell_openings

SITES = ["DC01", "DC02", "DC03"]


def reading(
    site: str, *, error_ms: float = 2.0, bound_ms: float | None = 9.0, inside: bool = True
) -> dict[str, object]:
    return {"site": site, "error_ms": error_ms, "bound_ms": bound_ms, "inside": inside, "state": "synced"}


def test_an_agent_without_a_bound_or_a_word_is_infinitely_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    readings = [reading("DC01"), reading("DC02", error_ms=1.0, bound_ms=None)]
    assert tell_clocks(readings, SITES) == ["DC02", "DC03"]
    out = capsys.readouterr().out
    assert "p99     inf  max     inf" in out
    assert "without one: 2 (DC02, DC03)" in out


def test_an_agent_outside_its_bound_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert tell_clocks([reading("DC01"), reading("DC02", inside=False), reading("DC03")], SITES) == ["DC02"]
    assert "outside the stated bound: 1 (DC02), without one: 0" in capsys.readouterr().out


def test_a_silent_site_is_named_with_the_opening_that_it_missed(capsys: pytest.CaptureFixture[str]) -> None:
    openings = [
        {"site": site, "exam": exam, "late_ms": 3.0}
        for exam in ("exam-1", "exam-2")
        for site in SITES
        if (site, exam) != ("DC02", "exam-2")
    ]
    assert tell_openings(openings, ["exam-1", "exam-2"], SITES) == ["DC02 at T0 number 2"]
    out = capsys.readouterr().out
    assert "max     inf" in out
    assert "silent sites, counted as never opened: 1 (DC02 at T0 number 2)" in out


def test_where_everybody_opened_nobody_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    openings = [
        {"site": site, "exam": "exam-1", "late_ms": late} for site, late in zip(SITES, (1.0, 2.0, 7.5), strict=True)
    ]
    assert tell_openings(openings, ["exam-1"], SITES) == []
    assert "max    7.50  first    1.00" in capsys.readouterr().out

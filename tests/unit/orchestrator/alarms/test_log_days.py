"""Which days of the incident log are shown."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from orchestrator.alarms.log_routes import days
from orchestrator.errors import Refused

VIETNAM = timezone(timedelta(hours=7))


def ns(day: int, hour: int = 0, minute: int = 0) -> int:
    return round(datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM).timestamp()) * 10**9


def test_without_a_wish_it_is_today_and_in_the_night_the_evening_before_too() -> None:
    assert days("", "", ns(29, 6)) == (ns(29), ns(30))
    assert days("", "", ns(29, 23, 59)) == (ns(29), ns(30))
    assert days("", "", ns(29, 5, 59)) == (ns(28), ns(30))


def test_days_that_are_asked_for_are_both_included() -> None:
    assert days("2026-11-27", "2026-11-28", ns(29)) == (ns(27), ns(29))
    assert days("2026-11-27", "", ns(29)) == days("", "2026-11-27", ns(29, 3)) == (ns(27), ns(28))


@pytest.mark.parametrize(
    ("first", "last"), [("hôm nay", ""), ("2026-11-29", "2026-11-28"), ("2024-01-01", "2026-01-01")]
)
def test_what_is_no_day_or_too_many_is_refused(first: str, last: str) -> None:
    with pytest.raises(Refused, match="bad_time"):
        days(first, last, ns(29))

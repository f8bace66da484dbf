"""What the printed list of a school and the report of a unit show: values for the templates. Pure."""

from __future__ import annotations

import hashlib
import statistics
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec

from orchestrator.courses.model import Course
from orchestrator.courses.results import Figures, Row, figures, points, remark, verdict
from orchestrator.courses.signing import CourseList, ListRow
from orchestrator.sites.model import Standing

TEMPLATES = Path(__file__).parent / "templates"
LIST, REPORT = TEMPLATES / "list.typ", TEMPLATES / "report.typ"
ZONE = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


def list_sheet(contents: bytes) -> dict[str, Any]:
    """The list as it was signed; its footer names the signed bytes."""
    told = msgspec.json.decode(contents, type=CourseList)
    passed = [row.passed for row in told.rows]
    return {
        "title": told.title,
        "code": told.code,
        "unit": told.name,
        "over": _over(told.path),
        "version": told.version,
        "digest": hashlib.sha256(contents).hexdigest(),
        "file": f"{told.code}-{told.version}.json",
        "rows": [_cells(row, told.bands) for row in told.rows],
        "people": len(told.rows),
        "passed": passed.count(True),
        "failed": passed.count(False),
        "waiting": passed.count(None),
        "notes": [f"{row.number} {row.name}: {row.remark}" for row in told.rows if row.remark],
        **_dated(told.path, told.at_ms / 1000),
    }


def _cells(row: ListRow, bands: dict[str, str]) -> list[str]:
    share = "" if row.attendance is None else str(row.attendance)
    words = {True: "Đạt", False: "Chưa đạt", None: "Chờ"}[row.passed]
    band = bands.get(row.band or "", "")
    return [
        str(row.place), row.number, row.name, points(row.exam), points(row.essay), share, points(row.mark), band,
        words, "",
    ]  # fmt: skip


def report_sheet(course: Course, told: Sequence[Row], standing: Standing, now_ns: int) -> dict[str, Any]:
    """The report of one unit, beside the whole course."""
    site = standing.site
    mine = [row for row in told if row.site == site.id]
    here, everywhere = figures(course, site.id, site.name, mine), figures(course, "", "", told)
    shares = [row.attendance for row in mine if row.attendance is not None]
    names = {band.key: band.name for band in course.rule.bands}
    return {
        "title": course.title,
        "unit": site.name,
        "over": _over(standing.path),
        "begins": _day(course.begins_ns),
        "ends": _day(course.ends_ns),
        "sessions": len(course.sessions),
        "people": len(mine),
        "attendance": _number(statistics.fmean(shares)) if shares else None,
        "sat": sum(row.exam is not None for row in mine),
        "handed": sum(row.essay is not None for row in mine),
        "late": sum(row.essay_late for row in mine),
        "decided": here.decided,
        "passed": here.passed,
        "share": _share(here.passed, here.people),
        "mean": _number(here.mean),
        "median": _number(here.median),
        "all_mean": _number(everywhere.mean),
        "all_share": _share(everywhere.passed, everywhere.people),
        "bands": [_band(names[key], key, here, everywhere) for key in here.bands],
        "open": [[row.number, row.name, f"{verdict(row)}: {remark(row)}"] for row in mine if not row.passed],
        **_dated(standing.path, now_ns / 1e9),
    }


def _band(name: str, key: str, here: Figures, everywhere: Figures) -> list[str]:
    shares = (_share(here.bands[key], here.decided), _share(everywhere.bands[key], everywhere.decided))
    return [name, str(here.bands[key]), *shares]


def _over(path: Sequence[str]) -> str:
    return (path[1] if len(path) > 1 else "".join(path[:1])).upper()


def _dated(path: Sequence[str], at_s: float) -> dict[str, str]:
    at = datetime.fromtimestamp(at_s, ZONE)
    place = path[-1] if path else "…………"
    return {"place": place, "day": f"{at.day:02d}", "month": f"{at.month:02d}", "year": str(at.year)}


def _day(at_ns: int) -> str:
    return datetime.fromtimestamp(at_ns / 1e9, ZONE).strftime("%d/%m/%Y")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace(".", ",")


def _share(part: int, whole: int) -> str:
    return "–" if whole == 0 else f"{100 * part / whole:.1f}".replace(".", ",")

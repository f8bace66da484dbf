"""Results of an exam by place, level and site. Pure: marks and the register in, figures out.

Statistics are over those who opened the paper, on the 10-point scale, computed from the integer counts: `sd` is the
sample standard deviation (n - 1), quartiles are the linear interpolation that spreadsheets call QUARTILE.INC.
"""

import statistics
from collections.abc import Iterable, Sequence

import msgspec

from orchestrator.exams.marks import BANDS, SCALE, CandidateState, band, mark_hundredths
from orchestrator.exams.model import Exam, SiteWindow, Stage
from orchestrator.exams.store import MarkRow
from orchestrator.sites.model import Standing
from wire.chain import GENESIS, receipt
from wire.ids import Level, SiteId

OPENED = frozenset(CandidateState) - {CandidateState.ABSENT, CandidateState.NOT_OPENED}
SUBMITTED = frozenset({CandidateState.HANDED_IN, CandidateState.CLOSED, CandidateState.CONFLICT})


class Group(msgspec.Struct, frozen=True):
    """Figures of one set of candidates; `received` of `registered` have said their last word to the centre."""

    key: str
    name: str
    registered: int
    present: int
    submitted: int
    received: int
    mean: float | None
    median: float | None
    sd: float | None
    q1: float | None
    q3: float | None
    bands: dict[str, int]


class CandidateResult(msgspec.Struct, frozen=True):
    """One candidate. `mark` on the 10-point scale; None, like `band`, for those who never opened the paper."""

    number: str
    name: str
    site: str
    code: str
    correct: int
    mark: float | None
    band: str | None
    state: CandidateState
    late: int
    receipt: str


class Results(msgspec.Struct, frozen=True):
    """All results of an exam; provisional while a site's last word is missing and nobody has published them."""

    exam: str
    title: str
    state: Stage
    provisional: bool
    expected: int
    received: int
    maximum: int
    overall: Group
    places: list[Group]
    levels: list[Group]
    sites: list[Group]
    candidates: list[CandidateResult]


def results(
    exam: Exam, rows: Sequence[MarkRow], windows: Sequence[SiteWindow], standings: Sequence[Standing]
) -> Results:
    """Everything the results page and the workbook show."""
    closed = frozenset(window.site for window in windows if window.closed_ns is not None)
    of_site: dict[SiteId, list[MarkRow]] = {site: [] for site in exam.sites}
    for row in rows:
        of_site.setdefault(row.site, []).append(row)
    known = {standing.site.id: standing for standing in standings if standing.site.id in of_site}
    overall = group("all", exam.title, rows, closed)
    return Results(
        exam=exam.id,
        title=exam.title,
        state=exam.stage,
        provisional=exam.stage is not Stage.PUBLISHED and overall.received < overall.registered,
        expected=overall.registered,
        received=overall.received,
        maximum=rows[0].maximum if rows else exam.questions,
        overall=overall,
        places=_by_place(of_site, known.values(), closed),
        levels=_by_level(of_site, known.values(), closed),
        sites=[
            group(standing.site.code, standing.site.name, of_site[standing.site.id], closed)
            for standing in sorted(known.values(), key=lambda standing: standing.site.code)
        ],
        candidates=[_candidate(row, known) for row in rows],
    )


def group(key: str, name: str, rows: Sequence[MarkRow], closed: frozenset[SiteId]) -> Group:
    """The figures of these candidates; `closed` are the sites whose last word came."""
    opened = [row for row in rows if row.state in OPENED]
    marks = sorted(row.correct * SCALE / row.maximum for row in opened if row.maximum)
    quartiles = statistics.quantiles(marks, n=4, method="inclusive") if len(marks) > 1 else [None, None, None]
    bands = dict.fromkeys((word for word, _ in BANDS), 0)
    for row in opened:
        bands[band(row.correct, row.maximum)] += 1
    return Group(
        key=key,
        name=name,
        registered=len(rows),
        present=sum(row.state is not CandidateState.ABSENT for row in rows),
        submitted=sum(row.state in SUBMITTED for row in rows),
        received=sum(row.site in closed or row.state is CandidateState.HANDED_IN for row in rows),
        mean=_rounded(statistics.fmean(marks)) if marks else None,
        median=_rounded(statistics.median(marks)) if marks else None,
        sd=_rounded(statistics.stdev(marks)) if len(marks) > 1 else None,
        q1=_rounded(quartiles[0]),
        q3=_rounded(quartiles[2]),
        bands=bands,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _by_place(
    of_site: dict[SiteId, list[MarkRow]], standings: Iterable[Standing], closed: frozenset[SiteId]
) -> list[Group]:
    """A group per node of the tree below the province, parents before their children."""
    rows: dict[tuple[str, ...], list[MarkRow]] = {}
    for standing in standings:
        for depth in range(min(2, len(standing.path)), len(standing.path) + 1):
            rows.setdefault(tuple(standing.path[:depth]), []).extend(of_site[standing.site.id])
    return [group(" / ".join(path), path[-1], rows[path], closed) for path in sorted(rows) if path]


def _by_level(
    of_site: dict[SiteId, list[MarkRow]], standings: Iterable[Standing], closed: frozenset[SiteId]
) -> list[Group]:
    rows: dict[str, list[MarkRow]] = {}
    for standing in standings:
        rows.setdefault(standing.site.level, []).extend(of_site[standing.site.id])
    return [group(level, level, rows[level], closed) for level in Level if level in rows]


def _candidate(row: MarkRow, known: dict[SiteId, Standing]) -> CandidateResult:
    opened = row.state in OPENED
    return CandidateResult(
        number=row.number,
        name=row.name,
        site=known[row.site].site.code if row.site in known else row.site,
        code=row.code,
        correct=row.correct,
        mark=mark_hundredths(row.correct, row.maximum) / 100 if opened else None,
        band=band(row.correct, row.maximum) if opened else None,
        state=row.state,
        late=row.late,
        receipt="" if row.ended_by == GENESIS else receipt(row.ended_by),
    )

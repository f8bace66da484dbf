"""Results of an exam by place, level, code and site. Pure: marks and the register in, figures out.

Statistics are over those who opened the paper, on the 10-point scale, computed from the integer counts: `sd` is the
sample standard deviation (n - 1), quartiles are the linear interpolation that spreadsheets call QUARTILE.INC.
"""

import hashlib
import statistics
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from orchestrator.exams.bands import USUAL, Band, Scheme, band, reaches
from orchestrator.exams.marks import NEVER_OPENED, SCALE, CandidateState, mark_hundredths
from orchestrator.exams.model import Exam, SiteWindow, Stage
from orchestrator.exams.outcome.reconcile import Reconciliation
from orchestrator.exams.store import MarkRow
from orchestrator.exams.tails import student_half
from orchestrator.sites.model import Standing
from wire.chain import GENESIS, receipt
from wire.ids import Level, SiteId

OPENED = frozenset(CandidateState) - NEVER_OPENED
SUBMITTED = frozenset({CandidateState.HANDED_IN, CandidateState.CLOSED, CandidateState.CONFLICT})
FEW = 5
"""Figures of fewer people say something of persons, not of a school: pages grey them, prints leave them out."""
SMALL = 30
"""Below so many the mean is shown with its interval."""
BINS = 10


class Group(msgspec.Struct, frozen=True):
    """Figures of one set of candidates; `received` of `registered` have said their last word to the centre.

    `low` and `high` bound the mean at 95 % (Student); `against` says what that makes of the whole: above, below, alike;
    `histogram` counts marks in [0, 1), [1, 2), … [9, 10].
    """

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
    id: str = ""
    opened: int = 0
    passed: int = 0
    low: float | None = None
    high: float | None = None
    against: str | None = None
    histogram: list[int] = []

    @property
    def few(self) -> bool:
        """Whether the figures are of too few people to be told."""
        return self.opened < FEW


class CandidateResult(msgspec.Struct, frozen=True, gc=False):
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
    maximum: int = 0


class Results(msgspec.Struct, frozen=True):
    """All results of an exam; provisional until every site is complete or closed by protocol. `published`: the newest
    publication, 0 while there is none; `settled`: how many sites stand in each state of reconciliation."""

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
    codes: list[Group] = []
    bands: list[Band] = []
    key_version: int = 1
    published: int = 0
    settled: dict[str, int] = {}
    t0_ms: int = 0


def results(
    exam: Exam,
    rows: Sequence[MarkRow],
    windows: Sequence[SiteWindow],
    standings: Sequence[Standing],
    reach: Reconciliation | None = None,
    scheme: Scheme = USUAL,
) -> Results:
    """Everything the results page and the workbook show. Without a reconciliation a site that closed is complete."""
    closed = frozenset(window.site for window in windows if window.closed_ns is not None)
    complete = reach.complete if reach else closed
    of_site: dict[SiteId, list[MarkRow]] = {site: [] for site in exam.sites}
    for row in rows:
        of_site.setdefault(row.site, []).append(row)
    known = {standing.site.id: standing for standing in standings if standing.site.id in of_site}
    overall = group("all", exam.title, rows, complete, scheme)
    settled = reach.settled if reach else overall.received >= overall.registered
    made = Groups(of_site, known, complete, scheme, overall)
    return Results(
        exam=exam.id,
        title=exam.title,
        state=exam.stage,
        provisional=not settled,
        expected=overall.registered,
        received=overall.received,
        maximum=max((row.maximum for row in rows), default=exam.questions),
        overall=overall,
        places=made.places(),
        levels=made.levels(),
        sites=made.sites(),
        codes=made.codes(rows),
        candidates=[candidate_result(row, known, scheme) for row in rows],
        bands=list(scheme.bands),
        settled=reach.counts if reach else {},
        t0_ms=exam.t0_ns // 1_000_000,
    )


def group(
    key: str,
    name: str,
    rows: Sequence[MarkRow],
    complete: frozenset[SiteId],
    scheme: Scheme = USUAL,
    whole: Group | None = None,
) -> Group:
    """The figures of these candidates; `complete` are the sites of which everything came, `whole` what to compare
    with."""
    opened = [row for row in rows if row.state in OPENED and row.maximum]
    marks = sorted(row.correct * SCALE / row.maximum for row in opened)
    quartiles = statistics.quantiles(marks, n=4, method="inclusive") if len(marks) > 1 else [None, None, None]
    bands = dict.fromkeys((one.key for one in scheme.bands), 0)
    histogram = [0] * BINS
    for row in opened:
        bands[band(row.correct, row.maximum, scheme.bands)] += 1
        histogram[min(BINS - 1, row.correct * BINS // row.maximum)] += 1
    mean = statistics.fmean(marks) if marks else None
    sd = statistics.stdev(marks, mean) if len(marks) > 1 else None
    low, high = _interval(mean, sd, len(marks))
    return Group(
        key=key,
        name=name,
        registered=len(rows),
        present=sum(row.state is not CandidateState.ABSENT for row in rows),
        submitted=sum(row.state in SUBMITTED for row in rows),
        received=sum(row.site in complete or row.state in _ENDED for row in rows),
        mean=_rounded(mean),
        median=_rounded(statistics.median(marks)) if marks else None,
        sd=_rounded(sd),
        q1=_rounded(quartiles[0]),
        q3=_rounded(quartiles[2]),
        bands=bands,
        id=key,
        opened=len(marks),
        passed=sum(reaches(row.correct, row.maximum, scheme.passing) for row in opened),
        low=_rounded(low),
        high=_rounded(high),
        against=_against(low, high, whole),
        histogram=histogram,
    )


_ENDED = frozenset({CandidateState.HANDED_IN, CandidateState.CLOSED, CandidateState.NO_ANSWER})


def _interval(mean: float | None, sd: float | None, n: int) -> tuple[float | None, float | None]:
    if mean is None or sd is None:
        return None, None
    half = student_half(n - 1) * sd / n**0.5
    return max(0.0, mean - half), min(float(SCALE), mean + half)


def _against(low: float | None, high: float | None, whole: Group | None) -> str | None:
    if low is None or high is None or whole is None or whole.mean is None:
        return None
    return "above" if low > whole.mean else "below" if high < whole.mean else "alike"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def place_id(path: Sequence[str]) -> str:
    """A short name of a place for addresses; the same as long as the place keeps its name."""
    return hashlib.sha256("\n".join(path).encode()).hexdigest()[:12]


def place_groups(
    rows: Iterable[MarkRow],
    standings: Iterable[Standing],
    complete: frozenset[SiteId],
    scheme: Scheme,
    whole: Group,
) -> "Groups":
    """The groups of some sites alone, compared with the whole."""
    known = {standing.site.id: standing for standing in standings}
    of_site: dict[SiteId, list[MarkRow]] = {site: [] for site in known}
    for row in rows:
        of_site[row.site].append(row)
    return Groups(of_site, known, complete, scheme, whole)


class Groups:
    """The groups of one exam or of some of its sites, all over the same rows."""

    def __init__(
        self,
        of_site: Mapping[SiteId, Sequence[MarkRow]],
        known: Mapping[SiteId, Standing],
        complete: frozenset[SiteId],
        scheme: Scheme,
        whole: Group,
    ) -> None:
        self._of_site = of_site
        self._known = known
        self._complete = complete
        self._scheme = scheme
        self._whole = whole

    def _group(self, key: str, name: str, rows: Sequence[MarkRow], identity: str) -> Group:
        made = group(key, name, rows, self._complete, self._scheme, self._whole)
        return msgspec.structs.replace(made, id=identity)

    def places(self) -> list[Group]:
        """A group per node of the tree below the province, parents before their children."""
        rows: dict[tuple[str, ...], list[MarkRow]] = {}
        for site, standing in self._known.items():
            for depth in range(min(2, len(standing.path)), len(standing.path) + 1):
                rows.setdefault(tuple(standing.path[:depth]), []).extend(self._of_site[site])
        return [self._group(" / ".join(path), path[-1], rows[path], place_id(path)) for path in sorted(rows) if path]

    def levels(self) -> list[Group]:
        """A group per level of school."""
        rows: dict[str, list[MarkRow]] = {}
        for site, standing in self._known.items():
            rows.setdefault(standing.site.level, []).extend(self._of_site[site])
        return [self._group(level, level, rows[level], level) for level in Level if level in rows]

    def sites(self) -> list[Group]:
        """A group per site, by code."""
        ordered = sorted(self._known.items(), key=lambda each: each[1].site.code)
        return [
            self._group(standing.site.code, standing.site.name, self._of_site[site], standing.site.code)
            for site, standing in ordered
        ]

    def codes(self, rows: Iterable[MarkRow]) -> list[Group]:
        """A group per code of the paper."""
        of_code: dict[str, list[MarkRow]] = {}
        for row in rows:
            of_code.setdefault(row.code, []).append(row)
        return [self._group(code, code, of_code[code], code) for code in sorted(of_code)]


def candidate_result(row: MarkRow, known: Mapping[SiteId, Standing], scheme: Scheme = USUAL) -> CandidateResult:
    """One line of the list."""
    opened = row.state in OPENED
    return CandidateResult(
        number=row.number,
        name=row.name,
        site=known[row.site].site.code if row.site in known else row.site,
        code=row.code,
        correct=row.correct,
        mark=mark_hundredths(row.correct, row.maximum) / 100 if opened else None,
        band=band(row.correct, row.maximum, scheme.bands) if opened else None,
        state=row.state,
        late=row.late,
        receipt="" if row.ended_by == GENESIS else receipt(row.ended_by),
        maximum=row.maximum,
    )

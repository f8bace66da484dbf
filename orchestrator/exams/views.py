"""What the HTTP API says of exams. Times in milliseconds since the Unix epoch. Nothing here knows the answer key."""

import msgspec

from orchestrator.exams.choice import Choice, ExamKind
from orchestrator.exams.model import Exam, SiteWindow, Stage
from orchestrator.exams.papers import code_names
from orchestrator.sites.model import Standing
from wire.ids import ExamId, SiteId
from wire.messages import NEVER_NS, ExamProgress
from wire.paper import Shuffle

MS = 1_000_000
_OVER = frozenset({Stage.MARKED, Stage.PUBLISHED, Stage.CANCELLED})
"""Stages in which a rehearsal leaves the lists."""


class SiteView(msgspec.Struct, frozen=True):
    """Where a site stands with the exam. `package`: missing, sent, ready; `state` is the site's own word."""

    site: SiteId
    code: str
    name: str
    package: str
    state: str | None
    registered: int
    received: int
    signed_in: int
    started: int
    answered: int
    handed_in: int
    opened_lo_ms: int | None
    opened_hi_ms: int | None
    closed_ms: int | None


class ExamView(msgspec.Struct, frozen=True):
    """An exam as pages show it; `sites` is empty in lists. `kind`: exam, or rehearsal, which is `archived` when it is
    over; `choice` says which questions it draws; `shuffled`: every candidate has an order of their own."""

    id: ExamId
    title: str
    state: str
    starts_ms: int
    duration_s: int
    questions: int
    codes: list[str]
    site_count: int
    registered: int
    release_lead_s: float
    sign_in_lead_s: float
    upload_jitter_s: float
    late_cap_s: float
    sites: list[SiteView]
    kind: str = "exam"
    archived: bool = False
    choice: Choice = Choice()
    shuffled: bool = False


class Voucher(msgspec.Struct, frozen=True):
    """One printed slip: secret until the candidate holds it."""

    site: str
    number: str
    name: str
    paper_code: str
    pin: str
    voucher: str


def exam_view(exam: Exam, registered: int, sites: list[SiteView]) -> ExamView:
    """The exam with what its list or its page needs."""
    return ExamView(
        id=exam.id,
        title=exam.title,
        state=exam.stage.value,
        starts_ms=exam.t0_ns // MS,
        duration_s=exam.duration_s,
        questions=exam.questions,
        codes=list(code_names(exam.codes)),
        site_count=len(exam.sites),
        registered=registered,
        release_lead_s=exam.plan.release_lead_s,
        sign_in_lead_s=exam.plan.sign_in_lead_s,
        upload_jitter_s=exam.plan.upload_jitter_s,
        late_cap_s=exam.plan.late_cap_s,
        sites=sites,
        kind=exam.kind.value,
        archived=exam.kind is ExamKind.REHEARSAL and exam.stage in _OVER,
        choice=exam.choice,
        shuffled=exam.plan.shuffle is not Shuffle.NONE,
    )


def site_view(
    window: SiteWindow, standing: Standing | None, told: ExamProgress | None, registered: int, received: int
) -> SiteView:
    """One site: what stands in records, and what its last heartbeat told."""
    counts = {name: getattr(told, name, 0) for name in ("signed_in", "started", "answered", "handed_in")}
    known = window.opened_hi_ns is not None and window.opened_hi_ns < NEVER_NS
    opened = window if known else told
    return SiteView(
        site=window.site,
        code=standing.site.code if standing else "",
        name=standing.site.name if standing else "",
        package=window.package,
        state=told.state.value if told else None,
        registered=registered,
        received=received,
        opened_lo_ms=_ms(opened.opened_lo_ns if opened else None),
        opened_hi_ms=_ms(opened.opened_hi_ns if opened else None),
        closed_ms=_ms(window.closed_ns),
        **counts,
    )


def _ms(ns: int | None) -> int | None:
    return None if ns is None else ns // MS

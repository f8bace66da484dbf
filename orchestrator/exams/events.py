"""What exams tell the rest of the centre."""

import msgspec

from wire.ids import ExamId, SiteId


class ExamMoved(msgspec.Struct, frozen=True):
    """An exam entered a stage (`orchestrator.exams.model.Stage`)."""

    exam: ExamId
    title: str
    stage: str
    at_ns: int


class ExamSiteMoved(msgspec.Struct, frozen=True):
    """A site opened or closed an exam, or its package arrived: `what` is package, opened or closed."""

    exam: ExamId
    site: SiteId
    what: str
    at_ns: int


class ExamSignedIn(msgspec.Struct, frozen=True):
    """Candidates signed in at a site; told once for as many as came in together."""

    exam: ExamId
    site: SiteId


class ExamConflict(msgspec.Struct, frozen=True):
    """What a site sent does not fit what the centre knows; a person must look. Alarm.

    `reason`: wrong_hash, broken_chain, fork, unknown_candidate, unknown_exam, other_site, page_conflict, opened_again,
    head_contradicted.
    """

    exam: ExamId
    site: SiteId
    candidate: str | None
    reason: str
    at_ns: int

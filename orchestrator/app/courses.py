"""Builds courses and essays: what runs, what people may ask."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.app.lives import Life
from orchestrator.clock import Clock
from orchestrator.courses.routes import CoursePages
from orchestrator.courses.routes import routes as course_routes
from orchestrator.courses.service import Courses
from orchestrator.essays.checking import Checker, check_apart
from orchestrator.essays.marking import Marking, final_marks
from orchestrator.essays.marking_routes import MarkingPages
from orchestrator.essays.marking_routes import routes as marking_routes
from orchestrator.essays.plan_routes import EssayPlanPages
from orchestrator.essays.plan_routes import routes as plan_routes
from orchestrator.essays.receiving import Receiving
from orchestrator.essays.rights import EssayKeys
from orchestrator.essays.routes import EssayPages
from orchestrator.essays.routes import routes as essay_routes
from orchestrator.essays.service import Essays
from orchestrator.essays.uploads import Uploads
from orchestrator.essays.vault import FreeBytes, Vault, free_bytes
from orchestrator.sites.centre_keys import CentreKeys
from orchestrator.sites.service import Sites
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Routes


class CourseParts(msgspec.Struct, frozen=True):
    """Lives to keep going, by name, and routes to serve."""

    lives: Mapping[str, Life]
    routes: Routes


def build_courses(
    database: Database,
    clock: Clock,
    sites: Sites,
    audit: Audit,
    keys: CentreKeys,
    folder: Path,
    *,
    checker: Checker = check_apart,
    free: FreeBytes = free_bytes,
) -> CourseParts:
    """All parts, connected; nothing runs yet. Files are kept in ``folder``/essays."""
    vault = Vault(folder / "essays", free)
    receiving = Receiving(database, clock, vault, checker)
    uploads = Uploads(database, clock, vault, receiving)
    essays = Essays(database, clock, sites, audit, EssayKeys(keys.at_rest), vault, receiving)
    marking = Marking(database, clock, audit, vault)
    courses = Courses(database, clock, sites, audit, keys, final_marks)
    return CourseParts(
        lives={"essay_checks": receiving.run, "essay_uploads": uploads.sweep},
        routes=[
            *course_routes(CoursePages(courses, clock)),
            *essay_routes(EssayPages(essays, uploads)),
            *plan_routes(EssayPlanPages(essays)),
            *marking_routes(MarkingPages(marking)),
        ],
    )

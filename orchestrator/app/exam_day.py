"""Builds everything of an exam day, from the bank to the results: what runs, what it hears, what people may ask."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.app.lives import Life
from orchestrator.clock import Clock
from orchestrator.exams.questions.desk import QuestionDesk
from orchestrator.exams.questions.routes import routes as question_routes
from orchestrator.exams.reading import ExamReading
from orchestrator.exams.routes import routes as exam_routes
from orchestrator.exams.sealing import Sealer
from orchestrator.exams.service import Exams
from orchestrator.links.records import Intake
from orchestrator.links.service import SiteLinks
from orchestrator.live.port import Bus
from orchestrator.sites.centre_keys import CentreKeys
from orchestrator.sites.service import Sites
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Routes
from wire.ids import EnrolmentId, SiteId
from wire.messages import ExamClosed, ExamEvent, ExamOpened, ExamSwitched, Heartbeat


class Ground(msgspec.Struct, frozen=True):
    """What the exam day stands on."""

    database: Database
    bus: Bus
    clock: Clock
    links: SiteLinks
    intake: Intake
    sites: Sites
    audit: Audit
    keys: CentreKeys


class ExamDay(msgspec.Struct, frozen=True):
    """Lives to keep going, by name, and routes to serve."""

    lives: Mapping[str, Life]
    routes: Routes


def build_exam_day(ground: Ground) -> ExamDay:
    """All parts of the exam day, connected; nothing runs yet."""
    sealer = Sealer(ground.keys.exam, ground.keys.at_rest)
    exams = Exams(ground.database, ground.bus, ground.clock, ground.links, ground.sites, ground.audit, sealer)
    _hear(ground, exams)
    return ExamDay(
        lives={"exams": exams.run},
        routes=[
            *exam_routes(exams, ExamReading(ground.database, exams, ground.sites, ground.audit, sealer)),
            *question_routes(QuestionDesk(ground.database, ground.clock, ground.audit)),
        ],
    )


def _hear(ground: Ground, exams: Exams) -> None:
    """What becomes of everything a site says of its exams."""

    async def progress(site: SiteId, _enrolment: EnrolmentId, heartbeat: Heartbeat) -> None:
        await exams.note_progress(site, heartbeat.exams)

    ground.links.on(Heartbeat, progress)
    ground.intake.on_record(ExamEvent, exams.take_event)
    ground.intake.on_record(ExamOpened, exams.take_opened)
    ground.intake.on_record(ExamSwitched, exams.take_switched)
    ground.intake.on_record(ExamClosed, exams.take_closed)

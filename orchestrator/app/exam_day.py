"""Builds everything of an exam day, from the bank to the results: what runs, what it hears, what people may ask."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.access.links import SignInLinks
from orchestrator.app.lives import Life
from orchestrator.clock import Clock
from orchestrator.config import Exams as ExamsConfigured
from orchestrator.exams.bank_import import BankImport
from orchestrator.exams.home.deciding import Deciding
from orchestrator.exams.home.moving import Moving
from orchestrator.exams.home.rescue_routes import rescue_routes
from orchestrator.exams.home.rescuing import Rescuing
from orchestrator.exams.home.routes import routes as home_routes_of
from orchestrator.exams.home.service import Home
from orchestrator.exams.invigilation.board import Board
from orchestrator.exams.invigilation.routes import routes as fairness_routes
from orchestrator.exams.invigilation.service import Credits
from orchestrator.exams.outcome.portal import Portal
from orchestrator.exams.outcome.routes import routes as outcome_routes
from orchestrator.exams.outcome.service import Outcome
from orchestrator.exams.printed.entry import SheetDesk
from orchestrator.exams.printed.own_order import OwnOrders
from orchestrator.exams.printed.papers import ExamPapers
from orchestrator.exams.printed.routes import routes as printed_routes
from orchestrator.exams.printed.service import Printing
from orchestrator.exams.questions.desk import QuestionDesk
from orchestrator.exams.questions.rehearsals import Rehearsals
from orchestrator.exams.questions.rehearsals import routes as rehearsal_routes
from orchestrator.exams.questions.routes import routes as question_routes
from orchestrator.exams.reading import ExamReading
from orchestrator.exams.release.folder import ReleaseFolder
from orchestrator.exams.release.freezing import RegisterFreeze
from orchestrator.exams.release.inviting import Inviting
from orchestrator.exams.release.officers import Officers
from orchestrator.exams.release.orders import ReleaseOrders
from orchestrator.exams.release.reading import ReleaseReading
from orchestrator.exams.release.routes import routes as release_routes
from orchestrator.exams.release.safe import SlipSafe
from orchestrator.exams.release.single import SingleReserve
from orchestrator.exams.routes import routes as exam_routes
from orchestrator.exams.sealing import Sealer
from orchestrator.exams.service import Exams
from orchestrator.links.records import Intake
from orchestrator.links.service import SiteLinks
from orchestrator.live.port import Bus
from orchestrator.readiness import store as readiness_store
from orchestrator.sites.centre_keys import CentreKeys
from orchestrator.sites.service import Sites
from orchestrator.storage.engine import Database
from orchestrator.web.kit import Routes
from wire.exam_fairness import (
    ExamExtra,
    ExamExtraWithdrawn,
    ExamGrantsTaken,
    ExamIncident,
    ExamOutage,
    ExamResumed,
    ExamStopped,
)
from wire.ids import EnrolmentId, SiteId, new_id
from wire.messages import ExamArchived, ExamClosed, ExamEvent, ExamOpened, ExamSwitched, Heartbeat, SiteHead, VisitorAsk


class ExamGround(msgspec.Struct, frozen=True):
    """What the exam day stands on."""

    database: Database
    bus: Bus
    clock: Clock
    links: SiteLinks
    intake: Intake
    sites: Sites
    audit: Audit
    keys: CentreKeys
    configured: ExamsConfigured = ExamsConfigured()
    folder: Path = Path("var")
    links_to_sign_in: SignInLinks | None = None
    public_url: str = ""


class ExamDay(msgspec.Struct, frozen=True):
    """Lives to keep going, by name, and routes to serve; `home` takes in what people carry."""

    lives: Mapping[str, Life]
    routes: Routes
    home: Home | None = None


def build_exam_day(ground: ExamGround) -> ExamDay:
    """All parts of the exam day, connected; nothing runs yet."""
    sealer = Sealer(ground.keys.exam, ground.keys.at_rest)
    exams = Exams(ground.database, ground.bus, ground.clock, ground.links, ground.sites, ground.audit, sealer)
    ground.sites.guard = RegisterFreeze(ground.clock, ground.audit)
    _hear(ground, exams)
    credits_ = Credits(ground.database, ground.bus, ground.clock, ground.links, ground.sites, ground.audit)
    board = Board(ground.database, ground.clock, exams, ground.links, ground.sites, new_id("boot"))
    release_lives, release = _release(ground, exams, sealer, board)
    _hear_of_fairness(ground, credits_, board)
    reading = ExamReading(ground.database, exams, ground.sites, ground.audit, sealer)
    home = Home(
        ground.database, ground.clock, ground.links, ground.audit, ground.intake, ground.keys, again=exams.again
    )
    return ExamDay(
        home=home,
        lives={"exams": exams.run, "credits": credits_.run, **release_lives},
        routes=[
            *exam_routes(
                exams,
                reading,
                BankImport(ground.database, ground.clock, ground.audit),
            ),
            *_after_the_close(ground, exams, sealer, reading),
            *_way_home(ground, exams, sealer, home),
            *fairness_routes(ground.database, board, credits_),
            *release,
            *question_routes(QuestionDesk(ground.database, ground.clock, ground.audit)),
            *_paper_routes(ground, exams, sealer),
        ],
    )


def _release(ground: ExamGround, exams: Exams, sealer: Sealer, board: Board) -> tuple[dict[str, Life], Routes]:
    """Officers, moved starts, the reserve, readiness, and the copy of each release for other hosts."""
    exams.release_hosts = ground.configured.release_hosts
    lives: dict[str, Life] = {}
    if ground.configured.release_folder:
        folder = ReleaseFolder(Path(ground.configured.release_folder), sealer)
        exams.after_push, board.release_trouble = folder.note, folder.trouble
        lives["release_folder"] = folder.run
    reading = ReleaseReading(ground.database, exams, ground.sites, ground.clock, ground.audit, sealer)

    async def heard(site: SiteId, _enrolment: EnrolmentId, heartbeat: Heartbeat) -> None:
        reading.note(site, heartbeat)

    ground.links.on(Heartbeat, heard)
    orders = ReleaseOrders(exams, ground.clock, ground.audit, sealer)
    safe = SlipSafe(ground.folder / "slips")
    officers = Officers(ground.database, exams, ground.clock, ground.audit, sealer, safe)
    single = SingleReserve(ground.database, exams, ground.sites, ground.clock, ground.audit, sealer)
    to_sign_in = ground.links_to_sign_in or SignInLinks(ground.database, ground.clock, ground.audit)
    inviting = Inviting(ground.database, exams, to_sign_in, ground.audit, ground.public_url)
    return {"officers": officers.sweep, **lives}, release_routes(exams, orders, officers, reading, single, inviting)


def _after_the_close(ground: ExamGround, exams: Exams, sealer: Sealer, reading: ExamReading) -> Routes:
    """Reconciliation, revised keys, publications, places, and the portal."""
    outcome = Outcome(ground.database, ground.clock, exams, reading.reckoning, ground.audit, sealer)
    portal = Portal(ground.database, ground.clock, exams, ground.sites, ground.configured.hotline)
    return outcome_routes(outcome, reading, portal, ground.clock)


def _paper_routes(ground: ExamGround, exams: Exams, sealer: Sealer) -> Routes:
    """Papers in the clear, on paper, and back from paper."""
    papers = ExamPapers(ground.database, exams, ground.audit, sealer)
    printing = Printing(ground.database, exams, papers, ground.sites, ground.audit, sealer, desks=readiness_store.desks)
    sheets = SheetDesk(ground.database, ground.clock, exams, papers, ground.audit)
    orders = OwnOrders(ground.database, ground.audit, sealer)
    return [*printed_routes(papers, printing, sheets, orders), *rehearsal_routes(Rehearsals(exams))]


def _way_home(ground: ExamGround, exams: Exams, sealer: Sealer, home: Home) -> Routes:
    """Heads, carried journals, moves, decisions, the archive."""
    moving = Moving(ground.database, ground.clock, ground.links, ground.sites, ground.audit, sealer)
    ground.links.on(SiteHead, home.take_head)
    ground.links.on(SiteHead, moving.on_head)
    ground.links.on(VisitorAsk, moving.on_visitor)
    ground.links.on_linked(home.on_linked)
    ground.links.on_linked(moving.on_linked)
    ground.intake.on_record(ExamArchived, home.take_archived)
    deciding = Deciding(ground.database, ground.clock, ground.audit, sealer, again=exams.again)
    rescuing = Rescuing(ground.database, ground.clock, ground.audit, sealer, ground.keys, again=exams.again)
    return [*home_routes_of(home, moving, deciding), *rescue_routes(rescuing, ground.clock)]


def _hear_of_fairness(ground: ExamGround, credits_: Credits, board: Board) -> None:
    """What becomes of what a site measured, gave and wrote down."""

    async def heard(site: SiteId, _enrolment: EnrolmentId, heartbeat: Heartbeat) -> None:
        board.hear(site, heartbeat)

    ground.links.on(Heartbeat, heard)
    ground.intake.on_record(ExamExtra, credits_.take_extra)
    ground.intake.on_record(ExamExtraWithdrawn, credits_.take_withdrawn)
    ground.intake.on_record(ExamStopped, credits_.take_stopped)
    ground.intake.on_record(ExamResumed, credits_.take_resumed)
    ground.intake.on_record(ExamOutage, credits_.take_outage)
    ground.intake.on_record(ExamIncident, credits_.take_incident)
    ground.intake.on_record(ExamGrantsTaken, credits_.take_taken)


def _hear(ground: ExamGround, exams: Exams) -> None:
    """What becomes of everything a site says of its exams."""

    async def progress(site: SiteId, _enrolment: EnrolmentId, heartbeat: Heartbeat) -> None:
        await exams.note_progress(site, heartbeat.exams)

    ground.links.on(Heartbeat, progress)
    ground.intake.on_record(ExamEvent, exams.intake.take_event)
    ground.intake.on_record(ExamOpened, exams.intake.take_opened)
    ground.intake.on_record(ExamSwitched, exams.intake.take_switched)
    ground.intake.on_record(ExamClosed, exams.intake.take_closed)

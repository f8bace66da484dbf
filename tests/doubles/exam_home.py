"""A centre with its way home, and sites whose agents' own journals write into it; links stand in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from orchestrator.access.audit import Audit
from orchestrator.exams.home.deciding import Deciding
from orchestrator.exams.home.moving import Moving
from orchestrator.exams.home.service import Home
from orchestrator.exams.marking import read_exam
from orchestrator.exams.marks import Sheet
from orchestrator.exams.model import Action, Exam
from orchestrator.exams.sealing import Sealer
from orchestrator.links.records import Intake
from orchestrator.sites import store as site_store
from orchestrator.sites.centre_keys import CentreKeys
from orchestrator.sites.model import Enrolment
from orchestrator.storage.engine import Connection
from orchestrator.storage.schema import sites as tables
from orchestrator.storage.schema.exams import exam_event
from site_agent.exam.homeward import Homeward
from site_agent.exam.journal import Journal, Written
from site_agent.exam.ledger import Session
from site_agent.exam.sitting import Draft
from site_agent.link.identity import Identity
from tests.doubles.exam_conductor import SITES, T0, Centre, S, conducting
from wire.chain import EventKind
from wire.codec import decode_down, decode_record
from wire.exam_home import SiteHead
from wire.ids import Assurance, EnrolmentId, ExamId, ItemId, OptionId, SiteId
from wire.messages import Down, ExamEvent, ExamOpened, Record, Up
from wire.paper import Paper


class HomeCentre:
    """The centre's half."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        database, clock = centre.database, centre.clock
        self.box = X25519PrivateKey.generate()
        keys = CentreKeys(centre.key, centre.key, b"r" * 32, self.box.private_bytes_raw())
        sealer, audit = Sealer(centre.key, b"r" * 32), Audit(clock)
        self.links = SentLinks(centre)
        self.intake = Intake(database, centre.bus, clock, lambda _site, _message: True)
        self.intake.on_record(ExamEvent, centre.exams.intake.take_event)
        self.intake.on_record(ExamOpened, centre.exams.intake.take_opened)
        self.home = Home(database, clock, self.links, audit, self.intake, keys, again=centre.exams.again)
        self.moving = Moving(database, clock, self.links, centre.register, audit, sealer)
        self.deciding = Deciding(database, clock, audit, sealer, again=centre.exams.again)

    async def armed(self) -> Exam:
        """A released exam."""
        exam = await self.centre.ordered(await self.centre.planned(), Action.SEAL, Action.ARM)
        await self.centre.at(T0)
        return exam

    async def enrol(self, site: SiteId, name: str) -> Identity:
        """Another computer of a site; the site's row is made with the first."""
        sign = Ed25519PrivateKey.generate()
        enrolment = EnrolmentId(name)

        def work(conn: Connection) -> None:
            if conn.execute(sa.select(tables.sites.c.id).where(tables.sites.c.id == site)).first() is None:
                place = f"place-{site}"
                conn.execute(sa.insert(tables.places).values(id=place, kind="commune", name=place))
                conn.execute(
                    sa.insert(tables.sites).values(
                        id=site, code=site.upper(), name=site, level="thcs", place=place, expected=2, contact="",
                        phone="", sealed_secret=b"x",
                    )
                )  # fmt: skip
            public = sign.public_key().public_bytes_raw()
            site_store.insert_enrolment(conn, Enrolment(enrolment, site, public, b"b" * 32, "1", "test", 1))

        await self.centre.database.write(work)
        return Identity(
            server="http://127.0.0.1", site=site, site_code=site.upper(), site_name=site, enrolment=enrolment,
            sign_key=sign.private_bytes_raw(), box_key=b"b" * 32, centre_key=b"c" * 32, exam_key=b"e" * 32,
            site_secret=self.centre.register.secrets[site], centre_box=self.box.public_key().public_bytes_raw(),
        )  # fmt: skip


async def kept_messages(centre: HomeCentre) -> set[tuple[str, int]]:
    """Session and counter of every event that the centre has."""
    columns = (exam_event.c.session, exam_event.c.client_seq)
    return {
        (row.session, row.client_seq)
        for row in await centre.centre.database.read(lambda conn: conn.execute(sa.select(*columns)).all())
    }


class SentLinks:
    """Links that keep what was sent, as the sites would decode it."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self.sent: list[tuple[SiteId, Down]] = []

    def send(self, site: SiteId, message: Down) -> bool:
        if site not in self._centre.wires.up:
            return False
        self.sent.append((site, decode_down(msgspec.msgpack.encode(message))))
        return True

    def kinds(self, site: SiteId) -> list[str]:
        return [type(message).__name__ for to, message in self.sent if to == site]


class School:
    """One computer of a site: its own journal, its heads, its file for a stick. `upload` is the link."""

    def __init__(self, centre: HomeCentre, identity: Identity, journal: Journal, exam: ExamId) -> None:
        self.centre, self.identity, self.journal, self.exam = centre, identity, journal, exam
        self.said: list[Up] = []
        self.homeward = Homeward(
            journal,
            identity,
            tell=self.said.append,
            line=lambda: 1,
            interval_ns=lambda: (centre.centre.clock.ns - 5, centre.centre.clock.ns + 5),
            exams=lambda: [exam],
        )
        self._uploaded = 0

    async def sign_in(self, number: str, at_ns: int = T0) -> Session:
        session = Session(f"{self.journal.id[:18]}-{number}", self.exam, number, 0, "0f" * 32, Assurance.PIN)
        draft = self._draft(number, EventKind.SIGN_IN, at_ns, session.session, 0)
        return (await self.journal.begin(session, draft))[0]

    async def answer(
        self, session: Session, seq: int, item: ItemId, option: OptionId, at_ns: int, *, live: bool = True
    ) -> Written:
        draft = self._draft(session.candidate, EventKind.ANSWER, at_ns, session.session, seq)
        return await self.journal.append(
            msgspec.structs.replace(draft, item=item, option=option, epoch=session.epoch, live=live)
        )

    async def hand_in(self, session: Session, seq: int, at_ns: int) -> Written:
        draft = self._draft(session.candidate, EventKind.HAND_IN, at_ns, session.session, seq)
        return await self.journal.append(msgspec.structs.replace(draft, epoch=session.epoch))

    def _draft(self, number: str, kind: EventKind, at_ns: int, session: str, seq: int) -> Draft:
        return Draft(self.exam, number, kind, at_ns, 5, session, seq, 0)

    async def head(self) -> SiteHead:
        """Send a head; returns it."""
        await self.homeward.tell_heads()
        head = self.said[-1]
        assert isinstance(head, SiteHead)
        await self.centre.home.take_head(self.identity.site, self.identity.enrolment, head)
        await self.centre.moving.on_head(self.identity.site, self.identity.enrolment, head)
        return head

    async def records(self) -> list[Record]:
        return [decode_record(body) for _, body in await self.journal.bodies(0, 10_000)]

    async def upload(self, most: int = 10_000) -> None:
        """What the feed and the link do, each record once."""
        rows = (await self.journal.bodies(self._uploaded, most))[:most]

        def work(conn: Connection) -> None:
            for row, body in rows:
                site, enrolment = self.identity.site, self.identity.enrolment
                self.centre.intake.apply_carried(conn, site, enrolment, row, decode_record(body))

        await self.centre.centre.database.write(work)
        self._uploaded = rows[-1][0] if rows else self._uploaded


@asynccontextmanager
async def way_home(folder: Path) -> AsyncIterator[HomeCentre]:
    async with conducting(folder) as centre:
        yield HomeCentre(centre)


@asynccontextmanager
async def school(
    centre: HomeCentre, folder: Path, exam: Exam, site: SiteId = SITES[0], name: str = "enr-1"
) -> AsyncIterator[School]:
    journal = Journal(folder / f"{name}.sqlite3")
    await journal.start()
    yield School(centre, await centre.enrol(site, name), journal, exam.id)
    await journal.stop()


async def paper_of(centre: HomeCentre, exam: Exam, code: str = "101") -> Paper:
    """A paper as the first site holds it."""
    papers = {paper.digest: paper.sealed for paper in await centre.centre.papers(exam)}
    return centre.centre.wires.sites[SITES[0]].paper(code, papers.__getitem__)


async def choices(centre: HomeCentre, exam: Exam) -> list[tuple[ItemId, list[OptionId]]]:
    """The questions of that paper and what each offers."""
    return [(item.id, [option.id for option in item.options]) for item in (await paper_of(centre, exam)).items]


async def sheet(centre: HomeCentre, exam: Exam, number: str = "0001") -> Sheet:
    """What the centre marks a candidate by."""
    return (await read_exam(centre.centre.database, exam)).sheets[number]


async def written(site: School, items: list[tuple[ItemId, list[OptionId]]], number: str = "0001") -> None:
    """A candidate signs in and takes the first option of each question, one a second."""
    session = await site.sign_in(number)
    for seq, (item, options) in enumerate(items, 1):
        await site.answer(session, seq, item, options[0], T0 + seq * S)

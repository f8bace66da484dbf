"""A centre that conducts an exam over a real database: its clock, links and register stand in."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.exams import store
from orchestrator.exams.bank_import import BankImport
from orchestrator.exams.model import SECOND, UNDO_S, Action, Exam, Stage, finish_ns
from orchestrator.exams.outcome.reconcile import Closed
from orchestrator.exams.outcome.service import Outcome
from orchestrator.exams.planning import ExamWish
from orchestrator.exams.reading import ExamReading
from orchestrator.exams.sealing import SealedPaper, Sealer
from orchestrator.exams.service import Exams
from orchestrator.live.memory import MemoryBus
from orchestrator.sites.model import Participant, Site, Standing
from orchestrator.storage.engine import Database
from tests.doubles.exam_site import ExamSite, Journal
from wire.chain import EventKind, receipt
from wire.ids import ClockState, EnrolmentId, Level, PlaceId, SiteId
from wire.messages import ExamCancelled, ExamClosed, ExamEvent, ExamOpened, ExamPlan, ExamRelease, ExamSwitch

S = 1_000_000_000
START = 1_790_000_000 * S
T0 = START + 600 * S
SITES = [SiteId("site-a"), SiteId("site-b"), SiteId("site-c")]
BANK = "\n\n".join(f"Câu hỏi {n}? {{ =đúng {n} ~sai {n}a ~sai {n}b ~sai {n}c }}" for n in range(12))


class ManualClock:
    """Stands still until told."""

    def __init__(self) -> None:
        self.ns = START

    def now_ns(self) -> int:
        return self.ns

    async def sleep_until(self, at_ns: int) -> None:
        raise AssertionError("nothing here waits by this clock")


class Wires:
    """Links to site doubles; only `up` ones get messages. `sent` keeps all of them as bytes."""

    def __init__(self, sites: dict[SiteId, ExamSite]) -> None:
        self.sites = sites
        self.up = set(sites)
        self.full: set[SiteId] = set()
        self.sent: list[tuple[SiteId, str, bytes]] = []

    def linked(self) -> frozenset[SiteId]:
        return frozenset(self.up)

    def send(self, site: SiteId, message: ExamPlan | ExamRelease | ExamSwitch | ExamCancelled) -> bool:
        if site not in self.up or site in self.full:
            return False
        self.sent.append((site, type(message).__name__, msgspec.msgpack.encode(message)))
        self.sites[site].take(message)
        return True

    def kinds(self, site: SiteId) -> list[str]:
        return [kind for to, kind, _ in self.sent if to == site]


class Register:
    """Three sites; two, two and one candidates, and `crowd` more at the second. `extra_s`: by number."""

    crowd = 0
    extra_s: Mapping[str, int] = {}
    secrets = {site: bytes([place]) * 32 for place, site in enumerate(SITES, 1)}

    async def sites(self) -> list[Standing]:
        return [
            Standing(
                Site(site, f"DC0{n}", f"Trường {n}", Level.THCS, PlaceId("place-1"), 40, "", ""),
                ["Lào Cai", "Bắc Hà" if n < 3 else "Sa Pa"],
                2, True, False, None,
            )
            for n, site in enumerate(SITES, 1)
        ]  # fmt: skip

    async def participants(self) -> list[Participant]:
        seats = [(SITES[0], "0001"), (SITES[0], "0002"), (SITES[1], "0003"), (SITES[1], "0004"), (SITES[2], "0005")]
        seats += [(SITES[1], f"1{place:05}") for place in range(self.crowd)]
        return [Participant(site, number, f"=Thí sinh {number}", self.extra_s.get(number, 0)) for site, number in seats]

    async def site_secrets(self) -> dict[SiteId, bytes]:
        return self.secrets

    async def spare_sites(self, _by: str, count: int) -> list[SiteId]:
        made = [SiteId(f"site-spare-{place}") for place in range(count)]
        self.secrets = self.secrets | {site: bytes([99 - place]) * 32 for place, site in enumerate(made)}
        return made


class Centre:
    """One process of the centre over a database that outlives it; `folder` is where its database stands."""

    def __init__(
        self, database: Database, clock: ManualClock, wires: Wires, key: Ed25519PrivateKey, folder: Path = Path()
    ) -> None:
        self.folder = folder
        self.database, self.clock, self.wires, self.key = database, clock, wires, key
        self.bus = MemoryBus()
        self.register = Register()
        self.told: list[object] = []
        self.restart()

    def restart(self, clock: Clock | None = None) -> None:
        """Another process: memory is lost, links come anew."""
        time = clock or self.clock
        sealer, audit = Sealer(self.key, b"r" * 32), Audit(time)
        self.exams = Exams(self.database, self.bus, time, self.wires, self.register, audit, sealer)
        self.bank = BankImport(self.database, time, audit)
        self.reading = ExamReading(self.database, self.exams, self.register, audit, sealer)

    async def at(self, ns: int) -> None:
        self.clock.ns = ns
        await self.exams.step()

    async def planned(self, **changes: object) -> Exam:
        await self.bank.take("ann", BANK.encode(), "gift")
        wish = msgspec.structs.replace(
            ExamWish("Cuối khóa", T0 // 1_000_000, 300, 8, release_lead_s=60, upload_jitter_s=2, late_cap_s=120),
            **changes,
        )
        return await self.exams.create("ann", None, wish)

    async def ordered(self, exam: Exam, *orders: Action) -> Exam:
        for order in orders:
            exam = await self.exams.order("ann", exam.id, order)
        return exam

    async def stage(self, exam: Exam) -> Stage:
        return (await self.exams.exam(exam.id)).stage

    async def record(self, site: SiteId, *records: ExamEvent | ExamOpened | ExamClosed, enrolment: str = "") -> None:
        """What the record stream does with records of a site."""
        by = EnrolmentId(enrolment or f"enr-{site}")
        for sequence, record in enumerate(records, 1):
            take = {
                ExamEvent: self.exams.intake.take_event,
                ExamOpened: self.exams.intake.take_opened,
                ExamClosed: self.exams.intake.take_closed,
            }[type(record)]
            await self.database.write(lambda conn, take=take, s=sequence, r=record: take(conn, site, by, s, r))  # type: ignore[misc]

    async def sit(self, exam: Exam, site: SiteId, right: dict[str, int], close_ns: int) -> dict[str, str]:
        """The site's candidates answer: so many right, the rest wrong. Returns their receipts."""
        double = self.wires.sites[site]
        key = (await self.database.read(lambda conn: store.newest_key(conn, exam.id))).right
        papers = {paper.digest: paper.sealed for paper in await self.papers(exam)}
        await self.record(site, ExamOpened(exam=exam.id, lo_ns=T0, hi_ns=T0 + 8_000_000, clock=ClockState.SYNCED))
        receipts = {}
        for entry in double.roster:
            if entry.number not in right:
                continue
            journal = Journal(exam.id, entry.number)
            events = [journal.write(EventKind.SIGN_IN, T0 - 60 * S), journal.write(EventKind.OPEN, T0)]
            for place, item in enumerate(double.paper(entry.code, papers.__getitem__).items):
                good = key[item.id][0]
                bad = next(option.id for option in item.options if option.id != good)
                chosen = good if place < right[entry.number] else bad
                events.append(journal.write(EventKind.ANSWER, T0 + (place + 1) * S, item.id, chosen))
            events.append(journal.write(EventKind.HAND_IN, T0 + 100 * S))
            await self.record(site, *events)
            receipts[entry.number] = receipt(events[-1].hash)
        await self.record(site, ExamClosed(exam=exam.id, at_ns=close_ns))
        return receipts

    async def waited_out(self, exam: Exam) -> int:
        """Let the last moment pass at which a silent site may still be writing; returns it."""
        now = await self.exams.exam(exam.id)
        windows = await self.database.read(lambda conn: store.windows(conn, exam.id, seats=True))
        last = finish_ns(now, windows)
        assert last > self.clock.ns, "no site is waited for"
        await self.at(last)
        return last

    def outcome(self) -> Outcome:
        """What people do after the close."""
        audit, sealer = Audit(self.clock), Sealer(self.key, b"r" * 32)
        return Outcome(self.database, self.clock, self.exams, self.reading.reckoning, audit, sealer)

    async def given_up(self, exam: Exam, *sites: SiteId, how: Closed = Closed.TELEPHONE) -> None:
        """Somebody says by telephone that nobody sits at these sites any more, or takes that back."""
        for site in sites:
            await self.outcome().close_site("ann", exam.id, site, how, 0, "đã gọi hiệu trưởng")
        # As long as that may be taken back.
        await self.at(self.clock.ns + UNDO_S * SECOND)

    async def papers(self, exam: Exam) -> list[SealedPaper]:
        return await self.database.read(lambda conn: store.papers(conn, exam.id))


@asynccontextmanager
async def conducting(folder: Path) -> AsyncIterator[Centre]:
    """A centre with three linked sites over SQLite in `folder`."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    wires = Wires({site: ExamSite(secret, public) for site, secret in Register.secrets.items()})
    database = await Database.open(f"sqlite:///{folder / 'centre.sqlite3'}")
    try:
        yield Centre(database, ManualClock(), wires, key, folder)
    finally:
        await database.close()

"""A link for each officer that signs them in once on the page where shares are entered: no password on the day."""

import io
from urllib.parse import urlsplit

import msgspec
import segno

from orchestrator.access.links import SignInLinks
from orchestrator.access.model import Role
from orchestrator.errors import Refused
from orchestrator.exams import release_store
from orchestrator.exams.model import SECOND, Exam, ends_ns
from orchestrator.exams.ports import Trail
from orchestrator.exams.service import Exams
from orchestrator.exams.store import Connection
from orchestrator.storage.engine import Database
from wire.ids import ExamId

EARLY_S = 3600
"""How long before shares are taken a link is good already: time to find the page and to see that it works."""


class OfficerLink(msgspec.Struct, frozen=True):
    """What is shown or printed for one officer, once; `qr` is an SVG of the address, whose secret part stands after the
    `#` and so in no log."""

    place: int
    name: str
    address: str
    qr: str
    from_ms: int
    until_ms: int


class Inviting:
    """Makes officers' links. `public_url` is where people reach the centre."""

    def __init__(self, database: Database, exams: Exams, links: SignInLinks, trail: Trail, public_url: str) -> None:
        self._database = database
        self._exams = exams
        self._links = links
        self._trail = trail
        self._public_url = public_url

    async def link(self, by: str, exam_id: ExamId, place: int) -> OfficerLink:
        """A link for one officer; an earlier one counts no more. Refuses `no_such_officer`, `expired`."""
        exam = await self._exams.exam(exam_id)
        people = await self._database.read(lambda conn: release_store.officers(conn, exam_id))
        officer = next((one for one in people if one.place == place), None)
        if officer is None:
            raise Refused("no_such_officer", "Kỳ thi không có cán bộ này. / No such officer.", 404)
        made = await self._links.make(by, _username(exam, place), officer.name, Role.OFFICER, *_good(exam))

        def work(conn: Connection) -> None:
            self._trail.record(conn, by, "exam.officer_link", exam_id, {"officer": officer.name})

        await self._database.write(work)
        address = f"{_origin(self._public_url)}/officers#{made.token}"
        return OfficerLink(
            place, officer.name, address, _qr(address), made.from_ns // 1_000_000, made.until_ns // 1_000_000
        )


def _good(exam: Exam) -> tuple[int, int]:
    """From an hour before shares are taken until no site can open any more."""
    from_ns = exam.t0_ns - round((exam.plan.officers_lead_s + EARLY_S) * SECOND)
    return from_ns, ends_ns(exam) + round(exam.plan.late_cap_s * SECOND)


def _username(exam: Exam, place: int) -> str:
    return f"canbo{place}-{exam.id.removeprefix('exam-')}"[:64]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _qr(text: str) -> str:
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="svg", border=4, xmldecl=False, scale=5)
    return drawn.getvalue().decode()

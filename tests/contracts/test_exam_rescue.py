"""A rescue file against a real database of the centre: what is proven goes to a person, nothing else goes anywhere."""

import base64
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from orchestrator.access.audit import Audit
from orchestrator.errors import Refused
from orchestrator.exams.home.rescue_routes import rescue_routes
from orchestrator.exams.home.rescuing import Rescued, Rescuing
from orchestrator.exams.marking import read_exam
from orchestrator.exams.model import Action, Exam
from orchestrator.exams.sealing import Sealer
from orchestrator.web.server import application, listening_socket, serving
from tests.doubles.exam_conductor import SITES, T0, Centre, S, conducting
from tests.doubles.link_centre import OpenGate
from wire.paper import Paper
from wire.rescue import MAGIC, RESCUE_PATH, Rescue, RescuedMessage, Root
from wire.seal import seal_to
from wire.voucher import message_mark, resumed_session_key, voucher_session_key


class Box:
    """The centre's key."""

    def __init__(self) -> None:
        self._private = X25519PrivateKey.generate()
        self.box = self._private.private_bytes_raw()
        self.public = self._private.public_key().public_bytes_raw()


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with conducting(tmp_path) as running:
        yield running


async def armed(centre: Centre) -> tuple[Exam, Paper]:
    exam = await centre.ordered(await centre.planned(), Action.SEAL, Action.ARM)
    await centre.at(T0 - 50 * S)
    papers = {paper.digest: paper.sealed for paper in await centre.papers(exam)}
    return exam, centre.wires.sites[SITES[0]].paper("101", papers.__getitem__)


def rescuing(centre: Centre, box: Box) -> Rescuing:
    sealer = Sealer(centre.key, b"r" * 32)
    return Rescuing(centre.database, centre.clock, Audit(centre.clock), sealer, box, again=centre.told.append)


def sealed(box: Box, rescue: Rescue) -> bytes:
    return MAGIC + seal_to(box.public, msgspec.json.encode(rescue))


def said(key: str, session: str, seq: int, item: str, option: str) -> RescuedMessage:
    return RescuedMessage("answer", session, seq, message_mark(key, "answer", session, seq, item, option), item, option)


def two_sessions(exam: Exam, paper: Paper, voucher: bytes) -> Rescue:
    """Signed in by voucher, reloaded once; one answer in each, and one that somebody made up."""
    desk, page = secrets.token_hex(16), secrets.token_hex(16)
    first = voucher_session_key(voucher, desk, page)
    second = resumed_session_key(first, "s2")
    one, two, three = ((item.id, item.options[0].id) for item in paper.items[:3])
    messages = [said(first, "s1", 1, *one), said(second, "s2", 1, *two), said("ab" * 32, "s2", 2, *three)]
    return Rescue(exam.id, "0001", 0, [Root("s1", desk, page, ["s2"])], messages)


def outcome(rescued: Rescued) -> tuple[int, int, int, int, int]:
    return rescued.fresh, rescued.known, rescued.conflicts, rescued.unproven, rescued.by_pin


async def test_what_the_voucher_proves_goes_to_a_person_once(centre: Centre) -> None:
    exam, paper = await armed(centre)
    box, entry = Box(), centre.wires.sites[SITES[0]].roster[0]
    blob = sealed(box, two_sessions(exam, paper, entry.voucher_key))
    desk = rescuing(centre, box)
    assert outcome(await desk.bring("ann", blob)) == (2, 0, 0, 1, 0)
    assert outcome(await desk.bring("ann", blob)) == (0, 2, 0, 1, 0)
    sheet = (await read_exam(centre.database, exam)).sheets["0001"]
    assert sheet.answers == {}
    assert centre.told == [exam.id, exam.id]


async def test_nobody_writes_a_file_for_a_colleague(centre: Centre) -> None:
    exam, paper = await armed(centre)
    box = Box()
    colleague = centre.wires.sites[SITES[0]].roster[1]
    blob = sealed(box, two_sessions(exam, paper, colleague.voucher_key))
    assert outcome(await rescuing(centre, box).bring("ann", blob)) == (0, 0, 0, 3, 0)


async def test_a_session_begun_by_pin_is_told_apart(centre: Centre) -> None:
    exam, paper = await armed(centre)
    box, key = Box(), secrets.token_hex(32)
    item = paper.items[0]
    rescue = Rescue(exam.id, "0001", 0, [Root("p1", key=key)], [said(key, "p1", 1, item.id, item.options[0].id)])
    assert outcome(await rescuing(centre, box).bring("ann", sealed(box, rescue))) == (1, 0, 0, 0, 1)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda blob, _: b"no" + blob, "not_a_rescue"),
        (lambda blob, _: blob[:-1] + bytes([blob[-1] ^ 1]), "other_province"),
        (lambda _, box: MAGIC + seal_to(box.public, b"{}"), "damaged"),
    ],
)
async def test_a_changed_file_is_refused(centre: Centre, change: Callable[[bytes, Box], bytes], code: str) -> None:
    exam, paper = await armed(centre)
    box = Box()
    blob = sealed(box, two_sessions(exam, paper, centre.wires.sites[SITES[0]].roster[0].voucher_key))
    with pytest.raises(Refused) as refused:
        await rescuing(centre, box).bring("ann", change(blob, box))
    assert refused.value.code == code


async def test_a_candidates_page_brings_its_file_by_itself_from_another_origin_and_learns_no_name(
    centre: Centre,
) -> None:
    exam, paper = await armed(centre)
    box, entry = Box(), centre.wires.sites[SITES[0]].roster[0]
    text = base64.b64encode(sealed(box, two_sessions(exam, paper, entry.voucher_key)))
    routes = rescue_routes(rescuing(centre, box), centre.clock)
    bound = listening_socket("127.0.0.1", 0)
    async with serving(application(routes, OpenGate()), bound), aiohttp.ClientSession() as http:
        address = f"http://127.0.0.1:{bound.getsockname()[1]}{RESCUE_PATH}"
        headers = {"Origin": "http://192.168.1.10:8766", "Content-Type": "text/plain;charset=UTF-8"}
        for _ in range(2):
            async with http.post(address, data=text, headers=headers) as reply:
                assert (reply.status, await reply.json()) == (200, {"held": 2, "unproven": 1})
                assert reply.headers["Access-Control-Allow-Origin"] == "*"
        statuses = []
        for blob in [b"no rescue file", *[b"x"] * 130]:
            async with http.post(address, data=blob, headers=headers) as reply:
                statuses.append(reply.status)
        assert set(statuses) == {422, 429}
        assert statuses[0] == 422

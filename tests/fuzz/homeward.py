"""What a person carries home: a school's journal on a stick and a candidate's rescue file, into a centre's database.

Most files are changed before they are signed and sealed, so that what stands behind the seal is reached too: who owns
an enrolled computer, or a voucher, can write anything.
"""

import asyncio
import json
import random
import tempfile
import zlib
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.exams.home.rescuing import Rescuing
from orchestrator.exams.model import Exam
from orchestrator.exams.sealing import Sealer
from tests.doubles.exam_conductor import SITES, T0, S
from tests.doubles.exam_home import HomeCentre, School, choices, school, way_home, written
from tests.fuzz.changes import changed
from tests.fuzz.trees import changed_tree
from wire.exam_home import Carried, open_carried, read_carried, seal_carried
from wire.ids import ItemId, OptionId
from wire.rescue import MAGIC, Rescue, RescuedMessage, Root
from wire.seal import seal_to
from wire.voucher import message_mark, resumed_session_key, voucher_session_key

RENEWED_EVERY = 100
"""Files that one centre takes: what was taken stands in its database, and every later check reads it."""
DESK, PAGE, PIN_KEY = "0d" * 16, "0e" * 16, "ab" * 32


class Centre:
    """A centre with an exam under way and a school that has answers of it, on a loop of its own."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._runner.run(self._open())

    async def _open(self) -> None:
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="diemcau-fuzz-")))
        self.home: HomeCentre = await self._stack.enter_async_context(way_home(folder))
        self.exam: Exam = await self.home.armed()
        self.school: School = await self._stack.enter_async_context(school(self.home, folder, self.exam))
        self.items: list[tuple[ItemId, list[OptionId]]] = await choices(self.home, self.exam)
        await written(self.school, self.items)
        self.home.centre.clock.ns = T0 + 60 * S
        self.blob = await self.school.homeward.carried()
        centre = self.home.centre
        audit, sealer = Audit(centre.clock), Sealer(centre.key, b"r" * 32)
        box = self.home
        self.rescuing = Rescuing(centre.database, centre.clock, audit, sealer, _Box(box), again=centre.exams.again)

    def run(self, work: Any) -> Any:
        """One coroutine to its end."""
        return self._runner.run(work)

    def close(self) -> None:
        self._runner.run(self._stack.aclose())
        self._runner.close()


class _Box:
    def __init__(self, home: HomeCentre) -> None:
        self.box = home.box.private_bytes_raw()


class _Renewed:
    """The centre of now; another one after so many files."""

    def __init__(self) -> None:
        self.centre = Centre()
        self._taken = 0

    def count(self) -> None:
        self._taken += 1
        if self._taken % RENEWED_EVERY == 0:
            self.centre.close()
            self.centre = Centre()


class Sticks:
    """`Carried`: whole journals, as `diemcau exam import-journal` and the page take them."""

    name = "stick"

    def __init__(self) -> None:
        self._renewed = _Renewed()

    def made(self, chance: random.Random) -> bytes:
        centre = self._renewed.centre
        box, public = centre.home.box.private_bytes_raw(), centre.home.box.public_key().public_bytes_raw()
        signer = centre.school.identity.signer()
        if chance.random() < 0.15:
            return changed(chance, centre.blob, [centre.blob])
        carried = read_carried(signer.public_key().public_bytes_raw(), open_carried(box, public, centre.blob))
        plain = _changed_journal(chance, carried)
        content = zlib.compress(plain, 1)
        if chance.random() < 0.1:
            content = chance.choice((changed(chance, content, [content]), zlib.compress(bytes(200 << 20), 1)))
        return seal_carried(signer, public, carried.enrolment, content)

    def take(self, content: bytes, chance: random.Random) -> str:
        try:
            brought = self._renewed.centre.run(self._renewed.centre.home.home.bring("ann", content))
        finally:
            self._renewed.count()
        return "taken with conflicts" if brought.conflicts else "taken"

    def close(self) -> None:
        self._renewed.centre.close()


def _changed_journal(chance: random.Random, carried: Carried) -> bytes:
    """The content of the file: changed as bytes, as values, or inside of its records."""
    plain = msgspec.msgpack.encode(carried)
    match chance.randrange(5):
        case 0:
            return changed(chance, plain, [plain])
        case 1 | 2:
            return msgspec.msgpack.encode(changed_tree(chance, msgspec.msgpack.decode(plain)))
        case _:
            tree = msgspec.msgpack.decode(plain)
            for place in chance.sample(range(len(tree["bodies"])), chance.randint(1, 3)):
                record = msgspec.msgpack.decode(tree["bodies"][place])
                tree["bodies"][place] = msgspec.msgpack.encode(changed_tree(chance, record))
            return msgspec.msgpack.encode(tree)


class Rescues:
    """Rescue files of a page; half of those with changed messages bear marks that hold all the same."""

    name = "rescue"

    def __init__(self) -> None:
        self._renewed = _Renewed()

    def made(self, chance: random.Random) -> bytes:
        centre = self._renewed.centre
        voucher = centre.home.centre.wires.sites[SITES[0]].roster[0].voucher_key
        keys = _session_keys(voucher)
        public = centre.home.box.public_key().public_bytes_raw()
        plain = msgspec.json.encode(_rescue(centre, keys))
        match chance.randrange(6):
            case 0:
                whole = MAGIC + seal_to(public, plain)
                return changed(chance, whole, [whole])
            case 1:
                plain = changed(chance, plain, [plain])
            case _:
                tree = changed_tree(chance, json.loads(plain))
                plain = msgspec.json.encode(_marked(tree, keys) if chance.random() < 0.5 else tree)
        return MAGIC + seal_to(public, plain)

    def take(self, content: bytes, chance: random.Random) -> str:
        try:
            rescued = self._renewed.centre.run(self._renewed.centre.rescuing.bring("ann", content))
        finally:
            self._renewed.count()
        return "taken" if rescued.fresh or rescued.known or rescued.conflicts else "nothing proven"

    def close(self) -> None:
        self._renewed.centre.close()


def _session_keys(voucher: bytes) -> dict[str, str]:
    first = voucher_session_key(voucher, DESK, PAGE)
    return {"s1": first, "s2": resumed_session_key(first, "s2"), "p1": PIN_KEY}


def _rescue(centre: Centre, keys: dict[str, str]) -> Rescue:
    """Signed in by voucher, reloaded once, and once by PIN; the first answer the school's journal has too."""
    said = [
        _said(keys[session], session, seq, item, options[seq % len(options)])
        for (item, options), (session, seq) in zip(
            centre.items, (("s1", 1), ("s1", 2), ("s2", 1), ("p1", 1), ("p1", 2)), strict=False
        )
    ]
    roots = [Root("s1", DESK, PAGE, ["s2"]), Root("p1", key=PIN_KEY)]
    return Rescue(centre.exam.id, "0001", 0, roots, said)


def _said(key: str, session: str, seq: int, item: str, option: str) -> RescuedMessage:
    return RescuedMessage("answer", session, seq, message_mark(key, "answer", session, seq, item, option), item, option)


def _marked(tree: Any, keys: dict[str, str]) -> Any:
    """With marks that hold, wherever there is still a message to mark."""
    said = tree.get("said") if isinstance(tree, dict) else None
    for message in said if isinstance(said, list) else ():
        if not isinstance(message, dict):
            continue
        words = [message.get(name, "") for name in ("type", "session", "item", "option")]
        seq = message.get("client_seq")
        if all(isinstance(word, str) for word in words) and isinstance(seq, int) and words[1] in keys:
            kind, session, item, option = words
            message["mac"] = message_mark(keys[session], kind, session, seq, item, option)
    return tree

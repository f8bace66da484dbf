"""Scripted candidates: each sits an exam at a real desk, over the same WebSocket and with the same marks as the page.

What a candidate chose is returned as it was shown, so that whoever runs the day can mark it without asking the system.
"""

import asyncio
import contextlib
import random
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec

from wire.seal import check_voucher_text
from wire.voucher import (
    message_mark,
    resume_proof,
    resumed_session_key,
    voucher_name,
    voucher_proof,
    voucher_session_key,
)

Shown = dict[str, Any]
"""A question as the desk sends it: {"id", "text", "options": [{"id", "text"}, …]}."""

Choose = Callable[[str, Shown], int]
"""(roster number, question) → index of the option this candidate picks."""

_RETRY_S = 0.3
_EARLY_S = 1.0
"""Who came before the sign-in opened knocks again this often."""


@dataclass(frozen=True)
class Slip:
    """What a candidate holds: where the desk is, and number with PIN, or the text of a printed voucher."""

    desk_url: str
    exam: str
    number: str
    pin: str = ""
    voucher: str = ""


@dataclass(frozen=True)
class Choice:
    """One answered question, as it was shown."""

    item: str
    text: str
    option: str
    option_text: str


@dataclass
class Sat:
    """How it went. `acked`: messages with ✓; `received`: messages with ✓✓ (the hand-in included in both)."""

    slip: Slip
    name: str = ""
    code: str = ""
    assurance: str = ""
    choices: list[Choice] = field(default_factory=list)
    acked: int = 0
    received: int = 0
    receipt: str | None = None
    closed: str | None = None
    """The receipt of who did not hand in before the window closed."""
    troubles: list[str] = field(default_factory=list)
    paper_after_s: float | None = None
    """Loop time at which the paper was here."""
    saved_after_s: list[float] = field(default_factory=list)
    """Seconds from each message to its first ✓."""
    saved_said_s: list[float] = field(default_factory=list)
    """Loop time at which each of these was first said."""
    saved_answers: list[tuple[str, str]] = field(default_factory=list)
    """(item, option) of each answer that showed ✓, in that order."""


@dataclass(frozen=True)
class Ends:
    """Loop times: no new answer after `answers_s`, the hand-in at `hand_in_s`."""

    answers_s: float
    hand_in_s: float


class TurnedAway(Exception):
    """The desk refused the sign-in; the word it gave."""


class Candidate:
    """One candidate, one browser: keeps every message until ✓✓ and sends it again after a break."""

    def __init__(
        self,
        slip: Slip,
        choose: Choose,
        pace_s: float = 0.05,
        rng: random.Random | None = None,
        ends: Ends | None = None,
    ) -> None:
        self.sat = Sat(slip)
        self._choose = choose
        self._pace_s = pace_s
        self._ends = ends
        self._said_at: dict[tuple[str, int], float] = {}
        self._rng = rng or random.Random(slip.number)
        self._session = ""
        self._key = ""
        self._nonces = ("", "")
        self._sent: dict[tuple[str, int], Shown] = {}
        self._saved: set[tuple[str, int]] = set()
        self._received: set[tuple[str, int]] = set()
        self._paper: asyncio.Future[list[Shown]] = asyncio.get_running_loop().create_future()
        self._news = asyncio.Event()
        self._socket: aiohttp.ClientWebSocketResponse | None = None

    async def sit(self, received_within_s: float = 30.0, client: aiohttp.ClientSession | None = None) -> Sat:
        """Sign in, wait for the paper, answer, hand in, and wait for ✓✓ (given up after `received_within_s`). `client`:
        shared by many in one process, without a limit of connections."""
        if client is None:
            async with aiohttp.ClientSession() as own:
                return await self.sit(received_within_s, own)
        async with asyncio.TaskGroup() as tasks:
            line = tasks.create_task(self._stay_connected(client))
            await self._answer_all(await self._paper)
            await self._until(lambda: self._unsaved() == 0)
            await self._rest_until(self._ends.hand_in_s if self._ends else 0.0)
            await self._say({"type": "hand_in"}, "hand_in")
            await self._until(lambda: self._unsaved() == 0 and (self.sat.receipt or self.sat.closed) is not None)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(received_within_s):
                    await self._until(lambda: len(self._received) == len(self._sent))
            line.cancel()
        self.sat.acked, self.sat.received = len(self._saved), len(self._received)
        return self.sat

    # --- the script ------------------------------------------------------------------------------------------------

    async def _answer_all(self, items: list[Shown]) -> None:
        for item in items:
            pause_s = self._rng.uniform(0.2, 1.8) * self._pace_s
            if self._ends is not None and asyncio.get_running_loop().time() + pause_s >= self._ends.answers_s:
                return
            await asyncio.sleep(pause_s)
            option = item["options"][self._choose(self.sat.slip.number, item)]
            self.sat.choices.append(Choice(item["id"], item["text"], option["id"], option["text"]))
            await self._say({"type": "answer", "item": item["id"], "option": option["id"]}, "answer")

    async def _say(self, message: Shown, kind: str) -> None:
        client_seq = sum(1 for session, _ in self._sent if session == self._session) + 1
        mac = message_mark(
            self._key, kind, self._session, client_seq, message.get("item", ""), message.get("option", "")
        )
        whole = {**message, "session": self._session, "client_seq": client_seq, "mac": mac}
        self._sent[(self._session, client_seq)] = whole
        self._said_at[(self._session, client_seq)] = asyncio.get_running_loop().time()
        await self._send(whole)

    def _unsaved(self) -> int:
        return len(self._sent.keys() - self._saved)

    def _note_saved(self, key: tuple[str, int]) -> None:
        if key not in self._saved:
            self._saved.add(key)
            self.sat.saved_after_s.append(asyncio.get_running_loop().time() - self._said_at[key])
            self.sat.saved_said_s.append(self._said_at[key])
            said = self._sent[key]
            if said["type"] == "answer":
                self.sat.saved_answers.append((said["item"], said["option"]))

    async def _rest_until(self, loop_s: float) -> None:
        await asyncio.sleep(max(0.0, loop_s - asyncio.get_running_loop().time()))

    async def _until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            self._news.clear()
            await self._news.wait()

    # --- the line --------------------------------------------------------------------------------------------------

    async def _stay_connected(self, client: aiohttp.ClientSession) -> None:
        url = self.sat.slip.desk_url.rstrip("/")
        while True:
            with contextlib.suppress(aiohttp.ClientError, ConnectionError):
                async with client.ws_connect(f"{url}/exam/ws", headers={"Origin": url}) as self._socket:
                    await self._send({"type": "hello"})
                    async for frame in self._socket:
                        await self._hear(msgspec.json.decode(frame.data))
            self._socket = None
            await asyncio.sleep(self._rng.uniform(0.5, 1.5) * _RETRY_S)

    async def _send(self, message: Shown) -> None:
        if self._socket is not None:
            with contextlib.suppress(aiohttp.ClientError, ConnectionError):
                await self._socket.send_str(msgspec.json.encode(message).decode())

    async def _hear(self, message: Shown) -> None:
        match message["type"]:
            case "welcome":
                await self._sign_in(message["nonce"])
            case "signed_in":
                await self._seated(message)
            case "opened":
                await self._open(message)
            case "saved":
                self._note_saved((message["session"], message["client_seq"]))
            case "received":
                self._confirm(message["session"], message["through"])
            case "receipt":
                self.sat.receipt = message["code"]
            case "closed":
                self.sat.closed = self.sat.closed or message["receipt"]
            case "trouble":
                await self._trouble(message)
        self._news.set()

    async def _sign_in(self, nonce: str) -> None:
        slip, page_nonce = self.sat.slip, secrets.token_hex(16)
        self._nonces = (nonce, page_nonce)
        if self._session:
            proof = resume_proof(self._key, self._session, nonce)
            await self._send(
                {"type": "resume", "exam": slip.exam, "session": self._session, "proof": proof, "takeover": False}
            )
        elif slip.voucher:
            key = check_voucher_text(slip.voucher)
            proof = voucher_proof(key, slip.exam, nonce, page_nonce)
            await self._send(
                {"type": "voucher", "exam": slip.exam, "name": voucher_name(key), "nonce": page_nonce, "proof": proof}
            )
        else:
            await self._send({"type": "sign_in", "exam": slip.exam, "number": slip.number, "pin": slip.pin})

    async def _seated(self, message: Shown) -> None:
        if not self._session:
            self.sat.name, self.sat.code = message["candidate"]["name"], message["candidate"]["code"]
            self.sat.assurance = message["assurance"]
            self._key = message["key"] or voucher_session_key(check_voucher_text(self.sat.slip.voucher), *self._nonces)
        elif message["session"] != self._session:
            self._key = resumed_session_key(self._key, message["session"])
        self._session = message["session"]
        for key in sorted(self._sent.keys() - self._received):
            await self._send(self._sent[key])

    async def _say_again(self, key: tuple[str, int]) -> None:
        """Under the session of now what a computer that is no more had heard."""
        said = self._sent.pop(key, None)
        self._saved.discard(key)
        if said is not None:
            kept: Shown = {name: said[name] for name in ("type", "item", "option") if name in said}
            await self._say(kept, said["type"])

    async def _open(self, message: Shown) -> None:
        if not self._paper.done():
            self.sat.paper_after_s = asyncio.get_running_loop().time()
            self._paper.set_result(message["items"])
        # A computer that took a lost one's place may have seated us, and refused all this, before it had the paper.
        for key in sorted(self._sent.keys() - self._saved):
            await self._send(self._sent[key])

    def _confirm(self, session: str, through: int) -> None:
        self._received |= {key for key in self._saved if key[0] == session and key[1] <= through}

    async def _trouble(self, message: Shown) -> None:
        self.sat.troubles.append(message["code"])
        if message["code"] == "sign_in_again":
            # The school has another computer: number and PIN or the voucher once more.
            self._session = ""
            await self._sign_in(self._nonces[0])
            return
        if message["code"] == "session_unknown":
            await self._say_again((message["session"], message["client_seq"]))
            return
        if self._session and message["code"] != "no_exam":
            return
        if message["code"] not in ("not_yet", "no_exam"):
            raise TurnedAway(message["code"])
        await asyncio.sleep(_EARLY_S)
        if self._socket is not None:
            await self._socket.close()


async def sit_all(
    slips: Sequence[Slip], choose: Choose, *, pace_s: float = 0.05, received_within_s: float = 30.0
) -> list[Sat]:
    """Seat everyone at once and let them sit; results in the order of `slips`."""
    async with asyncio.TaskGroup() as tasks:
        sittings = [tasks.create_task(Candidate(slip, choose, pace_s).sit(received_within_s)) for slip in slips]
    return [sitting.result() for sitting in sittings]

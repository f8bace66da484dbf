"""A candidate's page over a real WebSocket, reduced to its words."""

from typing import Any

import aiohttp

from wire.voucher import message_mark


class Visitor:
    """`seat`: what the desk said when it let the candidate in; `paper`: what it pushed."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._said = 0
        self.seat: dict[str, Any] = {}
        self.paper: dict[str, Any] = {}

    async def ask(self, answer: str, **message: object) -> dict[str, Any]:
        """Say something; returns the next frame of that type, or a trouble."""
        await self._socket.send_json(message)
        return await self.hear(answer)

    async def hear(self, *kinds: str) -> dict[str, Any]:
        """The next frame of one of these types, or a trouble."""
        while True:
            told: dict[str, Any] = await self._socket.receive_json(timeout=20)
            if told["type"] in (*kinds, "trouble"):
                return told

    async def sit(self, exam: str, number: str, pin: str) -> None:
        """Sign in where the paper is open."""
        self.seat = await self.ask("signed_in", type="sign_in", exam=exam, number=number, pin=pin)
        self.paper = await self.hear("opened")

    @property
    def order(self) -> list[tuple[str, list[str]]]:
        """Items and options as they stand on the page."""
        return [(item["id"], [option["id"] for option in item["options"]]) for item in self.paper["items"]]

    async def answer(self, item: str, option: str) -> dict[str, Any]:
        """Choose; what the desk says to it."""
        return await self._marked("answer", "saved", item, option)

    async def hand_in(self) -> str:
        """The receipt."""
        return str((await self._marked("hand_in", "receipt"))["code"])

    async def _marked(self, kind: str, answer: str, *what: str) -> dict[str, Any]:
        self._said += 1
        session = self.seat["session"]
        mac = message_mark(self.seat["key"], kind, session, self._said, *what)
        told = dict(zip(("item", "option"), what, strict=False))
        return await self.ask(answer, type=kind, session=session, client_seq=self._said, mac=mac, **told)

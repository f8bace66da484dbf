"""What a server says to an encoder that publishes (Adobe "RTMP Specification 1.0", §5.2 and §7). Pure.

Bytes go in; out come bytes for the encoder and what happened: it asks to publish under a key, it sends a piece of FLV,
it ends. Anything but publishing is refused. What came in but was not wanted costs no more than the bounds allow.
"""

from __future__ import annotations

from enum import Enum, auto

import msgspec

from orchestrator.media.sources.rtmp import amf, flv
from orchestrator.media.sources.rtmp.chunks import LONGEST, SET_CHUNK_SIZE, Assembler, BadChunks, Message, chunked

VERSION = 3
HANDSHAKE = 1536
ACKNOWLEDGEMENT, USER_CONTROL, WINDOW, BANDWIDTH = 3, 4, 5, 6
COMMAND_3, COMMAND = 17, 20
MEDIA = frozenset({flv.AUDIO, flv.VIDEO, flv.SCRIPT})
OUT_CHUNK = 4096
OUR_WINDOW = 2_500_000
COMMAND_LIMIT = 64 << 10
"""Bytes of a message before the right to publish was given."""
MESSAGE_LIMIT = LONGEST
"""Bytes of a picture."""
CONTROL, COMMANDS = 2, 3
"""Chunk streams that we speak on (§5.3.1.1)."""


class BadRtmp(Exception):
    """Not RTMP, or not as an encoder speaks it. The connection ends."""


class Asked(msgspec.Struct, frozen=True):
    """The encoder wants to publish; answer with :meth:`Conversation.admit` or :meth:`Conversation.refuse`."""

    app: str
    key: str


class Sent(msgspec.Struct, frozen=True):
    """A piece of FLV."""

    content: bytes


class Left(msgspec.Struct, frozen=True):
    """The encoder stopped by itself."""


Event = Asked | Sent | Left


class _Phase(Enum):
    HELLO = auto()
    ECHO = auto()
    TALK = auto()
    ASKED = auto()
    PUBLISHING = auto()


class Conversation:
    """One connection. ``out`` collects bytes for the encoder."""

    def __init__(self) -> None:
        self._phase = _Phase.HELLO
        self._waiting = bytearray()
        self._assembler = Assembler(COMMAND_LIMIT)
        self._app = ""
        self._stream = 0
        self._window = OUR_WINDOW
        self._came = 0
        self._acknowledged = 0
        self.out = bytearray()

    def take(self, content: bytes) -> list[Event]:
        """What the bytes bring about. Raises :class:`BadRtmp`."""
        self._came += len(content)
        self._acknowledge()
        if self._phase in {_Phase.HELLO, _Phase.ECHO}:
            content = self._handshake(content)
            if not content:
                return []
        try:
            events: list[Event] = []
            for message in self._assembler.take(content):
                events += self._message(message)
        except (BadChunks, amf.Malformed) as fault:
            raise BadRtmp(str(fault)) from fault
        return events

    def admit(self) -> bytes:
        """The key is good; returns how the FLV begins."""
        self._phase = _Phase.PUBLISHING
        self._assembler.message_limit = MESSAGE_LIMIT
        self._say(USER_CONTROL, b"\0\0" + self._stream.to_bytes(4, "big"), CONTROL)  # Stream Begin (§7.1.7)
        self._status("status", "NetStream.Publish.Start", "Đang phát. / Publishing.")
        return flv.HEADER

    def refuse(self, sentence: str) -> None:
        """The key is not good, and why."""
        self._status("error", "NetStream.Publish.BadName", sentence)

    # Handshake (§5.2)

    def _handshake(self, content: bytes) -> bytes:
        """Hello and echo; returns what follows them."""
        self._waiting += content
        if self._phase is _Phase.HELLO:
            if self._waiting and self._waiting[0] != VERSION:
                raise BadRtmp("another version of RTMP")
            if len(self._waiting) < 1 + HANDSHAKE:
                return b""
            hello = bytes(self._waiting[1 : 1 + HANDSHAKE])
            self.out += bytes([VERSION]) + bytes(HANDSHAKE) + hello
            del self._waiting[: 1 + HANDSHAKE]
            self._phase = _Phase.ECHO
        if len(self._waiting) < HANDSHAKE:
            return b""
        rest = bytes(self._waiting[HANDSHAKE:])
        self._waiting.clear()
        self._phase = _Phase.TALK
        return rest

    # Messages

    def _message(self, message: Message) -> list[Event]:
        if message.kind == WINDOW:
            self._window = max(1 << 14, int.from_bytes(message.content[:4], "big"))
        elif message.kind == COMMAND:
            return self._command(message, message.content)
        elif message.kind == COMMAND_3 and message.content[:1] == b"\0":
            return self._command(message, message.content[1:])
        elif message.kind in MEDIA and message.content and self._phase is _Phase.PUBLISHING:
            return [Sent(flv.tag(message))]
        return []

    def _command(self, message: Message, content: bytes) -> list[Event]:
        values = amf.read(content)
        name, transaction = [*values, None, None][:2]
        number = transaction if isinstance(transaction, float) else 0.0
        if name == "connect":
            self._connect(values, number)
        elif name == "createStream":
            self._result(number, None, 1)
        elif name == "publish":
            return self._publish(message, values)
        elif name in {"FCUnpublish", "deleteStream", "closeStream"}:
            return [Left()] if self._phase is _Phase.PUBLISHING else []
        elif name == "play":
            raise BadRtmp("it wants to watch")
        elif number:
            self._result(number, None)
        return []

    def _connect(self, values: list[amf.Value], number: float) -> None:
        told = values[2] if len(values) > 2 else None
        app = told.get("app") if isinstance(told, dict) else None
        self._app = app if isinstance(app, str) else ""
        self._say(WINDOW, OUR_WINDOW.to_bytes(4, "big"), CONTROL)
        self._say(BANDWIDTH, OUR_WINDOW.to_bytes(4, "big") + b"\x02", CONTROL)
        self._say(SET_CHUNK_SIZE, OUT_CHUNK.to_bytes(4, "big"), CONTROL)
        success: dict[str, amf.Value] = {
            "level": "status",
            "code": "NetConnection.Connect.Success",
            "description": "Đã kết nối. / Connected.",
            "objectEncoding": 0,
        }
        self._result(number, {"fmsVer": "FMS/3,0,1,123", "capabilities": 31}, success)

    def _publish(self, message: Message, values: list[amf.Value]) -> list[Event]:
        if self._phase is not _Phase.TALK:
            raise BadRtmp("it asks twice")
        key = values[3] if len(values) > 3 else None
        self._phase, self._stream = _Phase.ASKED, message.stream or 1
        return [Asked(self._app, key if isinstance(key, str) else "")]

    # Words

    def _result(self, number: float, *values: amf.Value) -> None:
        self._say(COMMAND, amf.write("_result", number, *values), COMMANDS)

    def _status(self, level: str, code: str, sentence: str) -> None:
        told: dict[str, amf.Value] = {"level": level, "code": code, "description": sentence}
        self._say(COMMAND, amf.write("onStatus", 0, None, told), COMMANDS, self._stream)

    def _say(self, kind: int, content: bytes, channel: int, stream: int = 0) -> None:
        # The size that we announce holds from the announcement on; until then everything is shorter than the first.
        self.out += chunked(Message(kind, stream, 0, content), channel, OUT_CHUNK if kind >= COMMAND_3 else 128)

    def _acknowledge(self) -> None:
        """Encoders may stop when nobody says how much has come (§5.4.3)."""
        if self._phase in {_Phase.ASKED, _Phase.PUBLISHING} and self._came - self._acknowledged >= self._window // 2:
            self._acknowledged = self._came
            self._say(ACKNOWLEDGEMENT, (self._came & 0xFFFFFFFF).to_bytes(4, "big"), CONTROL)

"""The system's libsrt (MPL 2.0, Debian's ``libsrt1.5-gnutls``, which ffmpeg brings), as far as a listener needs it.

PyAV's wheel lacks SRT, and ffmpeg as a listener takes whoever comes: only the library itself lets the stream id be
judged while an encoder is still at the door, and lets it be refused with a reason (``srt_listen_callback``,
``srt_setrejectreason``). Constants and signatures are those of ``srt/srt.h`` and ``srt/access_control.h`` 1.5.

Blocking calls release the interpreter. :attr:`Judge` is called from the library's own thread, which meanwhile receives
for nobody: it must answer soon.
"""

from __future__ import annotations

import ctypes
import ipaddress
import socket
import struct
from collections.abc import Callable
from enum import IntEnum

import msgspec

NAMES = ("libsrt-gnutls.so.1.5", "libsrt-openssl.so.1.5", "libsrt.so.1.5")
MESSAGE = 1456
"""Bytes of the longest message in live mode."""
BACKLOG = 16
SHORTEST_SECRET, LONGEST_SECRET = 10, 79


class Option(IntEnum):
    """``SRT_SOCKOPT``."""

    RCVTIMEO = 14
    PASSPHRASE = 26
    RCVLATENCY = 43
    PEERIDLETIMEO = 55


class Reject(IntEnum):
    """Why an encoder is refused: codes for applications, after those of HTTP (``access_control.h``)."""

    BAD_REQUEST = 1400
    UNAUTHORIZED = 1401
    OVERLOAD = 1402
    FORBIDDEN = 1403
    BAD_MODE = 1405
    CONFLICT = 1409


class State(IntEnum):
    """``SRT_SOCKSTATUS``, as far as it matters here."""

    CONNECTED = 5
    BROKEN = 6
    GONE = 9


class SrtMissing(Exception):
    """libsrt is not installed."""


class Welcome(msgspec.Struct, frozen=True):
    """What the judge says: whom ``reject`` names goes; ``secret`` is the passphrase that the encoder must have, empty
    for none."""

    reject: Reject | None = None
    secret: str = ""


Judge = Callable[[int, str, str], Welcome]
"""(socket of the encoder, its address, its stream id)."""

_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_int32, ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p
)


class Srt:
    """The library, started. :meth:`stop` ends it; sockets are its own small numbers."""

    def __init__(self, names: tuple[str, ...] = NAMES) -> None:
        self._library = _load(names)
        self._library.srt_startup()
        self._library.srt_setloglevel(0)  # its lines repeat stream ids
        self._hook: object = None
        """The library keeps no reference of its own."""

    def listen(self, bind: str, port: int, judge: Judge, latency_ms: int, idle_ms: int) -> int:
        """Open a UDP port for encoders; the listener. Raises :class:`OSError`."""
        listener = int(self._library.srt_create_socket())
        for option, value in ((Option.RCVLATENCY, latency_ms), (Option.PEERIDLETIMEO, idle_ms)):
            self._set(listener, option, ctypes.c_int(value))
        address = _packed(bind, port)
        if self._library.srt_bind(listener, address, len(address)) < 0:
            raise self._fault()
        self._hook = _CALLBACK(self._judged(judge))
        self._library.srt_listen_callback(listener, self._hook, None)
        if self._library.srt_listen(listener, BACKLOG) < 0:
            raise self._fault()
        return listener

    def port(self, listener: int) -> int:
        """The port that a listener has."""
        buffer, size = ctypes.create_string_buffer(28), ctypes.c_int(28)
        if self._library.srt_getsockname(listener, buffer, ctypes.byref(size)) < 0:
            raise self._fault()
        return int(struct.unpack_from(">H", buffer.raw, 2)[0])

    def accept(self, listener: int) -> int:
        """Wait for the next encoder that was welcome. Raises :class:`OSError` when the listener is closed."""
        found = int(self._library.srt_accept(listener, None, None))
        if found < 0:
            raise self._fault()
        return found

    def receive(self, encoder: int, within_ms: int) -> bytes:
        """The next message, empty when none came. Raises :class:`ConnectionResetError` when the encoder is gone."""
        self._set(encoder, Option.RCVTIMEO, ctypes.c_int(within_ms))
        buffer = ctypes.create_string_buffer(MESSAGE)
        size = int(self._library.srt_recvmsg(encoder, buffer, MESSAGE))
        if size > 0:
            return buffer.raw[:size]
        if self.state(encoder) != State.CONNECTED:
            raise ConnectionResetError("the encoder is gone")
        return b""

    def state(self, encoder: int) -> int:
        """Where a socket stands (:class:`State` and the library's other numbers)."""
        return int(self._library.srt_getsockstate(encoder))

    def close(self, which: int) -> None:
        """Close a socket; whoever waits on it is woken."""
        self._library.srt_close(which)

    def stop(self) -> None:
        """End everything."""
        self._library.srt_cleanup()

    def _judged(self, judge: Judge) -> Callable[[object, int, int, int, bytes | None], int]:
        def hook(_: object, encoder: int, _version: int, peer: int, stream_id: bytes | None) -> int:
            try:
                address = _unpacked(ctypes.string_at(peer, 28))
                welcome = judge(encoder, address, (stream_id or b"").decode(errors="replace"))
                if welcome.reject is None and welcome.secret:
                    self._set(encoder, Option.PASSPHRASE, ctypes.create_string_buffer(welcome.secret.encode()), 1)
            except Exception:
                welcome = Welcome(Reject.OVERLOAD)
            if welcome.reject is None:
                return 0
            self._library.srt_setrejectreason(encoder, welcome.reject.value)
            return -1

        return hook

    def _set(self, which: int, option: Option, value: ctypes.c_int | ctypes.Array[ctypes.c_char], cut: int = 0) -> None:
        """``cut``: bytes at the end that do not count, such as the zero after a text."""
        size = ctypes.sizeof(value) - cut
        if self._library.srt_setsockflag(which, option.value, ctypes.byref(value), size) < 0:
            raise self._fault()

    def _fault(self) -> OSError:
        self._library.srt_getlasterror_str.restype = ctypes.c_char_p
        return OSError(0, bytes(self._library.srt_getlasterror_str() or b"").decode(errors="replace"))


def _load(names: tuple[str, ...]) -> ctypes.CDLL:
    for name in names:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    raise SrtMissing


def _packed(host: str, port: int) -> bytes:
    """``sockaddr_in`` or ``sockaddr_in6``."""
    address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    head = struct.pack("=H", family) + struct.pack(">H", port)
    return head + address.packed + bytes(8) if address.version == 4 else head + bytes(4) + address.packed + bytes(4)


def _unpacked(raw: bytes) -> str:
    """The address in a ``sockaddr``."""
    family = struct.unpack_from("=H", raw)[0]
    return str(ipaddress.ip_address(raw[4:8] if family == socket.AF_INET else raw[8:24]))

"""Carries a message by Apprise (https://github.com/caronc/apprise, BSD-2-Clause). Blocking: called in a thread.

Every wait has its limit. What Apprise says of a failure comes back as a sentence, with the secret cut out of it.
"""

from __future__ import annotations

import importlib
import logging
import re
import threading
import warnings
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from apprise import Apprise, AppriseAsset, NotifyType

from orchestrator.alarms.channels.model import Kind, Message, Security, Wish

CONNECT_S, READ_S, WHOLE_S = 5.0, 8.0, 20.0
TELEGRAM = "https://api.telegram.org"
LONGEST_WHY = 200
_STATUS = re.compile(r"\berror=(\d{3})\b")
_HINTS = {
    "401": (": sai mật khẩu, mã bot hoặc địa chỉ bí mật", ": a wrong password, token or secret address"),
    "403": (": không cho phép gửi", ": it does not let us send"),
    "404": (": sai địa chỉ", ": a wrong address"),
    "429": (": gửi quá dày", ": too many messages"),
}
"""Statuses of HTTP that say what to look at, as Apprise writes them at the end of a warning."""
_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.PLAIN: 25}
_MODES = {Security.STARTTLS: "starttls", Security.TLS: "ssl", Security.PLAIN: "insecure"}
_TYPES = {0: NotifyType.SUCCESS, 1: NotifyType.INFO, 2: NotifyType.WARNING, 3: NotifyType.FAILURE}


class NotSent(Exception):
    """It was not carried; the text says why in both languages ("Vietnamese. / English."), and holds no secret."""


class Sender(Protocol):
    """Carries one message, or raises `NotSent`."""

    def send(self, wish: Wish, secret: str, message: Message) -> None: ...


class AppriseSender:
    """The real one."""

    def __init__(self, *, connect_s: float = CONNECT_S, read_s: float = READ_S) -> None:
        self._limits = {"cto": connect_s, "rto": read_s}
        self._services = _services()
        # It names us in HTTP headers, which are Latin-1.
        self._asset = AppriseAsset(
            app_id="Diem Cau", app_desc="Bao dong", storage_mode="memory", async_mode=False, service_timeout=WHOLE_S
        )
        # What goes wrong is told to the administrator and on the wall, not written to the log with its address.
        logging.getLogger("apprise").propagate = False

    def send(self, wish: Wish, secret: str, message: Message) -> None:
        heard = _Heard()
        logger = logging.getLogger("apprise")
        logger.addHandler(heard)
        try:
            plugin = self._plugin(wish, secret, message)
            done = plugin is not None and plugin.notify(
                title=message.title, body=message.body, notify_type=_TYPES.get(message.severity, NotifyType.INFO)
            )
        except Exception as error:
            # A hundred services, each by another hand: whatever one of them raises ends this message only.
            raise NotSent(why_of(_clean(str(error), secret))) from error
        finally:
            logger.removeHandler(heard)
        if not done:
            raise NotSent(why_of(_clean(heard.last, secret)))

    def _plugin(self, wish: Wish, secret: str, message: Message) -> Any:
        limits = {"asset": self._asset, **self._limits}
        match wish.kind:
            case Kind.WEBHOOK:
                return self._services["webhook"](**_webhook(secret, message), **limits)
            case Kind.EMAIL:
                return self._services["email"](**_email(wish, secret), **limits)
            case Kind.TELEGRAM:
                return self._telegram(wish, secret, limits)
        return Apprise.instantiate(secret, asset=self._asset)

    def _telegram(self, wish: Wish, token: str, limits: dict[str, Any]) -> Any:
        made = self._services["telegram"](
            bot_token=token, targets=list(wish.to), detect_owner=False, format="text", **limits
        )
        # A province may run Telegram's own Bot API server, or reach it by another name.
        made.notify_url = f"{(wish.server or TELEGRAM).rstrip('/')}/bot"
        return made


def _services() -> Mapping[str, Any]:
    """The plugins that we speak through ourselves; looking one up by its schema would load all hundred of them."""
    named = {
        "webhook": ("custom_json", "NotifyJSON"),
        "email": ("email.base", "NotifyEmail"),
        "telegram": ("telegram", "NotifyTelegram"),
    }
    with warnings.catch_warnings():
        # Apprise tries whether Python still has `imghdr`.
        warnings.simplefilter("ignore", DeprecationWarning)
        return {
            kind: getattr(importlib.import_module(f"apprise.plugins.{module}"), name)
            for kind, (module, name) in named.items()
        }


def _webhook(address: str, message: Message) -> dict[str, Any]:
    at = urlsplit(address)
    return {
        "host": at.hostname,
        "port": at.port,
        "user": unquote(at.username) if at.username else None,
        "password": unquote(at.password) if at.password else None,
        "fullpath": unquote(at.path) or "/",
        "params": dict(parse_qsl(at.query)),
        "secure": at.scheme == "https",
        "payload": {"severity": str(message.severity), "alarms": str(message.alarms)},
    }


def _email(wish: Wish, password: str) -> dict[str, Any]:
    host, _, port = wish.server.rpartition(":")
    if not port.isdigit():
        host, port = wish.server, str(_PORTS[wish.security])
    return {
        "host": host,
        "smtp_host": host,
        "port": int(port),
        "user": wish.user or None,
        "password": password or None,
        "from_addr": wish.sender,
        "targets": list(wish.to),
        "secure_mode": _MODES[wish.security],
        "format": "text",
    }


class _Heard(logging.Handler):
    """The last warning of this thread: Apprise tells why in its log alone."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last = ""
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.last = record.getMessage()


def why_of(text: str) -> str:
    """What Apprise said, as a sentence for an administrator; what is not known here stays in its own words."""
    if found := _STATUS.search(text):
        vi, en = _HINTS.get(found[1], ("", ""))
        return f"Máy chủ nhận tin trả lời lỗi {found[1]}{vi}. / The receiving server answered {found[1]}{en}."
    if "connection error" in text.lower():
        return (
            "Không nối được tới máy chủ nhận tin, hoặc nó không trả lời hay không nhận tài khoản. "
            "/ The receiving server cannot be reached, does not answer, or refuses the account."
        )
    if not text:
        return "Không gửi được. / It could not be sent."
    told = text.replace(" / ", "/")
    return f"Dịch vụ gửi tin báo: {told} / The service says: {told}"


def _clean(text: str, secret: str) -> str:
    return (text.replace(secret, "…") if secret else text)[:LONGEST_WHY]

"""ICE servers for those whose network blocks UDP, with credentials that end by themselves (the TURN REST API's scheme).

The user name is ``expiry:subject`` in Unix seconds, the password base64(HMAC-SHA1(shared secret, user name)); coturn
checks them with ``use-auth-secret``. Told in Link headers (RFC 9725 §4.6).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

import msgspec

TURN_URL = re.compile(r"^turns?:[A-Za-z0-9.\-\[\]:]{1,255}(\?transport=(udp|tcp))?$")
SUBJECT_CHARS = re.compile(r"[^A-Za-z0-9_.-]")
SUBJECT_LIMIT = 64


class IceServers(msgspec.Struct, frozen=True):
    """``fixed``: ``URL[,USER,PASSWORD]`` each, told as they are; ``turn_urls``: told with fresh credentials."""

    fixed: tuple[str, ...] = ()
    turn_urls: tuple[str, ...] = ()
    turn_secret: str = ""
    turn_hours: float = 12.0

    def links(self, subject: str, now_s: float) -> list[str]:
        """The Link headers of one answer."""
        found = [link(*one.split(",")) for one in self.fixed]
        if self.turn_urls:
            user, password = credentials(self.turn_secret, subject, int(now_s + self.turn_hours * 3600))
            found += [link(url, user, password) for url in self.turn_urls]
        return found


def credentials(secret: str, subject: str, expiry_s: int) -> tuple[str, str]:
    """User name and password of ``subject``, good until ``expiry_s``."""
    user = f"{expiry_s}:{SUBJECT_CHARS.sub('-', subject)[:SUBJECT_LIMIT] or 'anybody'}"
    digest = hmac.digest(secret.encode(), user.encode(), hashlib.sha1)
    return user, base64.b64encode(digest).decode()


def link(url: str, *credential: str) -> str:
    """The Link header of one ICE server."""
    text = f'<{url}>; rel="ice-server"'
    if len(credential) == 2:
        text += f'; username="{credential[0]}"; credential="{credential[1]}"; credential-type="password"'
    return text


def faults_of(servers: IceServers, name: str) -> list[str]:
    """What is wrong with the TURN part, each fault with the key that it is about; ``name`` stands before it."""
    faults = [f"{name}turn_urls: {url!r} is not turn:HOST or turns:HOST" for url in servers.turn_urls if not _good(url)]
    if servers.turn_urls and len(servers.turn_secret) < 16:
        faults.append(f"{name}turn_secret: at least 16 characters are needed beside turn_urls")
    if not 0.1 <= servers.turn_hours <= 240:
        faults.append(f"{name}turn_hours: must be 0.1 to 240")
    return faults


def _good(url: str) -> bool:
    return TURN_URL.match(url) is not None and not (url.startswith("turns:") and url.endswith("transport=udp"))

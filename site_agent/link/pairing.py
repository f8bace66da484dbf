"""Makes this computer's keys and has them enrolled with a pairing code."""

import ipaddress
import platform
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import aiohttp
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from site_agent.link.identity import Identity, save
from wire.ids import EnrolmentId, SiteId
from wire.seal import SealBroken, open_sealed
from wire.unreadable import UNREADABLE

TIMEOUT_S = 20.0
MOST_BYTES = 64 << 10
IN_THE_CLEAR = (
    "không có TLS: khi ghép, máy này ghi nhớ khóa của trung tâm, và ai ở giữa đường cũng có thể đưa khóa của mình vào; "
    "hãy dùng https://, hoặc thêm --insecure nếu chắc chắn về mạng này. / no TLS: pairing pins the centre's keys, and "
    "anybody on the way could put in their own; use https://, or --insecure if you trust this network."
)
Key = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]


class PairingRefused(Exception):
    """The centre refused or could not be reached. `code` is a stable word, the text a sentence for a person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class _Request(msgspec.Struct):
    code: str
    sign_key: bytes
    box_key: bytes
    agent_version: str
    platform: str


class _Reply(msgspec.Struct):
    site: SiteId
    site_code: str
    site_name: str
    enrolment: EnrolmentId
    centre_key: Key
    exam_key: Key
    sealed_site_secret: bytes
    centre_box: bytes = b""


class _Refusal(msgspec.Struct):
    code: str
    message: str


async def pair(server: str, code: str, home: Path, agent_version: str, *, insecure: bool = False) -> Identity:
    """Pair with the centre at `server` and keep the identity in `home`.

    `server` is https://, or http:// to this computer itself; `insecure` allows http:// to others.

    Raise `PairingRefused` (`bad_address`, `insecure`, `unreachable`, `bad_reply`, or the centre's own code), `OSError`
    for `home`.
    """
    address = _address(server, insecure=insecure)
    sign, box = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
    request = _Request(
        code=code,
        sign_key=sign.public_key().public_bytes_raw(),
        box_key=box.public_key().public_bytes_raw(),
        agent_version=agent_version[:40],
        platform=platform.platform()[:120],
    )
    reply = await _ask(address, request)
    try:
        secret = open_sealed(box.private_bytes_raw(), reply.sealed_site_secret)
    except SealBroken as error:
        raise PairingRefused("bad_reply", "Trả lời của trung tâm bị hỏng. / The centre's reply is damaged.") from error
    identity = Identity(
        server=address,
        site=reply.site,
        site_code=reply.site_code,
        site_name=reply.site_name,
        enrolment=reply.enrolment,
        sign_key=sign.private_bytes_raw(),
        box_key=box.private_bytes_raw(),
        centre_key=reply.centre_key,
        exam_key=reply.exam_key,
        site_secret=secret,
        centre_box=reply.centre_box,
    )
    save(home, identity)
    return identity


def _address(server: str, *, insecure: bool) -> str:
    address = server.rstrip("/")
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"}:
        raise PairingRefused("bad_address", f"{server}: địa chỉ phải bắt đầu bằng https:// / must be an http(s) URL")
    if parts.scheme == "http" and not insecure and not _this_computer(host):
        raise PairingRefused("insecure", f"{server}: {IN_THE_CLEAR}")
    return address


def _this_computer(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _ask(address: str, request: _Request) -> _Reply:
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=True) as http,
            http.post(
                f"{address}/api/v1/pair",
                data=msgspec.json.encode(request),
                headers={"Content-Type": "application/json"},
                allow_redirects=False,
            ) as response,
        ):
            octets, status = await _body(response), response.status
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise PairingRefused("unreachable", f"Không gọi được {address}. / Unreachable: {error}") from error
    if status != 200:
        raise _refusal(octets, status)
    try:
        return msgspec.json.decode(octets, type=_Reply)
    except UNREADABLE as error:
        raise PairingRefused("bad_reply", f"Địa chỉ này không phải trung tâm. / Not a centre: {error}") from error


async def _body(response: aiohttp.ClientResponse) -> bytes:
    octets = bytearray()
    async for part in response.content.iter_chunked(4096):
        octets += part
        if len(octets) > MOST_BYTES:
            raise PairingRefused("bad_reply", "Địa chỉ này không phải trung tâm. / Not a centre: too long a reply.")
    return bytes(octets)


def _refusal(octets: bytes, status: int) -> PairingRefused:
    try:
        refusal = msgspec.json.decode(octets, type=_Refusal)
    except UNREADABLE:
        return PairingRefused("bad_reply", f"Trung tâm trả lời {status}. / HTTP status {status}.")
    return PairingRefused(refusal.code, refusal.message)

"""Makes this computer's keys and has them enrolled with a pairing code."""

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

TIMEOUT_S = 20.0
MOST_BYTES = 64 << 10
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


class _Refusal(msgspec.Struct):
    code: str
    message: str


async def pair(server: str, code: str, home: Path, agent_version: str) -> Identity:
    """Pair with the centre at `server` (http:// or https://) and keep the identity in `home`.

    Raise `PairingRefused` (`bad_address`, `unreachable`, `bad_reply`, or the centre's own code), `OSError` for `home`.
    """
    address = server.rstrip("/")
    if urlsplit(address).scheme not in {"http", "https"} or not urlsplit(address).hostname:
        raise PairingRefused("bad_address", f"{server}: địa chỉ phải bắt đầu bằng https:// / must be an http(s) URL")
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
    )
    save(home, identity)
    return identity


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
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
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
    except (msgspec.DecodeError, UnicodeDecodeError):
        return PairingRefused("bad_reply", f"Trung tâm trả lời {status}. / HTTP status {status}.")
    return PairingRefused(refusal.code, refusal.message)

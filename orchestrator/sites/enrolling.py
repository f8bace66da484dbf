"""Pairing a school's computer, letting its link in, and ending both."""

import msgspec

from orchestrator.access.audit import Audit
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.links import model as links
from orchestrator.live.port import Bus
from orchestrator.sites import pairing, store
from orchestrator.sites.centre_keys import CentreKeys
from orchestrator.sites.events import SitePaired, SiteRevoked
from orchestrator.sites.model import Enrolment, Site
from orchestrator.sites.secret import open_secret
from orchestrator.sites.service import no_such_site
from orchestrator.sites.store import Connection
from orchestrator.storage.engine import Database
from orchestrator.web.rate import Attempts, refuse_until
from wire.ids import EnrolmentId, SiteId, new_id
from wire.messages import Hello, Refusal
from wire.seal import seal_to

_MINUTE_NS = 60 * 1_000_000_000


class Computer(msgspec.Struct, frozen=True):
    """What a computer tells of itself when it pairs: raw Ed25519 and X25519 public keys, 32 bytes each."""

    sign_key: bytes
    box_key: bytes
    agent_version: str
    platform: str


class Pairing(msgspec.Struct, frozen=True):
    """What a paired computer is told."""

    site: Site
    enrolment: EnrolmentId
    sealed_site_secret: bytes


class _Paired(msgspec.Struct, frozen=True):
    pairing: Pairing
    ended: list[EnrolmentId]


class Enrolling:
    """Codes, pairings, revocations. One enrolment of a site counts at a time: pairing anew ends the earlier one."""

    def __init__(self, database: Database, bus: Bus, clock: Clock, audit: Audit, *, keys: CentreKeys) -> None:
        self._database = database
        self._bus = bus
        self._clock = clock
        self._audit = audit
        self._keys = keys
        # Only wrong codes count: a whole province pairs from behind one address.
        self._by_address = Attempts(10, 10 * _MINUTE_NS)
        self._by_all = Attempts(200, _MINUTE_NS)

    async def new_code(self, by: str, site: SiteId) -> tuple[str, int]:
        """A code for `site` as shown, and when it expires (ns). An unused earlier code of the site ends."""
        shown = pairing.new_code()
        signs = pairing.normalise(shown) or ""
        expires_ns = self._clock.now_ns() + pairing.LIFETIME_NS

        def work(conn: Connection) -> None:
            found = _site(conn, site)
            store.put_pairing_code(conn, pairing.PairingCode(pairing.code_hash(signs), site, expires_ns))
            self._audit.record(conn, by, "site.pairing_code", site, {"code": found.code})

        await self._database.write(work)
        return shown, expires_ns

    async def pair(self, code: str, computer: Computer, address: str) -> Pairing:
        """Enrol a computer. Refuses `wrong_code` (unknown, expired and used alike) and `too_many_attempts`."""
        now = self._clock.now_ns()
        refuse_until(max(self._by_address.wait_ns(address, now), self._by_all.wait_ns("", now)))
        signs = pairing.normalise(code)
        done = await self._database.write(lambda conn: self._enrol(conn, signs, computer, now)) if signs else None
        if done is None:
            self._by_address.take(address, now)
            self._by_all.take("", now)
            raise Refused("wrong_code", "Mã ghép nối sai, đã dùng hoặc hết hạn. / Wrong, used or expired code.", 403)
        site = done.pairing.site.id
        if done.ended:
            await self._bus.publish(SiteRevoked(site, done.ended, "paired_anew", now))
        await self._bus.publish(SitePaired(site, done.pairing.enrolment, now))
        return done.pairing

    def _enrol(self, conn: Connection, signs: str, computer: Computer, now: int) -> _Paired | None:
        found = store.pairing_code(conn, pairing.code_hash(signs))
        if found is None or not found.good(now) or not store.use_pairing_code(conn, found.code_hash, now):
            return None
        site = _site(conn, found.site)
        sealed = store.sealed_secret(conn, site.id) or b""
        boxed = _box(computer.box_key, open_secret(self._keys.at_rest, site.id, sealed))
        ended = store.revoke_enrolments(conn, site.id, now)
        enrolment = Enrolment(
            EnrolmentId(new_id("enrolment")),
            site.id,
            computer.sign_key,
            computer.box_key,
            computer.agent_version,
            computer.platform,
            now,
        )
        store.insert_enrolment(conn, enrolment)
        self._audit.record(conn, f"site:{site.code}", "site.paired", site.id, {"enrolment": enrolment.id})
        return _Paired(Pairing(site, enrolment.id, boxed), ended)

    async def authenticate(self, hello: Hello) -> links.Enrolment | Refusal:
        """The key that must have signed `hello`, or why its sender is not let in."""
        found = await self._database.read(lambda conn: store.enrolment(conn, hello.enrolment))
        if found is None or found.site != hello.site:
            return Refusal(code="not_enrolled", message="Máy này chưa được ghép nối. / Not paired here.")
        if found.revoked_ns is not None:
            return Refusal(code="revoked", message="Máy này đã bị gỡ, hãy ghép nối lại. / Revoked, pair again.")
        return links.Enrolment(site=found.site, enrolment=found.id, public_key=found.sign_key)

    async def counts(self, enrolment: EnrolmentId) -> bool:
        """Whether the enrolment exists and was not revoked."""
        found = await self._database.read(lambda conn: store.enrolment(conn, enrolment))
        return found is not None and found.revoked_ns is None

    async def revoke(self, by: str, site: SiteId) -> None:
        """End the site's enrolment and its unused code; its link closes. A repeat is harmless."""
        now = self._clock.now_ns()

        def work(conn: Connection) -> list[EnrolmentId]:
            found = _site(conn, site)
            store.drop_pairing_codes(conn, site)
            ended = store.revoke_enrolments(conn, site, now)
            self._audit.record(conn, by, "site.revoked", site, {"code": found.code, "enrolments": len(ended)})
            return ended

        ended = await self._database.write(work)
        await self._bus.publish(SiteRevoked(site, ended, "revoked", now))


def _site(conn: Connection, site: SiteId) -> Site:
    found = store.site(conn, site)
    if found is None:
        raise no_such_site()
    return found


def _box(box_key: bytes, secret: bytes) -> bytes:
    try:
        return seal_to(box_key, secret)
    except ValueError as fault:  # a point of low order gives no shared secret (RFC 7748 §6.1)
        raise Refused("bad_request", "Khóa của máy không dùng được. / Unusable box key.") from fault

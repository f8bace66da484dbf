"""Televisions that show the wall without hands: each sees that only, let in by a key that can be taken back.

An administrator makes a link; the television opens it once and gets a key that only its browser holds. With the key it
signs itself in again whenever its session has ended, until somebody takes the key back. Sessions stay as short as
everybody's.
"""

from __future__ import annotations

import msgspec

from orchestrator.access import login, television_store
from orchestrator.access import store as people_store
from orchestrator.access.audit import Audit
from orchestrator.access.model import Person, Role
from orchestrator.access.passwords import Passwords, one_time_password
from orchestrator.access.service import SignedIn
from orchestrator.access.television_store import Connection, Television
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.storage.engine import Database
from orchestrator.web.rate import Attempts, refuse_until
from wire.ids import PersonId, new_id

_MINUTE_NS = 60 * 1_000_000_000
LINK_NS = 60 * _MINUTE_NS
"""How long a link may be opened."""
MOST = 100


class TelevisionLink(msgspec.Struct, frozen=True):
    """A new television and the secret of its link, told once."""

    television: Television
    token: str
    until_ns: int


class Admitted(msgspec.Struct, frozen=True):
    """A session, and the key when this was the link's first use."""

    signed: SignedIn
    key: str | None


class Televisions:
    """Makes, lets in and takes back. All times come from `clock`."""

    def __init__(self, database: Database, clock: Clock, audit: Audit, passwords: Passwords | None = None) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._passwords = passwords or Passwords()
        self._by_address = Attempts(30, 15 * _MINUTE_NS)

    async def all(self) -> list[Television]:
        """Every television that was ever made, newest first."""
        return await self._database.read(television_store.all_televisions)

    async def make(self, by: str, name: str) -> TelevisionLink:
        """A television of this name and its link. Refuses `bad_name`, `too_many_televisions`."""
        name = " ".join(name.split())
        if not 1 <= len(name) <= 100 or not name.isprintable():
            raise Refused("bad_name", "Tên màn hình phải có từ 1 đến 100 ký tự. / Bad name.")
        token, now = login.new_token(), self._clock.now_ns()
        hashed = await self._passwords.hash(one_time_password())
        identity = new_id("television")
        person = Person(PersonId(new_id("person")), identity.replace("_", "-"), name, Role.TELEVISION)
        made = Television(identity, person.id, name, by, now)

        def work(conn: Connection) -> None:
            if sum(each.revoked_ns is None for each in television_store.all_televisions(conn)) >= MOST:
                raise Refused("too_many_televisions", "Đã có quá nhiều màn hình. / Too many televisions.", 409)
            people_store.insert_person(conn, person, hashed, now)
            television_store.insert(conn, made, login.token_hash(token), now + LINK_NS)
            self._audit.record(conn, by, "television.made", identity, {"name": name})

        await self._database.write(work)
        return TelevisionLink(made, token, now + LINK_NS)

    async def enter(self, token: str, address: str) -> Admitted:
        """Use a link up: a key for this browser, and a session. Refuses `bad_link` (unknown, used, expired, taken
        back), `too_many_attempts`."""
        key = login.new_token()

        def work(conn: Connection) -> SignedIn | None:
            now = self._clock.now_ns()
            found = television_store.by_link(conn, login.token_hash(token))
            if found is None or found.until_ns <= now or found.television.revoked_ns is not None:
                return None
            television_store.give_key(conn, found.television.id, login.token_hash(key), now)
            self._audit.record(conn, found.person.username, "television.entered", address)
            return self._session(conn, found.person, now)

        return Admitted(await self._admitted(work, address), key)

    async def again(self, key: str, address: str) -> Admitted:
        """A new session for a television that has its key. Refuses like `enter`."""

        def work(conn: Connection) -> SignedIn | None:
            now = self._clock.now_ns()
            found = television_store.by_key(conn, login.token_hash(key))
            if found is None or found.television.revoked_ns is not None:
                return None
            television_store.note_seen(conn, found.television.id, now)
            return self._session(conn, found.person, now)

        return Admitted(await self._admitted(work, address), None)

    async def take_back(self, by: str, television: str) -> None:
        """From now on neither link nor key counts, and its sessions end. A repeat is harmless; refuses `not_found`."""

        def work(conn: Connection) -> None:
            found = television_store.one(conn, television)
            if found is None:
                raise Refused("not_found", "Không có màn hình này. / No such television.", 404)
            if found.revoked_ns is None:
                television_store.revoke(conn, television, self._clock.now_ns())
                people_store.drop_logins_of(conn, found.person)
                self._audit.record(conn, by, "television.taken_back", television)

        await self._database.write(work)

    def _session(self, conn: Connection, person: Person, now: int) -> SignedIn:
        token = login.new_token()
        people_store.insert_login(conn, login.token_hash(token), person.id, now)
        return SignedIn(person, token)

    async def _admitted(self, work: television_store.Admission[SignedIn], address: str) -> SignedIn:
        now = self._clock.now_ns()
        refuse_until(self._by_address.wait_ns(address, now))
        signed = await self._database.write(work)
        if signed is None:
            self._by_address.take(address, now)
            message = "Liên kết hoặc khoá của màn hình này không còn hiệu lực. / This television is not admitted."
            raise Refused("bad_link", message, 401)
        return signed

"""Links that sign somebody in once, without a password: good for a time, used up by the first use."""

import msgspec

from orchestrator.access import login, store
from orchestrator.access.audit import Audit
from orchestrator.access.model import Person, Role
from orchestrator.access.passwords import Passwords, one_time_password
from orchestrator.access.service import SignedIn
from orchestrator.access.store import Connection
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.storage.engine import Database
from orchestrator.web.rate import Attempts, refuse_until
from wire.ids import PersonId, new_id

_MINUTE_NS = 60 * 1_000_000_000


class Link(msgspec.Struct, frozen=True):
    """A link's secret, told once; only its hash is kept. Good from `from_ns` until `until_ns`."""

    token: str
    username: str
    from_ns: int
    until_ns: int


class SignInLinks:
    """Makes and takes links. All times come from `clock`."""

    def __init__(self, database: Database, clock: Clock, audit: Audit, passwords: Passwords | None = None) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._passwords = passwords or Passwords()
        self._by_address = Attempts(30, 15 * _MINUTE_NS)

    async def make(self, by: str, username: str, name: str, role: Role, from_ns: int, until_ns: int) -> Link:
        """A link for the account of this name, which is made where there is none (its password is known to nobody). An
        earlier link of the account counts no more, and its sessions end. Refuses `expired`, `username_taken`."""
        if until_ns <= self._clock.now_ns():
            raise Refused("expired", "Đã quá giờ dùng liên kết này. / It is too late for a link.", 409)
        token = login.new_token()
        hashed = await self._passwords.hash(one_time_password())

        def work(conn: Connection) -> None:
            found = store.person_by_username(conn, username)
            if found is not None and found[0].role is not role:
                raise Refused("username_taken", "Tên đăng nhập đã có người dùng. / Username taken.", 409)
            person = found[0] if found else Person(PersonId(new_id("person")), username, name, role)
            if found is None:
                store.insert_person(conn, person, hashed, self._clock.now_ns())
                self._audit.record(conn, by, "person.created", person.id, {"username": username, "role": role})
            store.drop_logins_of(conn, person.id)
            store.put_link(conn, login.token_hash(token), person.id, from_ns, until_ns)
            self._audit.record(conn, by, "link.made", person.id, {"username": username})

        await self._database.write(work)
        return Link(token, username, from_ns, until_ns)

    async def follow(self, token: str, address: str) -> SignedIn:
        """Use a link up and open a session. Refuses `bad_link` (unknown, used or expired), `too_early` (the link
        stays good), `too_many_attempts`."""
        now = self._clock.now_ns()
        refuse_until(self._by_address.wait_ns(address, now))
        key, session = login.token_hash(token), login.new_token()

        def work(conn: Connection) -> SignedIn | None:
            found = store.link(conn, key)
            if found is not None and now < found.from_ns:
                raise Refused("too_early", "Chưa đến giờ dùng liên kết này. / This link is not good yet.", 409,
                              from_ms=found.from_ns // 1_000_000)  # fmt: skip
            if found is None or now >= found.until_ns or not store.use_link(conn, key):
                self._audit.record(conn, found.person.username if found else "?", "link.refused", address)
                return None
            store.insert_login(conn, login.token_hash(session), found.person.id, now)
            self._audit.record(conn, found.person.username, "link.used", address)
            return SignedIn(found.person, session)

        signed = await self._database.write(work)
        if signed is None:
            self._by_address.take(address, now)
            message = "Liên kết không đúng, đã dùng hoặc đã hết hạn. / This link is wrong, used or expired."
            raise Refused("bad_link", message, 401)
        return signed

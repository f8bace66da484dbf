"""Signing in and out, passwords, people."""

import asyncio
import re

import msgspec

from orchestrator.access import login, store
from orchestrator.access.audit import Audit
from orchestrator.access.model import Person, Role
from orchestrator.access.passwords import Passwords, check_new_password, one_time_password
from orchestrator.access.store import Connection
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.storage.engine import Database
from orchestrator.web.rate import Attempts, refuse_until
from wire.ids import PersonId, new_id

_MINUTE_NS = 60 * 1_000_000_000
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
LONGEST_GIVEN = 1024


class SignedIn(msgspec.Struct, frozen=True):
    """A person with the raw token of their session; never stored, never logged."""

    person: Person
    token: str


class Access:
    """People and their sessions. All times come from `clock`."""

    def __init__(self, database: Database, clock: Clock, audit: Audit, passwords: Passwords | None = None) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._passwords = passwords or Passwords()
        self._by_username = Attempts(10, 15 * _MINUTE_NS)
        self._by_address = Attempts(30, 15 * _MINUTE_NS)
        # Wrong ones are counted when they are known to be wrong, so that a crowd may sign in at once; taking turns
        # keeps a crowd of guesses from being judged before the first of them is counted.
        self._turns = asyncio.Semaphore(2)

    async def sign_in(self, username: str, password: str, address: str) -> SignedIn:
        """A new session. Refuses `wrong_login` without saying what was wrong, and `too_many_attempts`."""
        username = username.strip().casefold()[:64]
        async with self._turns:
            person, stored = await self._identify(username, password[:LONGEST_GIVEN], address)
        self._by_username.forget(username)
        await self._strengthen(person, stored, password)
        return await self._open_session(person, address)

    async def _identify(self, username: str, password: str, address: str) -> tuple[Person, str]:
        now = self._clock.now_ns()
        refuse_until(max(self._by_address.wait_ns(address, now), self._by_username.wait_ns(username, now)))
        found = await self._database.read(lambda conn: store.person_by_username(conn, username))
        if await self._passwords.matches(found[1] if found else None, password) and found is not None:
            return found
        self._by_address.take(address, now)
        self._by_username.take(username, now)
        known = found[0].username if found else "?"
        await self._database.write(lambda conn: self._audit.record(conn, known, "login.refused", address))
        raise Refused("wrong_login", "Sai tên đăng nhập hoặc mật khẩu. / Wrong username or password.", 401)

    async def _strengthen(self, person: Person, stored: str, password: str) -> None:
        if self._passwords.outdated(stored):
            stronger = await self._passwords.hash(password)
            await self._database.write(lambda conn: store.rehash(conn, person.id, stored, stronger))

    async def _open_session(self, person: Person, address: str) -> SignedIn:
        token, now = login.new_token(), self._clock.now_ns()

        def work(conn: Connection) -> None:
            store.drop_idle_logins(conn, now - login.IDLE_NS, now - login.LONGEST_NS)
            store.insert_login(conn, login.token_hash(token), person.id, now)
            self._audit.record(conn, person.username, "login", address)

        await self._database.write(work)
        return SignedIn(person, token)

    async def person_of(self, token: str) -> Person | None:
        """Who holds this session; None when it is unknown or expired. Using it keeps it from going idle."""
        key, now = login.token_hash(token), self._clock.now_ns()

        def work(conn: Connection) -> Person | None:
            found = store.login(conn, key)
            if found is None:
                return None
            if _over(found, now):
                store.drop_login(conn, key)
                return None
            if now - found.seen_ns >= login.TOUCH_NS:
                store.touch_login(conn, key, now)
            return found.person

        return await self._database.write(work)

    async def holder(self, token: str) -> Person | None:
        """Like `person_of`, but looking is no use: a session goes idle all the same."""
        key, now = login.token_hash(token), self._clock.now_ns()
        found = await self._database.read(lambda conn: store.login(conn, key))
        return None if found is None or _over(found, now) else found.person

    async def sign_out(self, token: str, username: str) -> None:
        """End the session; a repeat is harmless."""

        def work(conn: Connection) -> None:
            store.drop_login(conn, login.token_hash(token))
            self._audit.record(conn, username, "logout")

        await self._database.write(work)

    async def change_password(self, person: str, current: str, new: str, token: str) -> None:
        """Change one's own password; every other session of the person ends."""
        found = await self._database.read(lambda conn: store.person_by_id(conn, person))
        if found is None:
            raise Refused("not_found", "Không có người này. / No such person.", 404)
        username = found[0].username
        async with self._turns:
            now = self._clock.now_ns()
            refuse_until(self._by_username.wait_ns(username, now))
            if not await self._passwords.matches(found[1], current[:LONGEST_GIVEN]):
                self._by_username.take(username, now)
                raise Refused("wrong_password", "Mật khẩu hiện tại không đúng. / The current password is wrong.", 403)
        check_new_password(new, username)
        if new == current:
            raise Refused("weak_password", "Mật khẩu mới phải khác mật khẩu cũ. / Choose another password.")
        hashed = await self._passwords.hash(new)

        def work(conn: Connection) -> None:
            store.set_password(conn, person, hashed, must_change=False)
            store.drop_logins_of(conn, person, except_hash=login.token_hash(token))
            self._audit.record(conn, username, "password.changed", person)

        await self._database.write(work)

    async def people(self) -> list[Person]:
        """Everybody, by username."""
        return await self._database.read(store.all_people)

    async def create_person(
        self, by: str, username: str, name: str, role: Role, password: str | None = None
    ) -> tuple[Person, str | None]:
        """A new person; without a password they get a one-time one, returned once and to be changed at first use."""
        username, name = username.strip().casefold(), " ".join(name.split())
        if not _USERNAME.fullmatch(username):
            raise Refused("bad_username", "Tên đăng nhập: 2–64 ký tự a–z, 0–9, dấu . _ - / Bad username.")
        if not 1 <= len(name) <= 200 or not name.isprintable():
            raise Refused("bad_name", "Họ tên phải có từ 1 đến 200 ký tự. / Bad name.")
        if password is not None:
            check_new_password(password, username)
        one_time = one_time_password() if password is None else None
        person = Person(PersonId(new_id("person")), username, name, role, must_change=one_time is not None)
        hashed = await self._passwords.hash(password or one_time or "")
        await self._database.write(lambda conn: self._insert(conn, by, person, hashed))
        return person, one_time

    def _insert(self, conn: Connection, by: str, person: Person, hashed: str) -> None:
        if store.person_by_username(conn, person.username):
            raise Refused("username_taken", "Tên đăng nhập đã có người dùng. / Username taken.", 409)
        store.insert_person(conn, person, hashed, self._clock.now_ns())
        self._audit.record(conn, by, "person.created", person.id, {"username": person.username, "role": person.role})

    async def reset_password(self, by: str, person: str) -> str:
        """A new one-time password for somebody who lost theirs; all their sessions end."""
        one_time = one_time_password()
        hashed = await self._passwords.hash(one_time)

        def work(conn: Connection) -> str:
            found = store.person_by_id(conn, person)
            if found is None:
                raise Refused("not_found", "Không có người này. / No such person.", 404)
            store.set_password(conn, person, hashed, must_change=True)
            store.drop_logins_of(conn, person)
            self._audit.record(conn, by, "password.reset", person)
            return found[0].username

        self._by_username.forget(await self._database.write(work))
        return one_time


def _over(found: store.Login, now_ns: int) -> bool:
    ended = found.ends_ns is not None and now_ns >= found.ends_ns
    return ended or login.expired(found.created_ns, found.seen_ns, now_ns)

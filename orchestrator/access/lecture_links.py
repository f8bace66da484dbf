"""Links that let somebody into one session without a password: its lecturer, or an assistant who turns slides.

The first browser that opens a link has it: it gets a key that only it holds, and with the key it may reload, be closed
and be opened again for as long as the link is good. Another browser is told that the link is in use. Taking a link back
ends what came by it at once.
"""

from __future__ import annotations

import msgspec

from orchestrator.access import lecture_link_store as rows
from orchestrator.access import login, store
from orchestrator.access.audit import Audit
from orchestrator.access.lecture_link_store import ROLE_OF, Connection, Kept, LectureLink, LinkKind
from orchestrator.access.model import Person
from orchestrator.access.passwords import Passwords, one_time_password
from orchestrator.access.service import SignedIn
from orchestrator.clock import Clock
from orchestrator.errors import Refused
from orchestrator.storage.engine import Database
from orchestrator.web.rate import Attempts, refuse_until
from wire.ids import PersonId, new_id

_MINUTE_NS = 60 * 1_000_000_000
_AGAIN_NS = 10 * _MINUTE_NS
"""So long a browser whose answer was lost on the way may ask for it again."""
MOST = 20
"""Links of one session that count at once."""


class NewLink(msgspec.Struct, frozen=True):
    """A new link and its secret, told once; only the secret's hash is kept."""

    link: LectureLink
    token: str


class Entered(msgspec.Struct, frozen=True):
    """A session, and the key that the browser is to keep."""

    signed: SignedIn
    key: str


class LectureLinks:
    """Makes, lets in and takes back. All times come from `clock`."""

    def __init__(self, database: Database, clock: Clock, audit: Audit, passwords: Passwords | None = None) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._passwords = passwords or Passwords()
        self._by_address = Attempts(30, 15 * _MINUTE_NS)
        self._opened: dict[str, tuple[bytes, int]] = {}
        """Links that were opened just now: the hash of the browser's own mark, and when."""

    async def of_session(self, session: str) -> list[LectureLink]:
        """Every link that was ever made for a session, newest first."""
        return await self._database.read(lambda conn: rows.of_session(conn, session))

    async def make(self, by: str, session: str, kind: LinkKind, name: str, until_ns: int) -> NewLink:
        """A link for one session, good until `until_ns`. Refuses `bad_name`, `expired`, `too_many_links`."""
        name = " ".join(name.split())
        if not 1 <= len(name) <= 200 or not name.isprintable():
            raise Refused("bad_name", "Tên phải có từ 1 đến 200 ký tự. / A name has 1 to 200 letters.")
        now = self._clock.now_ns()
        if until_ns <= now:
            raise Refused("expired", "Buổi học đã qua, không lập liên kết nữa. / The session is long over.", 409)
        hashed = await self._passwords.hash(one_time_password())
        token, identity = login.new_token(), new_id("lecture")
        person = Person(PersonId(new_id("person")), identity, name, ROLE_OF[kind])
        made = LectureLink(identity, session, kind, person.id, name, by, now, until_ns)

        def work(conn: Connection) -> None:
            if sum(each.counts(now) for each in rows.of_session(conn, session)) >= MOST:
                raise Refused("too_many_links", "Buổi học có quá nhiều liên kết. / Too many links.", 409)
            store.insert_person(conn, person, hashed, now)
            rows.insert(conn, made, login.token_hash(token))
            self._audit.record(conn, by, "lecture_link.made", identity, {"session": session, "kind": kind})

        await self._database.write(work)
        return NewLink(made, token)

    async def enter(self, token: str, key: str, address: str, mark: str = "") -> Entered:
        """Open a link with a browser that holds `key` (empty: none). Refuses `bad_link` (unknown, expired, taken back),
        `link_used` (another browser has it), `too_many_attempts`.

        ``mark``: a secret that the browser made for this opening. It may open the link again with it for ten minutes:
        an answer that was lost on a weak line must not lock its lecturer out. A centre that started anew within them
        has forgotten the mark.
        """
        fresh = login.new_token()
        marked = login.token_hash(mark) if mark else b""

        def work(conn: Connection) -> Entered | str:
            now = self._clock.now_ns()
            found = rows.by_link(conn, login.token_hash(token))
            if found is None or not found.link.counts(now):
                return "bad_link"
            hashed = login.token_hash(key) if key else b""
            if found.key_hash == hashed and key:
                return self._session(conn, found, key, now)
            # A key that opens other links as well stays what it is.
            own = key if key and rows.key_is_known(conn, hashed) else fresh
            if found.key_hash is not None:
                before, at_ns = self._opened.get(found.link.id, (b"", 0))
                if not marked or marked != before or now - at_ns > _AGAIN_NS:
                    return "link_used"
                rows.bind_anew(conn, found.link.id, login.token_hash(own), now)
                self._audit.record(conn, found.person.username, "lecture_link.opened", address)
                return self._session(conn, found, own, now)
            if not rows.bind(conn, found.link.id, login.token_hash(own), now):
                return "link_used"
            self._note(found.link.id, marked, now)
            self._audit.record(conn, found.person.username, "lecture_link.opened", address)
            return self._session(conn, found, own, now)

        now = self._clock.now_ns()
        refuse_until(self._by_address.wait_ns(address, now))
        entered = await self._database.write(work)
        if isinstance(entered, str):
            self._by_address.take(address, now)
            raise _refusal(entered)
        return entered

    def _note(self, link: str, marked: bytes, now: int) -> None:
        self._opened = {each: told for each, told in self._opened.items() if now - told[1] <= _AGAIN_NS}
        self._opened[link] = marked, now

    async def again(self, session: str, key: str) -> Entered:
        """A new session for a browser that opened a link of this session before. Refuses `bad_link`."""

        def work(conn: Connection) -> Entered | None:
            now = self._clock.now_ns()
            found = rows.by_key(conn, login.token_hash(key), session)
            return self._session(conn, found, key, now) if found is not None and found.link.counts(now) else None

        entered = await self._database.write(work)
        if entered is None:
            raise _refusal("bad_link")
        return entered

    async def take_back(self, by: str, session: str, link: str) -> None:
        """From now on nobody gets in by it, and who is in is out. A repeat is harmless; refuses `not_found`."""

        def work(conn: Connection) -> None:
            found = next((each for each in rows.of_session(conn, session) if each.id == link), None)
            if found is None:
                raise Refused("not_found", "Không có liên kết này. / No such link.", 404)
            if found.revoked_ns is None:
                rows.revoke(conn, link, self._clock.now_ns())
                store.drop_logins_of(conn, found.person)
                self._audit.record(conn, by, "lecture_link.taken_back", link)

        await self._database.write(work)

    def _session(self, conn: Connection, found: Kept, key: str, now: int) -> Entered:
        token = login.new_token()
        store.insert_login(conn, login.token_hash(token), found.person.id, now)
        rows.note_seen(conn, found.link.id, now)
        return Entered(SignedIn(found.person, token), key)


def _refusal(code: str) -> Refused:
    if code == "link_used":
        return Refused(
            code,
            "Liên kết này đang được dùng ở một máy hoặc trình duyệt khác. Hãy xin người điều hành liên kết mới. / "
            "Another computer or browser has this link. Ask the operator for a new one.",
            409,
        )
    return Refused(
        code,
        "Liên kết không đúng, đã hết hạn hoặc đã bị thu hồi. Hãy xin người điều hành liên kết mới. / "
        "This link is wrong, expired or taken back. Ask the operator for a new one.",
        401,
    )

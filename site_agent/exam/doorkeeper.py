"""Who may sit down: number and PIN, a voucher, or an earlier session. Every way in becomes a session in the journal."""

import secrets
from collections.abc import Callable

from site_agent.exam.hall import Hall
from site_agent.exam.journal import Journal
from site_agent.exam.ledger import Session
from site_agent.exam.limits import Failures
from site_agent.exam.protocol import Resume, SignIn, VoucherIn
from site_agent.exam.sitting import Draft
from site_agent.exam.troubles import Turned
from site_agent.exam.window import OVER, Reading
from wire.chain import EventKind
from wire.ids import Assurance
from wire.roster import RosterEntry, pin_fits
from wire.voucher import resume_proof, resumed_session_key, same, voucher_proof, voucher_session_key

_NS = 1e9


class Doorkeeper:
    """Lets candidates in and counts wrong attempts, per number and per address (a school's router may stand before
    many phones: its address has a larger allowance)."""

    def __init__(self, journal: Journal, site_secret: bytes, read: Callable[[], Reading]) -> None:
        self._journal = journal
        self._site_secret = site_secret
        self._read = read
        self.stranger: Callable[[Hall, VoucherIn, str], str] = _unknown
        self._by_number = Failures(allowed=5, forgets_per_s=1 / 60)
        self._by_peer = Failures(allowed=30, forgets_per_s=1 / 5)

    async def sign_in(self, hall: Hall, message: SignIn, peer: str) -> Session:
        """By roster number and PIN; raises `Turned`."""
        now = self._read()
        self._may_try(hall, now)
        number = message.number.strip()
        at = now.mono_ns / _NS
        wait = max(self._by_number.wait_s(f"{hall.exam}|{number}", at), self._by_peer.wait_s(peer, at))
        if wait > 0:
            raise Turned("wait", wait)
        entry = hall.roster.get(number)
        if number in hall.gone:
            raise Turned("moved_away")
        if entry is None or not pin_fits(entry, self._site_secret, hall.exam, message.pin.strip()):
            self._by_number.count(f"{hall.exam}|{number}", at)
            self._by_peer.count(peer, at)
            raise Turned("wrong_pin")
        self._by_number.forgive(f"{hall.exam}|{number}")
        return await self._begin(hall, entry, secrets.token_hex(32), Assurance.PIN)

    def forgive(self, hall: Hall, number: str) -> None:
        """Somebody vouches for this candidate, who has mistyped the PIN too often."""
        self._by_number.forgive(f"{hall.exam}|{number}")

    def locked_s(self, hall: Hall, number: str) -> float:
        """Seconds until this number may try a PIN again; 0 = now."""
        return self._by_number.wait_s(f"{hall.exam}|{number}", self._read().mono_ns / _NS)

    async def voucher(self, hall: Hall, message: VoucherIn, desk_nonce: str, peer: str) -> Session:
        """By proof of the voucher's key; raises `Turned`."""
        now = self._read()
        self._may_try(hall, now)
        at = now.mono_ns / _NS
        if self._by_peer.wait_s(peer, at) > 0:
            raise Turned("wait", self._by_peer.wait_s(peer, at))
        entry = hall.vouchers.get(message.name)
        if entry is None:
            self._by_peer.count(peer, at)
            raise Turned(self.stranger(hall, message, desk_nonce))
        proof = voucher_proof(entry.voucher_key, hall.exam, desk_nonce, message.nonce)
        if not same(proof, message.proof):
            self._by_peer.count(peer, at)
            raise Turned("wrong_voucher")
        key = voucher_session_key(entry.voucher_key, desk_nonce, message.nonce)
        return await self._begin(hall, entry, key, Assurance.VOUCHER)

    async def resume(self, hall: Hall, message: Resume, desk_nonce: str) -> Session | None:
        """Go on with a session: the same one after a break, a new one for a new page; None if the candidate has gone
        on elsewhere and nobody asked to take over. Raises `Turned`."""
        known = hall.sessions.get(message.session)
        if known is None or not same(resume_proof(known.key, known.session, desk_nonce), message.proof):
            raise Turned("sign_in_again")
        entry = hall.roster.get(known.candidate)
        if known.candidate in hall.gone:
            raise Turned("moved_away")
        if entry is None:
            raise Turned("sign_in_again")
        if not message.takeover:
            return known if hall.live.get(known.candidate) == known.session else None
        if hall.window.phase in OVER or hall.sitting(known.candidate).handed_in:
            # Nothing is added to a chain that has ended: the receipt stays the last word.
            return known
        fresh = secrets.token_hex(10)
        return await self._begin(hall, entry, resumed_session_key(known.key, fresh), known.assurance, fresh)

    def _may_try(self, hall: Hall, now: Reading) -> None:
        if hall.window.phase in OVER:
            raise Turned("over")
        if not hall.sign_in_open(now):
            raise Turned("not_yet")

    async def _begin(
        self, hall: Hall, entry: RosterEntry, key: str, assurance: Assurance, session: str | None = None
    ) -> Session:
        now = self._read()
        name = session or secrets.token_hex(10)
        begun = Session(name, hall.exam, entry.number, 0, key, assurance)
        if hall.sitting(entry.number).handed_in:
            numbered = await self._journal.begin_silently(begun)
        else:
            draft = Draft(
                exam=hall.exam,
                candidate=entry.number,
                kind=EventKind.SIGN_IN,
                at_ns=now.centre_ns,
                bound_ms=whole_ms(now),
                session=name,
                client_seq=0,
                epoch=0,
            )
            numbered, _ = await self._journal.begin(begun, draft)
        hall.recall(numbered)
        return numbered


def _unknown(_hall: Hall, _message: VoucherIn, _desk_nonce: str) -> str:
    """What becomes of a voucher of no roster here while nobody can ask the centre."""
    return "wrong_voucher"


def whole_ms(now: Reading) -> int | None:
    """The bound of a reading as journal events carry it: whole milliseconds, rounded up."""
    return None if now.bound_ms is None else int(now.bound_ms) + 1

"""What a candidate's page and the desk say to each other: JSON text frames, one tagged struct each.

Times are Unix milliseconds by the site's idea of centre time; the page uses only their differences to `now_ms`.
"""

from typing import Annotated

import msgspec

from wire.ids import Assurance
from wire.unreadable import UNREADABLE

MAX_FRAME_BYTES = 4096

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
Mark = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Nonce = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
Counter = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Typed = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class _Tagged(msgspec.Struct, frozen=True, tag_field="type"):
    pass


# --- up ----------------------------------------------------------------------------------------------------------


class Hello(_Tagged, frozen=True, tag="hello"):
    """First word of a page."""


class SignIn(_Tagged, frozen=True, tag="sign_in"):
    """Roster number and PIN."""

    exam: Id
    number: Typed
    pin: Typed


class VoucherIn(_Tagged, frozen=True, tag="voucher"):
    """Answer to the welcome's nonce: see `wire.voucher.voucher_proof`."""

    exam: Id
    name: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]
    nonce: Nonce
    proof: Mark


class Resume(_Tagged, frozen=True, tag="resume"):
    """Go on with a session; the desk opens a new one of the same candidate. `takeover`: a person asked for it; False
    after a mere break, when a session that began later elsewhere stays the live one."""

    exam: Id
    session: Id
    proof: Mark
    takeover: bool = True


class Answer(_Tagged, frozen=True, tag="answer"):
    """One choice. `session` and `client_seq` are the page's key: the same pair always means the same choice."""

    session: Id
    client_seq: Counter
    item: Id
    option: Id
    mac: Mark


class HandIn(_Tagged, frozen=True, tag="hand_in"):
    """The candidate has finished."""

    session: Id
    client_seq: Counter
    mac: Mark


class ReleaseCode(_Tagged, frozen=True, tag="release_code"):
    """The code that the invigilator was told."""

    exam: Id
    text: Typed


class Ping(_Tagged, frozen=True, tag="ping"):
    """Asks whether the desk is there. `waiting`: answers that still show ○, if the page says so."""

    waiting: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] | None = None


Up = Hello | SignIn | VoucherIn | Resume | Answer | HandIn | ReleaseCode | Ping

# --- down --------------------------------------------------------------------------------------------------------


class ExamCard(_Tagged, frozen=True, tag="exam"):
    """Where the window stands. `wants_code`: T0 has passed without the secret, or may have; `stopped`: the clock
    stands, and no paper may be seen; `reserve`: the reserve paper took the place of the paper."""

    exam: str
    title: str
    state: str
    t0_ms: int
    duration_s: int
    now_ms: int
    sign_in: bool
    wants_code: bool
    closes_ms: int | None = None
    stopped: bool = False
    reserve: bool = False


class Welcome(_Tagged, frozen=True, tag="welcome"):
    """Answer to a hello; `nonce` is fresh for this connection."""

    site: str
    nonce: str
    now_ms: int
    exams: list[ExamCard]


class Candidate(msgspec.Struct, frozen=True):
    """Who sits here."""

    number: str
    name: str
    code: str


class Kept(msgspec.Struct, frozen=True):
    """An answer the journal has; `mark` 1 = at the school, 2 = at the province too."""

    item: str
    option: str
    mark: int


class SignedIn(_Tagged, frozen=True, tag="signed_in"):
    """`key`: hex, only for a session begun with a PIN; a voucher's page derives its own. `rescue_to`: the centre's key
    for a rescue file (`wire/rescue.py`), hex, empty if this site has none; `rescue_at`: where the centre takes one."""

    exam: str
    session: str
    epoch: int
    assurance: Assurance
    candidate: Candidate
    answers: list[Kept]
    receipt: str | None
    key: str | None
    resumed: str | None
    rescue_to: str = ""
    rescue_at: str = ""


class PaperOption(msgspec.Struct, frozen=True):
    """An option as shown."""

    id: str
    text: str


class PaperItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """A question as shown."""

    id: str
    text: str
    options: list[PaperOption]
    images: tuple[str, ...] = ()


class PaperImage(msgspec.Struct, frozen=True):
    """An image of the paper, fetched from `/exam/picture/{id}`; its size in pixels keeps its place free."""

    id: str
    width: int
    height: int


class Answers(_Tagged, frozen=True, tag="answers"):
    """What stands now: sent when an answer of an earlier session has arrived after all."""

    answers: list[Kept]


class Opened(_Tagged, frozen=True, tag="opened"):
    """The paper, whole."""

    exam: str
    code: str
    items: list[PaperItem]
    images: list[PaperImage] = msgspec.field(default_factory=list)


class Saved(_Tagged, frozen=True, tag="saved"):
    """✓: on the school's disk. `note` says why it does not count, if so: late, aside, conflict."""

    session: str
    client_seq: int
    note: str = ""


class Received(_Tagged, frozen=True, tag="received"):
    """✓✓: every saved message of `session` up to and including `through` is durable at the province."""

    session: str
    through: int


class Receipt(_Tagged, frozen=True, tag="receipt"):
    """The hand-in is on the disk."""

    code: str
    answered: int


class Closed(_Tagged, frozen=True, tag="closed"):
    """The window is over; `receipt` of what stands."""

    exam: str
    receipt: str | None
    answered: int


class Moved(_Tagged, frozen=True, tag="moved"):
    """This candidate has gone on elsewhere; this page is no longer the live one."""

    session: str


class Pong(_Tagged, frozen=True, tag="pong"):
    """The desk is there."""

    now_ms: int


class Trouble(_Tagged, frozen=True, tag="trouble"):
    """A refusal with a stable word and a sentence for people. `wait_s`: try again after."""

    code: str
    message_vi: str
    message_en: str
    session: str = ""
    client_seq: int = 0
    wait_s: int = 0


Down = ExamCard | Welcome | SignedIn | Answers | Opened | Saved | Received | Receipt | Closed | Moved | Pong | Trouble

_reader = msgspec.json.Decoder(Up)
_writer = msgspec.json.Encoder()


class Unreadable(ValueError):
    """A frame that is none of `Up`."""


def read_up(text: str) -> Up:
    """Decode what a page said; raises `Unreadable`."""
    try:
        message: Up = _reader.decode(text)
    except UNREADABLE as fault:
        raise Unreadable(str(fault)) from fault
    return message


def write_down(message: Down) -> str:
    """The JSON text of a message to a page."""
    return _writer.encode(message).decode()

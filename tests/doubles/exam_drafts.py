"""Drafts of journal entries for tests."""

from site_agent.exam.journal import Journal
from site_agent.exam.ledger import Session
from site_agent.exam.sitting import Draft
from wire.chain import EventKind
from wire.ids import Assurance, ExamId, ItemId, OptionId

EXAM = ExamId("exam-1")


def draft(
    seq: int,
    item: str = "i1",
    option: str = "a",
    *,
    candidate: str = "SBD001",
    session: str = "s1",
    epoch: int = 1,
    kind: EventKind = EventKind.ANSWER,
    live: bool = True,
) -> Draft:
    """An answer, or another kind without item and option."""
    answers = kind is EventKind.ANSWER
    return Draft(
        exam=EXAM,
        candidate=candidate,
        kind=kind,
        at_ns=1_000 + seq,
        bound_ms=5,
        session=session,
        client_seq=seq,
        epoch=epoch,
        item=ItemId(item) if answers else None,
        option=OptionId(option) if answers else None,
        live=live,
    )


async def seat(journal: Journal, session: str = "s1", candidate: str = "SBD001") -> Session:
    """Begin a session."""
    begun = Session(session, EXAM, candidate, 0, "0f" * 32, Assurance.PIN)
    sign_in = draft(0, candidate=candidate, session=session, kind=EventKind.SIGN_IN)
    numbered, _ = await journal.begin(begun, sign_in)
    return numbered

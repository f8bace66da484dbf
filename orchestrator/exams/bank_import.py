"""Takes questions into the bank from a file: good ones are kept, refused ones are told by line."""

import asyncio

import msgspec

from orchestrator.clock import Clock
from orchestrator.exams import bank_store
from orchestrator.exams.formats import parse
from orchestrator.exams.lint import lint, remarks_on_taken
from orchestrator.exams.ports import Trail
from orchestrator.exams.store import Connection
from orchestrator.storage.engine import Database


class Imported(msgspec.Struct, frozen=True):
    """What became of a file: questions stored, those refused with line and reason, and what to look at again."""

    accepted: int
    refused: list[dict[str, object]]
    remarks: list[dict[str, object]] = []


class BankImport:
    """Files into the bank. Only adds: what a sealed exam asks stays as it is."""

    def __init__(self, database: Database, clock: Clock, trail: Trail) -> None:
        self._database = database
        self._clock = clock
        self._trail = trail

    async def take(self, by: str, content: bytes, question_format: str = "auto") -> Imported:
        """Store the questions of a file; a repeated one is refused by its line, the good ones are kept."""
        parsed = await asyncio.to_thread(parse, content, question_format)
        known = await self._database.read(bank_store.known)
        linted = await asyncio.to_thread(lint, parsed.questions, known)
        now = self._clock.now_ns()

        def work(conn: Connection) -> Imported:
            repeated = bank_store.add(conn, parsed.questions, now, parsed.source)
            refused = sorted((*parsed.refused, *repeated), key=lambda refusal: refusal.line)
            accepted = len(parsed.questions) - len(repeated)
            self._trail.record(conn, by, "bank.imported", "", {"accepted": accepted, "refused": len(refused)})
            remarks = remarks_on_taken(parsed, linted, repeated)
            return Imported(accepted, *([msgspec.structs.asdict(one) for one in told] for told in (refused, remarks)))

        return await self._database.write(work)

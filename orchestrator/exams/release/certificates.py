"""The static file of a release: what the centre answers, and other hosts serve."""

from orchestrator.exams.delivery import switch_message
from orchestrator.exams.model import SECRET_OUT, Exam
from orchestrator.exams.sealing import Sealer
from wire.exam_release import write_certificate


def certificate(exam: Exam, sealer: Sealer) -> bytes | None:
    """The file of an exam whose secret is out; None before, after, and while only officers have the secret."""
    if exam.stage not in SECRET_OUT or exam.secret_sealed is None:
        return None
    if exam.releasing.switched_ns is None:
        return write_certificate(exam.id, sealer.release_secret(exam), None)
    secret = sealer.reserve_secret(exam)
    return None if secret is None else write_certificate(exam.id, None, switch_message(exam, secret))

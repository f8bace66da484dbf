"""Expected errors of the centre.

``Refused`` goes back to the asker with a stable code and a sentence; the web kit maps it to HTTP in one place.
Anything else is a fault of ours: it is logged once and ends the smallest restartable part.
"""

from __future__ import annotations


class Refused(Exception):
    """An order or request that the asker may correct.

    ``code`` is a stable word for programs, ``message`` a sentence for people, ``status`` the HTTP status, ``fields``
    whatever else the asker needs (each must be JSON-serialisable).
    """

    def __init__(self, code: str, message: str, status: int = 400, **fields: object) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.fields = fields

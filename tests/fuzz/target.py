"""What is fed: one importer, with files of its own."""

import random
from typing import Protocol


class Target(Protocol):
    """An importer under fuzz. ``take`` does with a file what the product does and says in a word what came of it;
    it may raise `Refused`, nothing else."""

    @property
    def name(self) -> str: ...

    def made(self, chance: random.Random) -> bytes:
        """A file, mostly broken; everything random comes from ``chance``, but for the salt of a seal."""
        ...

    def take(self, content: bytes, chance: random.Random) -> str: ...

    def close(self) -> None: ...

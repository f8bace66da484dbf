"""What every test run shares: properties are checked without a stopwatch, because a loaded machine is not a fault."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

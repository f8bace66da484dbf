"""The composition root of the centre: everything is built, wired, run and stopped here."""

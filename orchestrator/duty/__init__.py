"""The operators' shift: who calls which site, what came of it, what is still open, and handing it over."""

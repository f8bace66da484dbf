"""How much of the lecture a room gets by an operator's order: kept with the session, obeyed by relay and room."""

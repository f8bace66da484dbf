"""Who is on air, by whose order, and the record of it."""

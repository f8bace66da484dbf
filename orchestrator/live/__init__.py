"""What is only true now: events on a bus, leases, and a board of values that expire."""

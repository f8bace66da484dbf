"""How an exam is let out: by time, by officers, by a moved start, by the reserve paper."""

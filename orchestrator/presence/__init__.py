"""Who is there: links and heartbeats become online, late, silent or unknown. Silence is unknown, not down."""

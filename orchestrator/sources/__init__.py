"""Where a session's lecture comes from besides a browser: keys of encoders, cameras, files; orders, and their state."""

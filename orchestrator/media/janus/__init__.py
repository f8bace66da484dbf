"""The media plane by Janus servers: an engine of its own, spoken to over its WebSocket."""

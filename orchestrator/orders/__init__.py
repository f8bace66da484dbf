"""Orders to sites, and the chat between operators and site desks."""

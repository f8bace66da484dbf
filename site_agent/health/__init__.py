"""How the computer itself is doing."""

"""Ways of telling people of alarms outside the wall."""

"""The agent's line to the centre: who this computer is, the uplink, centre time, the durable outbox."""

"""Whether the rooms are ready for the day: certificates, rehearsals, one go / no-go board."""

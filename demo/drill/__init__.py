"""The load rehearsal: real agents, scripted candidates, a real centre."""

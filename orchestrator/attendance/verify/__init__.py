"""Whether what the centre keeps of roll calls is what the sites swore to."""

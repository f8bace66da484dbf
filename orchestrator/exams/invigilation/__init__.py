"""The province looks after fairness: a board of all sites, a ledger of outages and credits, incident notes."""

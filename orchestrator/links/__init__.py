"""The sites' WebSockets: `send(site, message)`, who is linked, and the durable records that come up."""

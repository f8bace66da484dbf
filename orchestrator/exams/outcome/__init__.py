"""What comes after the close: reconciliation, revised keys, publications, the portal and the printed summary."""

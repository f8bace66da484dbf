"""Papers on paper: previews, print-ready files, and answer sheets entered by two persons."""

"""Print-ready PDF files."""

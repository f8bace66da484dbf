"""Readers of question files that are packages or XML: QTI, XLSX and Word. Files come from strangers: every size, count
and depth is bounded, nothing is fetched or executed, and what cannot be kept is refused, never left out in silence."""

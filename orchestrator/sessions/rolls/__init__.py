"""Roll calls on a plan: at the start, after each break, and at moments that nobody knows beforehand."""

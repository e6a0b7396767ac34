"""What follows from the facts: date ranges, status, grades, timeline, matrix, totals, comparisons."""

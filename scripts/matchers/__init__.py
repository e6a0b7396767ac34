"""Finding values in prose, Korean and English: dates, numbers, names. What evidence is checked with."""

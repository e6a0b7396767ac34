"""Pages that are written from the data: codebook, answers to questions, pictures."""

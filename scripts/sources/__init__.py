"""Source documents: held texts and transcribed passages, the check of a claim, the lock, coverage."""

"""Source documents: held texts and transcribed passages, matchers, the check of a claim, the lock, coverage."""

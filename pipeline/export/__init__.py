"""Records of all batches in one file."""

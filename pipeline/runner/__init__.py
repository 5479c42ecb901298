"""Runs the stages: which batches are out of date, and bringing them up to date in order."""

"""The shells of the stages: which files each reads and writes for one batch. The rules lie in what they call."""

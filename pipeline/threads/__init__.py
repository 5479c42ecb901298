"""Articles in their order -> threads: the same event told by several outlets over some days."""

VERSION = 2  # part of what decides whether a batch is threaded again: raise it with any change of a verdict

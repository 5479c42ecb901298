"""Archives -> records on a cluster: pure functions of the stages, mapped by an engine; a local run's verdicts."""

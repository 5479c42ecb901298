"""Questions to a project that change nothing: lookup, status, metrics, clusters, explanations."""

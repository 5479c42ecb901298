"""The HTML report: a project's records, stories, sources and removed boilerplate in one self-contained file."""

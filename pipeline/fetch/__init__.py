"""Sources in config.toml -> one WARC file a run in raw/, politely and safely."""

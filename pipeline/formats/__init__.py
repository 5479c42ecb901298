"""File and message formats, without knowledge of projects: WARC, compression, charsets, HTTP messages."""

"""Parsers of what lists articles: feeds, sitemaps, home pages and OPML."""

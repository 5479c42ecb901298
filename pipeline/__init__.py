"""newsmill: news pages in, clean, de-duplicated, topic-tagged records out."""

__version__ = "0.1.0"

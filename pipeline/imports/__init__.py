"""What others collected -> a new batch in raw/: CC-NEWS archives, newsletters, saved pages, other tools' JSON."""

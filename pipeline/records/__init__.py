"""Stage records: articles, duplicates and topics joined into one normalised record for each new article."""

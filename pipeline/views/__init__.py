"""Value -> terminal or JSON. The only package that prints."""

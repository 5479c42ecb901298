"""Worker processes that parse untrusted pages: a pool, the fork server behind it, and the codec between them."""

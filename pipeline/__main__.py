"""`python -m pipeline` is `newsmill`."""

from .cli import main

if __name__ == "__main__":
    main()

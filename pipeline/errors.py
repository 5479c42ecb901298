"""What can go wrong, and the exit code each of it has.

NewsmillError              1   a fault the user can mend: no raw/ folder, a full disk
├── ConfigError            2   config.toml or a flag says something that cannot be
├── UsageError             2   the command was called in a way that cannot work
└── Locked                75   another run holds the lock; nothing was touched (EX_TEMPFAIL)

Everything else is a bug and keeps its traceback.
"""


class NewsmillError(Exception):
    """A fault the user can mend. The text says where, what, and what to do."""

    exit_code = 1


class ConfigError(NewsmillError):
    """Faults in config.toml, all of them in one text."""

    exit_code = 2


class UsageError(NewsmillError):
    """A command called in a way that cannot work."""

    exit_code = 2


class Locked(NewsmillError):
    """Another run works on this project. Nothing was touched."""

    exit_code = 75

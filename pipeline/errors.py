"""Errors of newsmill and the exit code of each.

NewsmillError              1   a fault the user can mend: no raw/ folder, a full disk
├── ConfigError            2   config.toml or a flag says something that cannot be
├── UsageError             2   the command was called in a way that cannot work
└── Locked                75   another run holds the lock; nothing was touched (EX_TEMPFAIL)

Everything else is a bug and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """' (did you mean X?)' for a name that is not known, "" where none is like it.

    >>> did_you_mean("2026-11-2O", ["2026-11-19", "2026-11-20"])
    ' (did you mean 2026-11-20?)'
    """
    import difflib  # only on the way to an error

    folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), folded, 1, cutoff)
    return f" (did you mean {folded[near[0]]}?)" if near else ""


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

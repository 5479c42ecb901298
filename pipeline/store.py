"""All writing under clean/ and the state folder: files appear complete or not at all, one run at a time.

Long because writing, reading and locking rest on the same promises.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any, TypeVar, cast

import msgspec

from .errors import Locked, NewsmillError

T = TypeVar("T")
Json = bytes  # one value


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`, which is flushed to disk and renamed to `path` at the end.

    fsync, rename, fsync of the folder: without the first, 30 of 31 simulated power cuts left a torn file.
    Raises NewsmillError where the disk refuses; `path` then is what it was before.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        _publish(temporary, path)
    except OSError as error:
        _drop(temporary)
        raise refused(path, error) from error
    except BaseException:
        _drop(temporary)
        raise


def publish(temporary: Path, path: Path) -> None:
    """Give a finished file its name, for a writer whose half-written file is worth keeping. Raises NewsmillError."""
    try:
        _publish(temporary, path)
    except OSError as error:
        raise refused(path, error) from error


def refused(path: Path, error: OSError) -> NewsmillError:
    """Which file the disk refuses, and why."""
    return NewsmillError(f"{path}: cannot be written: {error.strerror or error}")


def _publish(temporary: Path, path: Path) -> None:
    _sync(temporary)
    temporary.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _drop(path: Path) -> None:
    with suppress(OSError):  # the first error is the one to tell; a leftover is swept by the next run
        path.unlink(missing_ok=True)


@dataclass
class Writer:
    """What a finished file holds: rows, bytes, and their hash."""

    file: IO[bytes]
    rows: int = 0
    bytes: int = 0

    def __post_init__(self) -> None:
        self._hash = hashlib.sha256()

    def __call__(self, value: object) -> None:
        """Add one row: a dataclass of pipeline.model, or a plain dict."""
        self.add_json(to_json(value))

    def add_json(self, row: Json) -> None:
        """Add one row that is JSON already."""
        line = row + b"\n"
        self.file.write(line)
        self._hash.update(line)
        self.rows += 1
        self.bytes += len(line)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


@contextmanager
def writer(path: Path) -> Iterator[Writer]:
    """Write a JSONL file row by row; it appears under its name when the block ends without an error."""
    with atomic(path) as temporary, temporary.open("wb") as file:
        yield Writer(file)
        file.flush()


def write_json(path: Path, value: object) -> None:
    """Write one small JSON file, whole or not at all."""
    with atomic(path) as temporary:
        temporary.write_bytes(to_json(value) + b"\n")


def to_json(value: Any) -> bytes:
    """One value as one line of UTF-8 JSON: keys in the order of their fields, no NaN, no lone surrogates."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:  # untrusted JSON can spell lone surrogates
        text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def parse(kind: type[T], row: Mapping[str, Any]) -> T:
    """A row of one of our own files as the dataclass it was written from. Raises ValueError."""
    return msgspec.convert(row, kind)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of one of our own JSONL files; none where there is no file."""
    return read(dict[str, Any], path)


def read(kind: type[T], path: Path) -> Iterator[T]:
    """The rows of a file as dataclasses. Raises NewsmillError where one is damaged."""
    return (value for _, value in lines(kind, path))


def lines(kind: type[T], path: Path) -> Iterator[tuple[bytes, T]]:
    """(line without its end, what `kind` takes of it) for each row of a file. Raises NewsmillError for a bad one."""
    decoder = decoder_of(kind)
    for number, line in enumerate(raw_lines(path), 1):
        try:
            yield line.rstrip(b"\n"), decoder.decode(line)
        except (ValueError, RecursionError) as error:
            raise damaged(path, number, error) from None


def raw_lines(path: Path) -> Iterator[bytes]:
    """The lines of one of our own JSONL files; none where there is no file."""
    try:
        with path.open("rb") as file:
            yield from file
    except FileNotFoundError:
        return


def damaged(path: Path, number: int, error: Exception) -> NewsmillError:
    """What to say of a line that is no row."""
    return NewsmillError(f"{path}: line {number} is damaged ({error}); delete the file and run again")


def decoder_of(kind: type[T]) -> msgspec.json.Decoder[T]:
    """The decoder of one kind of row, made once: it skips the fields that the kind does not have."""
    return _decoder(cast(Any, kind))


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def read_json(path: Path | str) -> dict[str, Any] | None:
    """A small JSON file of ours; None where it is absent or damaged."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123  (a Path costs more than the file, 13 times a batch)
            value = msgspec.json.decode(file.read())
    except (OSError, ValueError, RecursionError):  # the last of these where somebody's file nests deeply
        return None
    return value if isinstance(value, dict) else None


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sweep(folder: Path) -> int:
    """Take away temporary files that a killed run left in `folder` and one level below. Returns how many."""
    removed = 0
    for place in (folder, *_folders(folder)):
        with suppress(OSError):
            for entry in os.scandir(str(place)):
                if entry.name.startswith(".") and entry.name.endswith(".tmp"):
                    _drop(Path(entry.path))
                    removed += 1
    return removed


def _folders(folder: Path) -> list[str]:
    try:
        return [entry.path for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []


RAW = "raw"  # the lock of whatever writes raw/: fetch, import, prune, forget


def hold(folder: Path, *, exclusive: tuple[str, ...], shared: tuple[str, ...] = (), wait: float = 0) -> ExitStack:
    """Take the locks of some stages: one's own alone, those of the stages it reads with other readers.

    The kernel frees a lock when its owner dies, however it dies. Raises Locked after `wait` seconds.
    """
    stack = ExitStack()
    deadline = time.monotonic() + wait
    try:
        root = stack.enter_context(_opened(folder.parent.parent))
        _make_locks(root, folder, {*exclusive, *shared}, deadline)
        for name in sorted({*exclusive, *shared}):
            kind = fcntl.LOCK_EX if name in exclusive else fcntl.LOCK_SH
            _take(stack.enter_context((folder / f"{name}.lock").open("ab")).fileno(), kind, deadline)
    except OSError as error:
        stack.close()
        raise NewsmillError(f"{folder}: cannot lock: {error.strerror or error}") from error
    except BaseException:
        stack.close()
        raise
    return stack


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Take a folder of results, made where it is missing, for one process at a time. Raises Locked, NewsmillError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NewsmillError(f"{folder}: cannot be made: {error.strerror}") from error
    with _opened(folder) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Locked(f"{folder}: another newsmill run writes here; nothing was touched") from None
        yield


def _make_locks(root: int, folder: Path, names: set[str], deadline: float) -> None:
    """Make the lock files that are missing, and share the project folder's own lock from now on.

    Each run shares that lock while it works. A lock file is only made by whoever has it alone: where somebody deletes
    the state folder during a run, a second run finds the files missing and the folder taken.
    """
    until = max(deadline, time.monotonic() + 1)  # two that start at the same time on a new project
    while True:
        _take(root, fcntl.LOCK_SH, until)  # nobody has it alone for longer than it takes to make the files
        if all((folder / f"{name}.lock").exists() for name in names):
            return
        try:
            _take(root, fcntl.LOCK_EX, time.monotonic())
            break
        except Locked:
            if time.monotonic() >= until:
                raise
        fcntl.flock(root, fcntl.LOCK_UN)  # two that both share it would wait for each other
        time.sleep(random.uniform(0.01, 0.1))
    folder.mkdir(parents=True, exist_ok=True)
    for name in {*names, *LOCKS}:
        (folder / f"{name}.lock").touch()
    _take(root, fcntl.LOCK_SH, until)


LOCKS = (
    "extract",
    "dedup",
    "tag",
    "threads",
    "records",
    "fetch",
)  # made together: make -j2 runs two at once


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield handle
    finally:
        os.close(handle)


def _take(file: int, kind: int, deadline: float) -> None:
    """Lock an open file or folder. Raises Locked after the deadline."""
    while True:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise Locked("another newsmill run is at work on this project; nothing was touched "
                             "(--wait SECONDS waits for it)") from None  # fmt: skip
        time.sleep(0.1)


def key(*parts: object) -> str:
    """Hash of everything that decides a piece of work."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:32]


def counted(counter: Mapping[str, int]) -> dict[str, int]:
    """A counter in the order of its names, for a file."""
    return dict(sorted(counter.items()))


Progress = Callable[[float], None]
"""Called with the number of things done since the last call."""

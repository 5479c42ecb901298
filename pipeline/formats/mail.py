"""Mail: an mbox file -> its messages, and a message -> the HTML or text in it, with sender, subject and date.

Standard library parsers behind bounds: they recurse on nested parts and comments, and look at every line for every
boundary.
"""

from __future__ import annotations

import email
import itertools
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import Compat32
from email.utils import parseaddr, parsedate_to_datetime

from .compression import Broken
from .json_rows import Part
from .lines import lines

MOST = 40_000_000  # bytes of one message
MAX_LINES = 1_000_000  # of a message: a newsletter of 1 MB has 15,000
MAX_BOUNDARIES = 100  # nested parts; every line is compared with each
MAX_PARTS = 1_000
MAX_HEADER = 4_000  # characters of a header that is read: decoding is quadratic in them
MAX_FIELD = 16_384  # characters of any header field: lists of references come to 10,000
_FIELD = re.compile(rb"[A-Za-z][A-Za-z0-9-]{0,60}:(?:[ \t]|\r?\n|$)|>From ")
_LENGTH = re.compile(rb"(\d{1,9})[ \t]*\r?\n(?=[A-Za-z-]+:)")  # Apple Mail: the message's bytes, before its own list
# What writers put behind "From ": an address and a date, one of them, a dash, or, as Thunderbird does, nothing.
_SEPARATOR = re.compile(
    rb"From (?:\S*[@!]\S*.*|MAILER[-_]DAEMON\b.*|-.*|\S*\s*(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\s.*\d{4}.*)?\s*$", re.S
)
_KNOWN = re.compile(
    rb"^(From|Date|Subject|Message-ID|Received|Return-Path|MIME-Version|To|Delivered-To|Content-Type):", re.I | re.M
)


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as far as it is a page; html and text are not both set."""

    id: str | None
    url: str | None  # where the sender archives it
    html: str | None
    text: str | None
    title: str | None
    date: str | None  # RFC 3339, as precise as said
    source: str | None  # the sender's name, else the domain


class NoMail(Exception):
    """Why a message gives no page."""


def is_mbox(head: bytes) -> bool:
    """Whether a file begins with a "From " line and header fields."""
    first, _, rest = _bare(head).partition(b"\n")
    return _SEPARATOR.match(first) is not None and _FIELD.match(rest) is not None


def is_message(head: bytes) -> bool:
    """Whether a text is a mail: sender, subject, and one of the fields that only mail programs write."""
    fields = {match[1].lower() for match in _KNOWN.finditer(re.split(rb"\r?\n\r?\n", _bare(head), maxsplit=1)[0])}
    return _FIELD.match(_bare(head)) is not None and {b"from", b"subject"} <= fields and len(fields) >= 3


def messages(pieces: Iterable[bytes], limit: int = MOST) -> Iterator[Part]:
    """The messages of an mbox file with their "From " lines as "row"; every byte of the file in order.

    A line "From ..." begins a message where a header field follows it: a paragraph that begins with the word does not.
    One over `limit` comes as "long" and "more" pieces. Raises Broken.
    """
    message_lines: list[bytes] = []
    size = count = 0
    long = False
    for line, after in _pairs(lines(pieces, limit)):
        begins = line.startswith(b"From ") and _SEPARATOR.match(line) and _FIELD.match(after)
        if begins and (long or size > 1000 or b"".join(message_lines).strip(b"\xef\xbb\xbf\r\n")):
            yield ("more" if long else "row"), b"".join(message_lines)
            message_lines, size, long = [], 0, False
        message_lines.append(line)
        count = 1 if begins else count + 1
        if count > MAX_LINES * 5:
            raise Broken(f"a message of over {MAX_LINES * 5:,} lines")
        size += len(line)
        if size > limit:
            yield ("more" if long else "long"), b"".join(message_lines)
            message_lines, size, long = [], 0, True
    if message_lines:
        yield ("more" if long else "row"), b"".join(message_lines)


def parse(data: bytes) -> Mail:
    """One message, also with its "From " line. Raises NoMail."""
    data = _bare(data)
    if counted := _LENGTH.match(data):
        data = data[counted.end() : counted.end() + int(counted[1])]
    if data.startswith(b"From "):
        data = re.sub(rb"^>(>*From )", rb"\1", data.partition(b"\n")[2], flags=re.M)
    if len(data) > MOST:
        raise NoMail(f"over {MOST:,} bytes")
    if data.count(b"\n") > MAX_LINES or len(re.findall(rb"boundary\s{0,9}=", data, re.I)) > MAX_BOUNDARIES:
        raise NoMail("too many lines or parts")
    try:
        return _mail(message(data))
    except RecursionError:
        raise NoMail("nested too deeply") from None


class _Bounded(Compat32):
    """Cuts long fields where they are read: the standard library reads parameters in quadratic time (1 MB: 9 s)."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:MAX_FIELD]


def message(data: bytes) -> Message:
    """Parse a message, its header fields bounded. Raises RecursionError."""
    return email.message_from_bytes(data, policy=_Bounded())


def charset(part: Message) -> str | None:
    """What a part declares; None also where the standard library stumbles over it."""
    try:
        return part.get_content_charset()
    except (LookupError, ValueError):
        return None


def parts(message: Message) -> Iterator[Message]:
    """The parts of a message that are no attachments and hold no others."""
    for part in itertools.islice(message.walk(), MAX_PARTS):
        disposition = str(part.get("Content-Disposition") or "").strip().lower()
        if not part.is_multipart() and not disposition.startswith("attachment"):
            yield part


def header(message: Message, name: str) -> str | None:
    """A header field as text: encoded words decoded, bytes beyond ASCII read as UTF-8 where they are."""
    value = next((v for key, v in message.raw_items() if key.lower() == name.lower()), None)
    if value is None:
        return None
    plain = str(value)[:MAX_HEADER]
    data = plain.encode("utf-8", "surrogateescape")
    try:
        plain = data.decode()
    except UnicodeDecodeError:
        plain = data.decode("cp1252", "replace")
    if "=?" in plain:
        with suppress(LookupError, UnicodeError, ValueError, MessageError):
            plain = str(make_header(decode_header(plain)))
    return " ".join(plain.split()) or None


def date(message: Message) -> str | None:
    try:
        return parsedate_to_datetime(header(message, "Date") or "").isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _digest(message: Message) -> int:
    """How many messages a mailing list's digest holds."""
    digests = (
        part for part in itertools.islice(message.walk(), MAX_PARTS) if part.get_content_type() == "multipart/digest"
    )
    return sum(len(part.get_payload()) for part in digests if part.is_multipart())


def _mail(message: Message) -> Mail:
    if (count := _digest(message)) > 1:
        raise NoMail(f"a digest of {count} messages: save each as a file of its own")
    html = plain = None
    for part in parts(message):
        kind = part.get_content_type()
        if (
            kind not in ("text/html", "text/plain")
            or (kind == "text/html" and html)
            or (kind == "text/plain" and plain)
        ):
            continue
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes) or not data.strip():
            continue
        if kind == "text/html":
            html = _decoded(data, charset(part))
        else:
            plain = _decoded(data, charset(part))
    if html is None and plain is None:
        raise NoMail("no HTML and no text in it")
    name, address = _sender(header(message, "From") or "")
    link = re.search(r"<(https?://[^>\s]+)>", header(message, "Archived-At") or "")
    return Mail(
        id=(header(message, "Message-ID") or "").strip("<> ") or None,
        url=link[1] if link else None,
        html=html,
        text=None if html is not None else plain,
        title=header(message, "Subject"),
        date=date(message),
        source=name or address.rpartition("@")[2] or None,
    )


def _sender(said: str) -> tuple[str, str]:
    """(name, address). A thousand brackets are nested comments to the standard library, which recurses into them."""
    if said.count("(") > 20:
        return "", ""
    try:
        return parseaddr(said[:1000])
    except (RecursionError, IndexError, ValueError):
        return "", ""


def _decoded(data: bytes, name: str | None) -> str:
    from .charset import decode

    return decode(data, name)[0]


def _bare(data: bytes) -> bytes:
    """Without the byte order mark and the empty lines that some programs write in front."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")


def _pairs(lines: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Each line with the one after it."""
    before: bytes | None = None
    for line in lines:
        if before is not None:
            yield before, line
        before = line
    if before is not None:
        yield before, b""

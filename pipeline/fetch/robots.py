"""robots.txt -> what we may ask, how fast, and where the sitemaps are (RFC 9309)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..formats import charset

REMEMBERED = 30 * 86_400  # seconds for which known rules hold while the server is in trouble
MOST_BYTES = 512_000  # RFC 9309: the first 500 KiB hold, whatever comes after them
_LINE = re.compile(r"^\s*([A-Za-z][A-Za-z-]*)\s*:\s*(.*?)\s*$")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True, slots=True)
class Rules:
    """What one site asks of us."""

    rules: tuple[tuple[bool, str], ...] = ()  # (allowed, pattern with percent escapes normalised)
    delay: float | None = None  # seconds between two requests
    sitemaps: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """The longest pattern that matches decides; of two as long, the one that allows. /robots.txt is always free."""
        parts = urlsplit(url)
        path = normal(parts.path or "/") + (f"?{normal(parts.query)}" if parts.query else "")
        if path == "/robots.txt":
            return True
        best: tuple[int, bool] = (-1, True)
        for allowed, pattern in self.rules:
            if len(pattern) >= best[0] and matches(pattern, path):
                best = max(best, (len(pattern), allowed))
        return best[1]


ALL = Rules()
NOTHING = Rules(rules=((False, "/"),))


def parse(body: bytes, agent: str) -> Rules:
    """The rules for `agent` (a product name such as "newsmill"), else those for everybody ("*").

    Groups that name the agent are taken together; a line before any User-agent line belongs to nobody.
    """
    text = charset.decode(body[:MOST_BYTES], None)[0]
    mine: list[tuple[bool, str]] = []
    everybody: list[tuple[bool, str]] = []
    delays: dict[bool, float] = {}
    named = False  # some group names us
    sitemaps: list[str] = []
    agents: set[str] = set()
    in_rules = True
    for raw in text.splitlines():
        if not (line := _LINE.match(raw.partition("#")[0])):
            continue
        key, value = line[1].lower(), line[2]
        if key in ("user-agent", "useragent"):
            if in_rules:
                agents, in_rules = set(), False
            agents.add(value.lower())
            named = named or _is(agent, value)
        elif key == "sitemap":
            sitemaps.append(value)
        elif key in ("allow", "disallow", "crawl-delay"):
            in_rules = True
            for is_mine, rules in ((True, mine), (False, everybody)):
                if not any(_is(agent, a) if is_mine else a == "*" for a in agents):
                    continue
                if key == "crawl-delay":
                    if (seconds := _number(value)) is not None:
                        delays.setdefault(is_mine, seconds)
                elif value:  # an empty Disallow forbids nothing
                    rules.append((key == "allow", normal(value)))
    return Rules(tuple(mine if named else everybody), delays.get(named), tuple(dict.fromkeys(sitemaps)))


def for_status(status: int | None, body: bytes, agent: str) -> Rules:
    """RFC 9309, 2.3.1: no such file means no rules; a server in trouble (5xx, no answer: None) means hands off."""
    if status is None or status >= 500 or status == 429:
        return NOTHING
    return parse(body, agent) if 200 <= status < 300 else ALL


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of a host's robots.txt."""

    status: int | None
    body: bytes
    age: float  # seconds since it was asked for


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the answer to a robots.txt means."""

    rules: Rules
    keep: tuple[int, bytes] | None = None  # (status, body) to remember; None: what is remembered stays
    trouble: bool = False  # nothing is known: the host is left alone for a while


def judge(status: int | None, body: bytes, known: Known, agent: str) -> Verdict:
    """RFC 9309, 2.3.1: a missing file frees, a server in trouble forbids unless its rules are still remembered."""
    if status == 304:
        return Verdict(for_status(known.status, known.body, agent))
    if status is not None and status < 500 and status != 429:
        body = body[:MOST_BYTES] if status == 200 else b""
        return Verdict(for_status(status, body, agent), (status, body))
    if known.status is not None and known.age < REMEMBERED:
        return Verdict(for_status(known.status, known.body, agent))
    return Verdict(NOTHING, trouble=True)


def _is(agent: str, value: str) -> bool:
    token = re.match(r"[A-Za-z_-]+", value)
    return token is not None and token[0].lower() == agent.lower()


def _number(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if 0 <= seconds < 1e9 else None


def normal(path: str) -> str:
    """Escapes in capitals, unreserved characters bare, everything else that is not ASCII escaped."""
    out = []
    n = 0
    while n < len(path):
        char = path[n]
        if char == "%" and re.match(r"[0-9A-Fa-f]{2}", path[n + 1 : n + 3]):
            plain = chr(int(path[n + 1 : n + 3], 16))
            out.append(plain if plain in _UNRESERVED else path[n : n + 3].upper())
            n += 3
            continue
        out.append(char if char.isascii() else "".join(f"%{b:02X}" for b in char.encode("utf-8", "replace")))
        n += 1
    return "".join(out)


def matches(pattern: str, path: str) -> bool:
    """`*` is any run, a `$` at the end is the end; linear in steps, a regular expression would not be."""
    anchored = pattern.endswith("$")
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for n, part in enumerate(rest):
        if anchored and n == len(rest) - 1:
            return path.endswith(part) and len(path) - len(part) >= at
        position = path.find(part, at)
        if position < 0:
            return False
        at = position + len(part)
    return not anchored or at == len(path)

"""The client against real servers: what it brings back, and that nothing holds it longer or costs more than allowed."""

from __future__ import annotations

import gzip
import itertools
import socket
import time
import zlib

import brotli
import pytest

from pipeline.fetch.client import Client, split
from pipeline.fetch.messages import Failure, Limits, Request
from pipeline.formats.http_exchange import Response

from .servers import TLS, Reply, raw, serve

FAST = Limits(seconds=1.0, idle=0.6, body=100_000, head=20_000)


def client(limits: Limits = FAST, ca: bool = False) -> Client:
    return Client("newsmill-test/0 (+mailto:test@site.example)", limits, str(TLS / "ca.pem") if ca else None)


def got(answer: Response | Failure) -> Response:
    assert isinstance(answer, Response), answer
    return answer


TEXT = "Zürich — a page\n".encode() * 50


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        pytest.param(Reply(TEXT), TEXT, id="as it is"),
        pytest.param(Reply(b""), b"", id="empty"),
        pytest.param(Reply(gzip.compress(TEXT), headers=(("Content-Encoding", "gzip"),)), TEXT, id="gzip"),
        pytest.param(Reply(zlib.compress(TEXT), headers=(("Content-Encoding", "deflate"),)), TEXT, id="deflate"),
        pytest.param(Reply(brotli.compress(TEXT), headers=(("Content-Encoding", "br"),)), TEXT, id="brotli"),
        pytest.param(
            Reply(b"5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX: y\r\n\r\n", headers=(("Transfer-Encoding", "chunked"),)),
            b"hello world",
            id="chunked with an extension and a trailer",
        ),
        pytest.param(Reply(b"gone", 410), b"gone", id="an error's body"),
    ],
)
def test_bodies_come_back_decoded(reply: Reply, body: bytes) -> None:
    with serve({"/": reply}) as site:
        answer = got(client().get(Request(site.url + "/", internal=True)))
    assert (answer.status, answer.body) == (reply.status, body)


def test_request_names_the_tool_and_one_connection_serves_many_pages() -> None:
    with serve({"*": b"x"}) as site:
        peers = set()
        site.pages["*"] = lambda handler: peers.add(handler.client_address) or b"x"  # type: ignore[func-returns-value]
        one = client()
        for n in range(5):
            got(one.get(Request(f"{site.url}/{n}?a=ä b", (("If-None-Match", '"7"'),), internal=True)))
        one.close()
    assert len(peers) == 1
    path, headers = site.log[0]
    assert path == "/0?a=%C3%A4%20b"
    assert headers["user-agent"].startswith("newsmill-test/0 (+mailto:")
    assert headers["if-none-match"] == '"7"'
    assert "gzip" in headers["accept-encoding"] and "br" in headers["accept-encoding"]
    assert "cookie" not in headers


def test_no_cookie_is_kept() -> None:
    with serve({"*": Reply(b"x", headers=(("Set-Cookie", "a=b; Path=/"),))}) as site:
        one = client()
        for _ in range(2):
            got(one.get(Request(site.url, internal=True)))
    assert all("cookie" not in headers for _, headers in site.log)


def test_a_kept_connection_that_the_server_closed_is_opened_again() -> None:
    with raw(lambda s: s.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) as url:
        one = client()
        assert got(one.get(Request(url, internal=True))).body == b"ok"
        assert got(one.get(Request(url, internal=True))).body == b"ok"
        time.sleep(0.05)
        assert got(one.get(Request(url, internal=True))).body == b"ok"


def drip(*pieces: bytes, every: float = 0.05):
    def talk(connection: socket.socket) -> None:
        for piece in pieces[:-1]:
            connection.sendall(piece)
        for _ in range(200):
            connection.sendall(pieces[-1])
            time.sleep(every)

    return talk


def flood(head: bytes, piece: bytes):
    def talk(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in itertools.count():
            connection.sendall(piece * 100)

    return talk


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("talk", "fault"),
    [
        pytest.param(drip(OK + b"Content-Length: 9000\r\n\r\n", b"x"), "timeout", id="slow body"),
        pytest.param(drip(OK, b"X: y\r\n"), "timeout", id="slow headers"),
        pytest.param(drip(b"", b"H"), "timeout", id="slow status line"),
        pytest.param(
            drip(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"), "timeout", id="endless slow trailers"
        ),
        pytest.param(drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "timeout", id="slow 100 Continue"),
        pytest.param(flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "too-large", id="a flood of 100 Continue"),
        pytest.param(flood(OK, b"X: y\r\n"), ("too-large", "protocol"), id="a flood of headers"),
        pytest.param(flood(OK + b"X: ", b"y" * 100), ("too-large", "protocol"), id="one endless header"),
        pytest.param(
            flood(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"), "too-large", id="a flood of trailers"
        ),
        pytest.param(flood(OK + b"\r\n", b"x" * 100), "too-large", id="endless body"),
        pytest.param(flood(OK + b"Content-Length: 99999999999\r\n\r\n", b"x" * 100), "too-large", id="huge body"),
        pytest.param(
            lambda s: s.sendall(OK + b"Content-Length: 50\r\n\r\nshort"), "cut-short", id="less than promised"
        ),
        pytest.param(
            lambda s: s.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel"),
            "cut-short",
            id="cut inside a chunk",
        ),
        pytest.param(
            lambda s: s.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
            ("cut-short", "protocol"),
            id="no last chunk",
        ),
        pytest.param(
            lambda s: s.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n"),
            ("cut-short", "protocol"),
            id="chunk size that is no number",
        ),
        pytest.param(
            lambda s: s.sendall(OK + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain"),
            "protocol",
            id="gzip that is none",
        ),
        pytest.param(lambda s: s.sendall(b"SSH-2.0-OpenSSH_9.9\r\n"), "protocol", id="not HTTP"),
        pytest.param(
            lambda s: s.sendall(OK + b"Content-Length: -5\r\n\r\nabc"), (None, "protocol"), id="negative length"
        ),
        pytest.param(lambda s: None, ("connect", "protocol"), id="hangs up at once"),
        pytest.param(lambda s: time.sleep(3), "timeout", id="says nothing"),
    ],
)
def test_hostile_servers_cost_their_deadline_at_most(talk, fault) -> None:
    with raw(talk) as url:
        started = time.monotonic()
        answer = client().get(Request(url, internal=True))
        took = time.monotonic() - started
    assert took < 1.6
    expected = fault if isinstance(fault, tuple) else (fault,)
    assert (answer.fault if isinstance(answer, Failure) else None) in expected, answer


@pytest.mark.parametrize(
    "encoded",
    [
        pytest.param(("gzip", gzip.compress(bytes(30_000_000))), id="gzip"),
        pytest.param(("br", brotli.compress(bytes(30_000_000))), id="brotli"),
        pytest.param(("gzip, gzip", gzip.compress(gzip.compress(bytes(30_000_000)))), id="gzip in gzip"),
    ],
)
def test_decompression_bombs_stop_at_the_cap(encoded: tuple[str, bytes]) -> None:
    with serve({"/": Reply(encoded[1], headers=(("Content-Encoding", encoded[0]),))}) as site:
        answer = client().get(Request(site.url + "/", internal=True))
    assert isinstance(answer, Failure) and answer.fault == "too-large"


def test_more_bytes_than_promised_are_left_alone_and_the_connection_is_not_kept_dirty() -> None:
    junk = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"
    with raw(lambda s: s.sendall(OK + b"Content-Length: 2\r\n\r\nok" + junk)) as url:
        one = client()
        assert got(one.get(Request(url, internal=True))).body == b"ok"
        time.sleep(0.05)
        assert got(one.get(Request(url + "/second", internal=True))).body == b"ok"


def test_certificates_are_verified() -> None:
    with serve({"*": b"x"}, certificate="good.pem") as site:
        assert got(client(ca=True).get(Request(site.url, internal=True))).body == b"x"
        unknown = client().get(Request(site.url, internal=True))
        assert isinstance(unknown, Failure) and unknown.fault == "tls"
    with serve({"*": b"x"}, certificate="other.pem") as site:
        other = client(ca=True).get(Request(site.url, internal=True))
        assert isinstance(other, Failure) and other.fault == "tls"


def test_tls_is_inside_the_deadline_too() -> None:
    with raw(lambda s: time.sleep(3)) as url:
        started = time.monotonic()
        answer = client().get(Request(url.replace("http:", "https:"), internal=True))
    assert isinstance(answer, Failure) and answer.fault == "timeout"
    assert time.monotonic() - started < 1.6

    def slow(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b"x")
            time.sleep(0.05)

    with serve({"*": slow}, certificate="good.pem") as site:
        answer = client(ca=True).get(Request(site.url, internal=True))
    assert isinstance(answer, Failure) and answer.fault == "timeout"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f.1:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://0.0.0.0:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://metadata.google.internal/",
        "http://10.0.0.1/",
        "http://100.64.0.1/",
        "ftp://site.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/",
        "http://user:word@site.example/",
        "http:///nohost",
        "http://site.example:99999/",
        "javascript:alert(1)",
        "http://" + "a" * 5000,
    ],
)
def test_private_addresses_and_other_schemes_are_refused_before_a_byte_is_sent(url: str) -> None:
    with serve({"*": b"secret"}) as site:
        answer = client().get(Request(url.format(port=site.port)))
        assert isinstance(answer, Failure) and answer.fault == "refused", answer
        assert site.log == []


def test_an_address_is_checked_on_every_new_connection_and_dns_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that turns to a private address between check and connect (DNS rebinding) finds no gap."""
    answers = iter([[("93.184.216.34", 80)], [("127.0.0.1", 80)]])
    asked = []

    def lookup(host: str, port: int, *args: object, **kwargs: object):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in next(answers)]

    from pipeline.fetch import address

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    assert address.resolve("rebind.example", 80, internal=False, seconds=1) == [(2, "93.184.216.34")]
    with pytest.raises(address.Refused):
        address.resolve("rebind.example", 80, internal=False, seconds=1)
    assert asked == ["rebind.example", "rebind.example"]


def test_dns_that_never_answers_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: time.sleep(2) or [])
    started = time.monotonic()
    answer = client().get(Request("http://slow-dns.example/"))
    assert isinstance(answer, Failure) and answer.fault == "timeout"
    assert time.monotonic() - started < 1.5


def test_split_keeps_what_a_server_must_see() -> None:
    assert split("HTTP://Site.Example:80/a%2Fb ü?q=1|2#frag") == (
        ("http", "site.example", 80),
        "/a%2Fb%20%C3%BC?q=1%7C2",
        "site.example",
    )
    assert split("https://[2001:db8::1]:8443")[0::2] == (("https", "2001:db8::1", 8443), "[2001:db8::1]:8443")


@pytest.mark.parametrize(
    "numeric",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "0.0.0.0", "192.0.0.8",
        "192.88.99.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::8.8.8.8",
        "::ffff:10.0.0.1", "::ffff:0:10.0.0.1", "::ffff:0:8.8.8.8", "64:ff9b::10.0.0.1", "64:ff9b:1::8.8.8.8",
        "64:ff9b:1:2::1", "fec0::1", "fe80::1", "fc00::1", "fd12:3456::1", "2002:7f00:1::1", "2001:db8::1", "3fff::1",
        "5f00::1", "100::1", "ff02::1", "fd00:ec2::254",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(numeric: str) -> None:
    from pipeline.fetch import address

    assert address.refusal(numeric)


@pytest.mark.parametrize(
    "numeric", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "64:ff9b::8.8.8.8", "2a00:1450:4001::1"]
)
def test_addresses_that_are(numeric: str) -> None:
    from pipeline.fetch import address

    assert address.refusal(numeric) is None


@pytest.mark.parametrize(
    "numeric", ["169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::169.254.169.254", "169.254.170.2",
                "100.100.100.200", "168.63.129.16", "fd00:ec2::254", "::169.254.169.254"],
)  # fmt: skip
def test_metadata_services_are_refused_to_internal_sources_too(numeric: str) -> None:
    answer = client().get(Request(f"http://{f'[{numeric}]' if ':' in numeric else numeric}/", internal=True))
    assert isinstance(answer, Failure) and answer.fault == "refused" and "metadata" in answer.detail

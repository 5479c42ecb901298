"""Frames on a socket between our own processes: one byte of kind, eight of size, then what `codec` encoded."""

from __future__ import annotations

import socket
import struct

FRAME = struct.Struct("!BQ")  # kind, size of what follows
MOST = 1 << 31  # bytes of a frame: a page of the largest size allowed and its draft are a tenth of that


def send(to: socket.socket, kind: int, frame: bytes) -> None:
    to.sendall(FRAME.pack(kind, len(frame)))
    to.sendall(frame)


def receive(sender: socket.socket) -> tuple[int, bytes]:
    """Raises EOFError when the other side is gone or says what cannot be."""
    kind, size = FRAME.unpack(exactly(sender, FRAME.size))
    if size > MOST:
        raise EOFError
    return kind, exactly(sender, size)


def exactly(sender: socket.socket, size: int) -> bytes:
    whole = bytearray(size)
    view, at = memoryview(whole), 0
    while at < size:
        got = sender.recv_into(view[at:])
        if not got:
            raise EOFError
        at += got
    return bytes(whole)

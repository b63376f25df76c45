"""A picture that the check makes itself: a PNG with a note of who took it."""

import struct
import zlib


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 480, height: int = 320, author: str = "Secret Author") -> bytes:
    rows = b"".join(
        b"\0" + bytes(value for x in range(width) for value in (x * 3 & 255, y * 5 & 255, (x ^ y) & 255))
        for y in range(height))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"tEXt", b"Author\0" + author.encode()) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))

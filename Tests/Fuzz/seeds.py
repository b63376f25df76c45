#!/usr/bin/env python3
"""Writes the inputs that the fuzzer begins with: the published vectors, and a few lines of text.

    seeds.py FOLDER

Each target gets a folder of files in FOLDER, named after what is in them.
"""
import hashlib
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LONGEST = 8192


def vectors(name):
    return json.loads((ROOT / "docs" / "vectors" / (name + ".json")).read_text())


def hexes(value):
    """Every text below a value that is bytes in hexadecimal, and is more than a hash."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from hexes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from hexes(inner)
    elif isinstance(value, str) and len(value) % 2 == 0:
        try:
            data = bytes.fromhex(value)
        except ValueError:
            return
        if data:
            yield data


def texts(value, prefix):
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner, prefix)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, prefix)
    elif isinstance(value, str) and value.startswith(prefix):
        yield value.encode()


BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"


def unpacked(text):
    """The bytes behind a text of base 32."""
    digits = text.decode().split("-", 1)[1].replace("\n", "").replace("-", "")
    bits = "".join(format(BASE32.index(digit), "05b") for digit in digits)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits) // 8 * 8, 8))


def states(exchange):
    """The frames of states in the answers of the published exchanges."""
    found = []
    for played in exchange["exchanges"]:
        for answer in played["answers"]:
            if answer.get("compacted"):
                found.append(bytes.fromhex(answer["compacted"][0]["frame"]))
                found.append(bytes.fromhex(answer["compacted"][0]["body"]))
    return found


def seeds():
    changes, frames, objects = vectors("changesets"), vectors("frames"), vectors("objects")
    log, proofs, exchange = vectors("log"), vectors("proofs"), vectors("exchange")
    files = [unpacked(t) for t in texts(proofs, "wardreceipt1-")] + [unpacked(t) for t in texts(proofs, "wardproof1-")]
    descriptors = list(texts([objects, exchange], "wardsync1-"))
    whole_frames = [bytes.fromhex(f["bytes"]) for f in frames["frames"]]
    bodies = [bytes.fromhex(f["body"]) for f in frames["frames"]]
    requests = [bytes.fromhex(e["requestBody"]) for e in exchange["exchanges"]]
    answers = [bytes.fromhex(e["answerBody"]) for e in exchange["exchanges"]]
    # An answer's first block, without its length and kind; and the bodies behind compression.
    blocks = [a[5 : 4 + int.from_bytes(a[:4], "big")] for a in answers]
    plain = [bytes.fromhex(b["body"]) for e in exchange["exchanges"] for b in e["answers"]]
    packed = []
    for frame in whole_frames + blocks:
        start = frame.find(bytes.fromhex("28b52ffd"))
        if start >= 0:
            packed += [len(b).to_bytes(2, "big") + frame[start:] for b in bodies[:3]]
    samples = {name: (ROOT / "Samples").rglob("*." + name) for name in ("csv", "ndjson", "json")}
    tables = [p.read_bytes()[:2000] for p in samples["csv"]]
    settings = [text.encode() for text in (
        "water = cấp nước; en=water supply; radius=100\nother = khác\n", "van_phong = Văn phòng\n",
        "high = 1\nnormal = 3\nlow = 7\nmax = 15\n", "2026-09-02 = Quốc khánh\n02/09/2027 = x\n", "# x\n\nlookups = 30\n",
        "report.received = Đã nhận; en=Received\nreport.received = a; b\n",
    )]
    lines = [p.read_bytes()[:2000] for name in ("ndjson", "json") for p in samples[name]]
    return {
        "cbor": list(hexes(changes)) + list(hexes(log)),
        "changeset": list(hexes(changes["changes"])),
        "frame": whole_frames + bodies,
        "request": requests + [bytes.fromhex(objects["join"]["request"])],
        "answer": blocks + plain,
        "states": states(exchange),
        "object": list(hexes(objects)) + list(hexes(log["entries"])) + [unpacked(t) for t in descriptors],
        "proof": files + list(texts(proofs, "wardreceipt1-")) + list(texts(proofs, "wardproof1-")) + descriptors,
        "http": [
            b"GET /v1/descriptor HTTP/1.1\nHost: x\n",
            b"POST /v1/sync?a=%20 HTTP/1.1\nHost: [::1]:8440\nContent-Length: 12\nExpect: 100-continue\n",
            b"POST /h%C3%A0 HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\nA: b\n",
            b"/%2e%2e/a%2fb?c#d",
        ],
        "form": [
            b"csrf=ab%20c&choose=decline&reason=%C4%90%C3%A3+h%E1%BB%8Fi&key=fork%2F3f2a%2F3",
            b"wardsync=0123456789abcdef; lang=vi; a=b=c", b"%zz&=&a&&b=%", b"a=1&a=2&b=",
        ],
        "handed": [
            bytes.fromhex("8401" + "5820" + "11" * 32 + "41804180"),
            bytes.fromhex("8701" + "5820" + "11" * 32 + "0005" + "5820" + "22" * 32 + "1a6ac0000080"),
            b"wardorder1-000000000000",
            bytes.fromhex("8266737461747573f6"), bytes.fromhex("8264" + b"held".hex() + "f6"),
            bytes.fromhex("8266" + b"revoke".hex() + "8368" + b"0011aabb".hex() + "0564" + b"gone".hex()),
        ],
        "sealed": blocks + list(hexes(objects))[:20],
        "settings": settings,
        "csv": tables
        + [
            "Mã hồ sơ;Mã bí mật;Trạng thái;Cập nhật\n1;2;4. Đang xử lý;21/11/2026 08:00\n".encode("utf-16"),
            'code,name\r\n"06685.01","Khu phố ""1"""\r\n'.encode("utf-8-sig"),
        ],
        "json": lines
        + [b'[{"code":"1","name":"a\\ud83d\\ude42","papers":["x","y"]},{}]', b'{"code":"1","second_secret":"2","status":4}\n{}'],
        "zstd": packed,
        "content": [
            bytes.fromhex("835820" + "11" * 32 + "190fff01"),
            bytes.fromhex("855820" + "11" * 32 + "190fff015820" + "22" * 32 + "1903e8"),
            bytes.fromhex("855820" + "11" * 32 + "0000405820" + "22" * 32),
            bytes.fromhex("831a00010000028181" + "5820" + "11" * 32),
            bytes.fromhex("831a000100000281855820" + "11" * 32 + "00050a03"),
            bytes.fromhex(
                "ffd8ffe000104a46494600010101004800480000ffe1000845786966" + "0000fffe00045878"
                "ffc0000b080001000101011100ffda0008010100003f00d2ffd9aabb"
            ),
            b"\x89PNG\r\n\x1a\n" + bytes.fromhex("0000000d49484452000000010000000108020000009077 53de".replace(" ", ""))
            + bytes.fromhex("0000000474455874612062200000000000000000" + "49454e44ae426082"),
        ],
        "codes": [
            b"7K2M9P-X4V1ZQ-OT8HCN-5BW3RE-JD6GYA", "000.17.22.H56-210531-0001".encode(), b"2026-11-21", b"21/11/2026 08:00",
            b"+3d", b"7k2m-9px4-v1zq-0t8h", b"20.9511", "den hong ngo 12".encode(), "đèn hỏng".encode(),
        ],
        "text": [
            "\u202egnp.exe \u001b[31m=1+1\u200b\r\nĐèn hỏng 🙂 日本".encode(), "e\u0301\u0323".encode(), b"a,\"b\"\n@x",
        ],
    }


def main():
    for target, inputs in seeds().items():
        folder = pathlib.Path(sys.argv[1]) / target
        folder.mkdir(parents=True, exist_ok=True)
        for data in inputs:
            (folder / ("seed-" + hashlib.sha256(data).hexdigest()[:16])).write_bytes(data[:LONGEST])


main()

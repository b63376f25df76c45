#!/usr/bin/env python3
"""Checks the published vectors with an implementation of its own, written from protocol.md and data-model.md.

    python3 docs/vectors/check.py [--whole] [FOLDER]

Standard library only. PyNaCl adds signatures and sealed boxes, zstandard adds decompression; what is left out for
want of them is said at the end, and with --whole it is a failure. Exits with 1 at the first thing that does not hold.
"""

import hashlib
import json
import pathlib
import re
import sys
import unicodedata

try:
    import nacl.public
    import nacl.signing
except ImportError:
    nacl = None
try:
    import zstandard
except ImportError:
    zstandard = None

WHOLE = "--whole" in sys.argv[1:]
NAMED = [word for word in sys.argv[1:] if word != "--whole"]
HERE = pathlib.Path(NAMED[0] if NAMED else __file__).resolve()
FOLDER = HERE if HERE.is_dir() else HERE.parent
DOCS = FOLDER.parent
CHECKED = {}
LEFT_OUT = {}


def count(what, into=CHECKED):
    into[what] = into.get(what, 0) + 1


def require(condition, what):
    if not condition:
        sys.exit(f"check: {what}")


def same(a, b, what):
    if a != b:
        show = lambda x: x.hex() if isinstance(x, bytes) else repr(x)
        sys.exit(f"check: {what}\n  have {show(a)[:2000]}\n  want {show(b)[:2000]}")


def H(data):
    return hashlib.blake2b(data, digest_size=32).digest()


# Encoding: deterministic CBOR, read strictly.


class Sequence:
    """A row of items without a container around it."""

    def __init__(self, data):
        self.data, self.at = data, 0

    @property
    def done(self):
        return self.at == len(self.data)

    def take(self, n):
        require(len(self.data) - self.at >= n, "CBOR: too short")
        self.at += n
        return self.data[self.at - n : self.at]

    def head(self):
        first = self.take(1)[0]
        major, low = first >> 5, first & 31
        if low < 24:
            return major, low
        require(low <= 27, "CBOR: indefinite or reserved length")
        size = 1 << (low - 24)
        value = int.from_bytes(self.take(size), "big")
        require(value >= (24, 1 << 8, 1 << 16, 1 << 32)[low - 24], "CBOR: not the shortest form")
        return major, value

    def item(self, depth=16):
        major, value = self.head()
        if major == 0:
            return value
        if major == 1:
            require(value < 1 << 63, "CBOR: below -2^63")
            return -1 - value
        if major == 2:
            return self.take(value)
        if major == 3:
            return self.take(value).decode("utf-8")
        require(major != 6, "CBOR: tag")
        if major == 7:
            require(value in (20, 21, 22), "CBOR: float or simple value")
            return {20: False, 21: True, 22: None}[value]
        require(depth > 0, "CBOR: too deep")
        if major == 4:
            return [self.item(depth - 1) for _ in range(value)]
        found, last = {}, b""
        for _ in range(value):
            start = self.at
            key = self.item(depth - 1)
            require(self.data[start : self.at] > last, "CBOR: map keys out of order")
            last = self.data[start : self.at]
            found[key] = self.item(depth - 1)
        return found

    def raw_item(self):
        start = self.at
        self.item()
        return self.data[start : self.at]


def decode(data):
    reader = Sequence(data)
    value = reader.item()
    require(reader.done, "CBOR: something behind the last item")
    return value


def decode_all(data):
    reader = Sequence(data)
    items = []
    while not reader.done:
        items.append(reader.item())
    return items


def head(major, value):
    if value < 24:
        return bytes([major << 5 | value])
    for low, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 1 << (8 * size):
            return bytes([major << 5 | low]) + value.to_bytes(size, "big")
    raise ValueError(value)


def encode(value):
    if value is None:
        return b"\xf6"
    if value is True or value is False:
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(encode, value))
    pairs = sorted((encode(k), encode(v)) for k, v in value.items())
    return head(5, len(pairs)) + b"".join(k + v for k, v in pairs)


class Column:
    def __init__(self, data):
        self.data, self.at = data, 0

    def varint(self):
        value = shift = 0
        while True:
            require(self.at < len(self.data) and shift < 70, "column too short")
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                require(shift == 7 or byte, "varint not in its shortest form")
                return value

    def zigzag(self):
        value = self.varint()
        return value >> 1 if value % 2 == 0 else -(value + 1 >> 1)

    def take(self, n):
        require(self.at + n <= len(self.data), "column too short")
        self.at += n
        return self.data[self.at - n : self.at]

    @property
    def done(self):
        return self.at == len(self.data)


# Signatures and boxes.


def verify(key, context, ward, body, signature, what):
    if nacl is None:
        return count("signatures (no PyNaCl)", LEFT_OUT)
    message = b"wardsync/v1/" + context.encode() + b"\0" + ward + body
    try:
        nacl.signing.VerifyKey(key).verify(message, signature)
    except Exception:
        sys.exit(f"check: the signature of {what} does not hold")
    count("signatures")


def key_id(key):
    return H(key)[:8]


def open_object(data, keys, context, ward, what):
    body, key, signature = decode(data)
    public = {key_id(k): k for k in keys}.get(key)
    require(public is not None, f"{what} names an unknown key")
    verify(public, context, ward, body, signature, what)
    return decode(body)


def open_box(box, seed, ward, dot, slot):
    if nacl is None:
        count("sealed boxes (no PyNaCl)", LEFT_OUT)
        return None
    secret = nacl.public.PrivateKey(hashlib.sha512(seed).digest()[:32])
    plain = nacl.public.SealedBox(secret).decrypt(box)
    place, *values = decode_all(plain)
    same(place, H(b"wardsync/v1/box\0" + ward + dot[0] + dot[1].to_bytes(8, "big"))[:16], "the place of a sealed box")
    values = dict(zip(values[::2], values[1::2]))
    slot = slot if slot & (1 << 40) - 1 else slot >> 40
    require(slot in values, "a sealed box holds nothing for this slot")
    count("sealed boxes")
    return encode(values[slot])


# The dictionaries: one from the document, one from its file.


def dictionary2():
    text = (DOCS / "protocol.md").read_text(encoding="utf-8")
    lines = text.split("<!-- text: dictionary 2 -->\n```\n")[1].split("\n```")[0].split("\n")
    data = " ".join(lines).encode()
    same(unicodedata.normalize("NFC", data.decode()).encode(), data, "dictionary 2 is not in NFC")
    return data


def dictionary3():
    text = "".join((DOCS / "vectors/dictionary-3.txt").read_text(encoding="ascii").split())
    bits = "".join(f"{'0123456789abcdefghjkmnpqrstvwxyz'.index(letter):05b}" for letter in text)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8))


def decompress(codec, length, data, published, limit):
    require(length <= limit, "declared length beyond the limit")
    if codec == 0:
        same(len(data), length, "length of a plain body")
        return data
    if zstandard is None:
        count("decompressed bodies (no zstandard)", LEFT_OUT)
        return published
    named = None
    if codec > 1:
        require(codec in (2, 3), "dictionary number")
        named = (
            zstandard.ZstdCompressionDict(dictionary2(), dict_type=zstandard.DICT_TYPE_RAWCONTENT)
            if codec == 2
            else zstandard.ZstdCompressionDict(dictionary3(), dict_type=zstandard.DICT_TYPE_FULLDICT)
        )
    plain = zstandard.ZstdDecompressor(dict_data=named).decompress(data, max_output_size=limit)
    same(len(plain), length, "length of a decompressed body")
    count("decompressed bodies")
    return plain


# Change sets.

TAKES_VALUE = {1, 2, 3, 4, 10}


class Change:
    """A change set from its parts, with the checks of "Explicit envelope"."""

    def __init__(self, header, signature, skeleton, values):
        self.header, self.signature, self.skeleton, self.values = header, signature, skeleton, values
        fields = decode(header)
        same(fields[0], 1, "format version")
        same(H(skeleton), fields[11], "hash of the skeleton")
        same(len(skeleton), fields[12], "length of the skeleton")
        require((3 in fields) == (fields[2] > 1), "previous id exactly above sequence 1")
        self.fields = fields
        self.id = H(header)
        self.device, self.sequence = fields[1], fields[2]
        self.dot = (self.device, self.sequence)
        self.kind = fields[5]
        self.document = fields.get(6, self.id)
        self.is_creation = 6 not in fields
        self.seen = tuple(fields[8])
        self.seen_dots = [tuple(d) for d in fields.get(9, [])]
        self.operations = decode(skeleton)
        self.parts = []
        taken = sum(1 for o in self.operations if o[0] in TAKES_VALUE)
        if values is not None:
            same(H(values), fields[13], "hash of the values")
            same(len(values), fields[14], "length of the values")
            row = Sequence(values)
            require(len(row.item()) in (0, 16), "length of the salt")
            while not row.done:
                self.parts.append(row.raw_item())
        same(len(self.parts), taken, "number of values")
        count("change sets rebuilt and hashed")

    @staticmethod
    def from_envelope(data):
        return Change(*decode(data))

    def verify(self, ward):
        verify(self.device, "changeset", ward, self.header, self.signature, "a change set")


def read_frame(data, published=None, previous=None, creations=None, ward=None, sender=None):
    """The change sets of a frame, rebuilt as "Frames" says."""
    previous, creations = previous or {}, creations or {}
    codec, length, packed, raw = decode(data)
    body = decompress(codec, length, packed, published, 524_288)
    if published is not None:
        same(body, published, "body of a frame")
    (devices, total, schema, authors, sequences, seconds, counters, kinds, documents, marks, mark_refs, skeletons,
     skeleton_refs, forms, values, extras) = decode(body)
    devices = [device or sender for device in devices]
    require(None not in devices, "a device whose key is left out is not known")
    authors, sequences, seconds, counters, documents, mark_refs, skeleton_refs = map(
        Column, (authors, sequences, seconds, counters, documents, mark_refs, skeleton_refs))
    explicit = {e[0]: e[2] for e in extras if len(e) == 3}
    given = {e[0]: e[1] for e in extras if len(e) == 2}
    elided = total - len(explicit)
    salted = forms.count(2)
    signatures = Column(raw[: 64 * elided])
    salts = Column(raw[64 * elided : 64 * elided + 16 * salted])
    ids = Column(raw[64 * elided + 16 * salted :])
    row = Sequence(values)
    last, created, found, place = {}, {}, [], 0
    for index in range(total):
        if index in explicit:
            change = Change.from_envelope(explicit[index])
        else:
            device = devices[authors.varint()]
            before = last.get(device, (0, 0, None))
            sequence = (before[0] + sequences.varint()) % (1 << 64)
            time = before[1] + seconds.zigzag()
            fields = {0: 1, 1: device, 2: sequence, 4: time << 16 | counters.varint(), 5: kinds[place], 7: schema}
            if sequence > 1:
                if index in given:
                    fields[3] = given[index]
                elif before[2] is not None and before[0] + 1 == sequence:
                    fields[3] = before[2]
                else:
                    require((device, sequence) in previous, "previous id is not known")
                    fields[3] = previous[(device, sequence)]
            reference = documents.varint()
            if reference == 1:
                fields[6] = ids.take(32)
            elif reference > 1:
                dot = (devices[reference - 2], documents.varint())
                require(dot in created or dot in creations, "creation is not known")
                fields[6] = created.get(dot) or creations[dot]
            fields[8] = marks[mark_refs.varint()]
            skeleton = skeletons[skeleton_refs.varint()]
            taken = sum(1 for o in decode(skeleton) if o[0] in TAKES_VALUE)
            form, content = forms[place], None
            require((form == 0) == (taken == 0), "value form")
            if form:
                salt = salts.take(16) if form == 2 else b""
                content = encode(salt) + b"".join(row.raw_item() for _ in range(taken))
                fields[13], fields[14] = H(content), len(content)
            fields[11], fields[12] = H(skeleton), len(skeleton)
            change = Change(encode(fields), signatures.take(64), skeleton, content)
            place += 1
        if ward is not None:
            change.verify(ward)
        last[change.device] = (change.sequence, change.fields[4] >> 16, change.id)
        if change.is_creation:
            created[change.dot] = change.id
        found.append(change)
    for column in (authors, sequences, seconds, counters, documents, mark_refs, skeleton_refs, signatures, salts, ids,
                   row):
        require(column.done, "something is left over in a frame")
    count("frames")
    return found


# The Merkle tree.


def root(leaves):
    if not leaves:
        return H(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return H(b"\x01" + root(leaves[:split]) + root(leaves[split:]))


def leaf(entry):
    return H(b"\x00" + entry)


def path_root(hash, place, size, path):
    """The root that an audit path leads to, taken apart from its end as §2.1.1 puts it together; None if it does not fit."""
    if size == 1:
        return hash if not path else None
    if not path:
        return None
    split = 1
    while split * 2 < size:
        split *= 2
    if place < split:
        left = path_root(hash, place, split, path[:-1])
        return left and H(b"\x01" + left + path[-1])
    right = path_root(hash, place - split, size - split, path[:-1])
    return right and H(b"\x01" + path[-1] + right)


def proof_roots(old, old_root, size, path, whole=True):
    """The earlier and the later root that a consistency proof leads to, from SUBPROOF of §2.1.2; None if it does not fit.

    A path from a power of two may begin with the earlier root, which SUBPROOF leaves out."""
    if old == size:
        if whole and not path:
            return (old_root, old_root)
        return (path[0], path[0]) if len(path) == 1 else None
    if not path:
        return None
    split = 1
    while split * 2 < size:
        split *= 2
    if old <= split:
        found = proof_roots(old, old_root, split, path[:-1], whole)
        return found and (found[0], H(b"\x01" + found[1] + path[-1]))
    found = proof_roots(old - split, old_root, size - split, path[:-1], False)
    return found and tuple(H(b"\x01" + path[-1] + side) for side in found)


def hashes(data, most=64):
    require(len(data) % 32 == 0 and len(data) <= most * 32, "a path is whole hashes")
    return [data[i : i + 32] for i in range(0, len(data), 32)]


# The fold, from "The fold", "What replaces what" and "State" of data-model.md.


def tables():
    """(kind, field) -> (merge kind, keyed), from the tables of the document."""
    text = (DOCS / "data-model.md").read_text(encoding="utf-8")
    rows = lambda name: [
        [c.strip() for c in line.strip("|").split("|")]
        for line in re.search(rf"<!-- table: {name} -->\n((?:\|.*\n)+)", text)[1].splitlines()[2:]
    ]
    found = {}
    for kind in rows("kinds"):
        for field in rows(f"fields of {kind[1]}"):
            found[(int(kind[0]), int(field[0]))] = (field[3], field[7] == "yes")
    return found


def slot_of(operation, keyed):
    return operation[1] << 40 | (operation[-1] + 1 if keyed else 0)


def dots_value(dots):
    return encode([list(d) for d in dots])


class Accepted:
    def __init__(self, change, position, effective, outcomes):
        self.change, self.position, self.effective, self.outcomes = change, position, effective, outcomes
        epoch, index, _ = change.seen
        self.seen = epoch << 48 | index

    def knows(self, other):
        if self is other:
            return False
        return (
            other.position <= self.seen
            or (other.change.device == self.change.device and other.change.sequence < self.change.sequence)
            or other.change.dot in self.change.seen_dots
        )

    def operations(self, schema):
        """(index, number, slot, operation, value, outcome) of each."""
        parts = iter(self.change.parts)
        for index, operation in enumerate(self.change.operations):
            value = next(parts) if operation[0] in TAKES_VALUE else b""
            slot = slot_of(operation, schema[(self.change.kind, operation[1])][1])
            outcome = self.outcomes[index] if index < len(self.outcomes) else 0
            yield index, operation[0], slot, operation, value, outcome


def fold(accepted, schema):
    """The canonical state and the document of the accepted change sets of one document."""
    by_dot = {}
    for item in sorted(accepted, key=lambda a: a.position):
        by_dot.setdefault(item.change.dot, item)
    items = list(by_dot.values())
    creation = [a for a in items if a.change.is_creation]
    same(len(creation), 1, "a document has one creation")
    creation = creation[0]
    slots = {}
    for item in items:
        for index, number, slot, operation, value, outcome in item.operations(schema):
            merge = schema[(item.change.kind, operation[1])][0]
            others = [
                (n, o, v) for other in items if other.knows(item)
                for _, n, s, o, v, _ in other.operations(schema) if s == slot
            ]
            entry = dict(item=item, index=index, outcome=outcome, action=1, state=0, settled=False, value=value, note=b"")
            if number == 10:
                parts = Sequence(value)
                require(parts.head() == (4, 2), "a resolution's value is a pair")
                entry.update(action=7, value=parts.raw_item(), note=parts.raw_item())
            if merge == "register":
                if any(n in (1, 10) for n, _, _ in others):
                    continue
            elif merge == "set":
                if number == 3 or any(n == 3 and v == value for n, _, v in others):
                    continue
            elif merge == "claim" and number == 5:
                entry.update(action=2)
            elif merge == "claim" and number == 6:
                rest = [d for d in operation[2:] if isinstance(d, list)]
                entry.update(action=3, value=dots_value(rest))
            elif merge == "workflow" and number == 7:
                entry.update(action=4, state=operation[2], value=dots_value([operation[3]]))
            elif merge == "link" and number == 8:
                entry.update(action=5, value=operation[2])
            elif merge == "link" and number == 9:
                entry.update(action=6, value=dots_value([operation[2]]))
            if merge in ("claim", "workflow"):
                entry["settled"] = any(n == 10 and list(item.change.dot) in o[2] for n, o, _ in others)
            slots.setdefault(slot, (merge, []))[1].append(entry)
    authors = sorted({creation.change.device} | {e["item"].change.device for _, es in slots.values() for e in es})
    out = []
    for slot in sorted(slots):
        merge, entries = slots[slot]
        if merge == "log":
            entries.sort(key=lambda e: (e["item"].effective, e["item"].position, e["index"]))
        else:
            entries.sort(key=lambda e: (e["item"].position, e["index"]))
        out.append([slot, [
            [authors.index(e["item"].change.device), e["item"].change.sequence, e["index"], e["item"].position,
             e["item"].effective, e["action"], e["outcome"], e["state"], e["settled"], e["value"], e["note"]]
            for e in entries
        ]])
    return encode([
        1, creation.change.kind, creation.change.document, authors,
        [authors.index(creation.change.device), creation.change.sequence], creation.effective, out,
    ])


# The files.


def load(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def hexed(value):
    return None if value is None else bytes.fromhex(value)


def check_keys(keys):
    pairs = [keys["ward"][n] for n in ("root", "signing", "sealing", "device")]
    for person in ("lan", "officer"):
        pairs += keys[person].values()
    for pair in pairs:
        same(key_id(hexed(pair["public"])), hexed(pair["keyID"]), "key id")
        count("key ids")
    same(H(hexed(keys["ward"]["root"]["public"])), hexed(keys["ward"]["id"]), "ward id")
    if nacl is None:
        return count("key pairs from seeds (no PyNaCl)", LEFT_OUT)
    for owner in keys.values():
        for name, pair in owner.items():
            if name == "id":
                continue
            seed = hexed(pair["seed"])
            if name == "sealing":
                made = bytes(nacl.public.PrivateKey(hashlib.sha512(seed).digest()[:32]).public_key)
            else:
                made = bytes(nacl.signing.SigningKey(seed).verify_key)
            same(made, hexed(pair["public"]), f"public key of {name}")


def check_changes(vectors):
    ward, found = hexed(vectors["ward"]), {}
    for entry in vectors["changes"]:
        change = Change.from_envelope(hexed(entry["envelope"]))
        parts = (change.header, change.signature, change.skeleton, change.values)
        same(parts, tuple(hexed(entry[n]) for n in ("header", "signature", "skeleton", "values")), "parts")
        same(encode([*parts]), hexed(entry["envelope"]), "the envelope again")
        same(encode(change.fields), change.header, "the header again")
        have = dict(
            id=change.id.hex(), device=change.device.hex(), sequence=change.sequence, time=change.fields[4],
            kind=change.kind, document=change.document.hex(), isCreation=change.is_creation,
            previous=change.fields[3].hex() if 3 in change.fields else None,
            seen=[change.seen[0], change.seen[1], change.seen[2].hex()],
            seenDots=[[d.hex(), s] for d, s in change.seen_dots],
            reissues=change.fields[10].hex() if 10 in change.fields else None,
        )
        same(have, {n: entry[n] for n in have}, f"what {entry['name']} says")
        change.verify(ward)
        found[change.id] = change
    return found


def check_frames(vectors, ward, known):
    same(H(dictionary2()), hexed(vectors["dictionary2"]), "hash of dictionary 2")
    same(H(dictionary3()), hexed(vectors["dictionary3"]), "hash of dictionary 3")
    for entry in vectors["frames"]:
        receiver = entry["receiver"]
        changes = read_frame(
            hexed(entry["bytes"]), hexed(entry["body"]),
            previous={(hexed(d), s): hexed(i) for d, s, i in receiver["previous"]},
            creations={(hexed(d), s): hexed(i) for d, s, i in receiver["creations"]}, ward=ward)
        same([c.id.hex() for c in changes], entry["changes"], f"change sets of the frame {entry['name']}")
        chain = {(c.device, c.sequence): c.fields.get(3) for c in known.values()}
        for device, sequence, previous in receiver["previous"]:
            same(hexed(previous), chain[(hexed(device), sequence)], "what the receiver knows of a chain")
        created = {c.dot: c.id for c in known.values() if c.is_creation}
        for device, sequence, creation in receiver["creations"]:
            same(created.get((hexed(device), sequence)), hexed(creation), "what the receiver knows of a creation")
        for change in changes:
            same(change.header, known[change.id].header, "rebuilt header")
            same(change.values, known[change.id].values, "rebuilt values")


def check_log(vectors, keys):
    ward, leaves = hexed(vectors["ward"]), []
    same(root([]), hexed(vectors["roots"][0]), "root of nothing")
    sizes = {1: 7, 2: 6, 3: 6, 4: 8, 5: 3, 6: 4, 7: 6, 8: 4, 9: 8, 10: 6, 11: 3}
    for entry, wanted in zip(vectors["entries"], vectors["roots"][1:]):
        record = decode(hexed(entry["entry"]))
        same(record[:2], [entry["number"], entry["time"]], "number and time of an entry")
        same(len(record), sizes[record[0]], "parts of an entry")
        same(leaf(hexed(entry["entry"])), hexed(entry["leaf"]), "leaf")
        leaves.append(hexed(entry["leaf"]))
        same(root(leaves), hexed(wanted), f"root of {len(leaves)}")
        count("leaves and roots")
    checkpoint = vectors["checkpoint"]
    body = open_object(hexed(checkpoint["object"]), keys, "checkpoint", ward, "the checkpoint")
    same(body, [1, ward, checkpoint["epoch"], checkpoint["size"], root(leaves), checkpoint["serial"],
                checkpoint["time"]], "checkpoint")


ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def normalized(typed):
    return typed.lower().replace("-", "").replace(" ", "").replace("o", "0").replace("i", "1").replace("l", "1")


def base32(text):
    bits = "".join(f"{ALPHABET.index(c):05b}" for c in normalized(text))
    whole = len(bits) // 8 * 8
    require(len(bits) - whole < 5 and "1" not in bits[whole:], "base 32: filling")
    return bytes(int(bits[i : i + 8], 2) for i in range(0, whole, 8))


def read_descriptor(text):
    line = "".join(text.split())
    require(line.startswith("wardsync1-"), "descriptor prefix")
    data = base32(line[len("wardsync1-") :])
    fields = decode(decode(data)[0])
    ward = H(fields[4])
    same(open_object(data, [fields[4]], "descriptor", ward, "the descriptor"), fields, "descriptor")
    return ward, fields


def check_objects(vectors, keys):
    ward, descriptor = read_descriptor(vectors["descriptor"]["text"])
    same(ward, hexed(vectors["ward"]), "ward id of the descriptor")
    wanted = vectors["descriptor"]
    public = lambda name: hexed(keys["ward"][name]["public"])
    fields = [1, wanted["name"], wanted["area"], wanted["addresses"], public("root"), [public("signing")],
              public("sealing"), public("device"), wanted["issued"]]
    same(descriptor, fields, "descriptor")
    pinned = read_descriptor(wanted["pinnedText"])
    same(pinned, (ward, fields + [[1] + [hexed(pin) for pin in wanted["pins"]]]), "descriptor with pins")
    epoch = vectors["epoch"]
    body = open_object(hexed(epoch["object"]), [public("root")], "epoch", ward, "the epoch statement")
    same(body, [1, ward, epoch["oldEpoch"], epoch["size"], hexed(epoch["root"]), epoch["epoch"],
                hexed(epoch["device"]), epoch["time"]], "epoch statement")
    grant = vectors["grant"]
    body = open_object(hexed(grant["object"]), descriptor[5], "grant", ward, "the grant")
    same(body, [1, hexed(grant["device"]), hexed(grant["sealingKey"]), grant["role"], grant["areas"],
                grant["validFrom"], grant["validUntil"], grant["name"]], "grant")
    join = vectors["join"]
    typed = normalized(join["typed"])
    same((typed[:6], typed[6:]), (join["invitation"], join["secret"]), "typed invitation")
    same(normalized(join["code"]), typed, "invitation code")
    body, signature = decode(hexed(join["request"]))
    fields = decode(body)
    same(fields, [1, join["invitation"], join["secret"], hexed(grant["device"]), hexed(grant["sealingKey"])], "join")
    verify(fields[3], "invitation", ward, body, signature, "the join request")
    succession = vectors["succession"]
    body, *signatures = decode(hexed(succession["statement"]))
    fields = decode(body)
    same(fields, [1] + [hexed(succession[name]) for name in ("old", "new", "sealingKey")], "succession")
    same(len(signatures), 2, "signatures of a succession")
    for key, signature in zip(fields[1:3], signatures):
        verify(key, "key", ward, body, signature, "a succession")
    for entry in vectors["privateValues"]:
        box = hexed(entry["box"])
        if entry["fieldValue"] is not None:
            same(decode(hexed(entry["fieldValue"])), [key_id(hexed(entry["recipient"])), box] if entry["isFirst"] else [],
                 "sealed field")
        dot = (hexed(entry["dot"][0]), entry["dot"][1])
        value = open_box(box, hexed(entry["recipientSeed"]), ward, dot, entry["slot"])
        if value is not None:
            same(value, hexed(entry["value"]), "private value")
            secret = nacl.public.PrivateKey(hashlib.sha512(hexed(entry["recipientSeed"])).digest()[:32])
            same(bytes(secret.public_key), hexed(entry["recipient"]), "recipient of a box")


def cover(known, size):
    """The complete subtrees of a cover: pairs of the first leaf and the leaf behind the last."""
    found = []
    for start, end in ((0, known), (known, size)):
        while start < end:
            step = 1 << (end - start).bit_length() - 1
            step = min(step, start & -start) if start else step
            found.append((start, start + step))
            start += step
    return found


def cover_roots(known, size, roots):
    same(len(roots), len(cover(known, size)), "number of roots of a cover")
    return dict(zip(cover(known, size), roots))


def split(count):
    return 1 << (count - 1).bit_length() - 1


def cover_root(roots, low, high):
    """The root over the leaves of a node; None where they lie within a subtree of the cover."""
    if (low, high) in roots:
        return roots[low, high]
    if high - low < 2:
        return None
    middle = low + split(high - low)
    left, right = cover_root(roots, low, middle), cover_root(roots, middle, high)
    return None if left is None or right is None else H(b"\x01" + left + right)


def whole_path(place, known, size, roots, told):
    """A whole audit path, out of a cover's roots and what was told of it."""
    roots, told, path = cover_roots(known, size, roots), list(told), []
    for low, high in siblings(place, size):
        found = cover_root(roots, low, high)
        path.append(told.pop(0) if found is None else found)
    require(not told, "nothing is told of a path that follows")
    return path


def siblings(place, size):
    low, high, found = 0, size, []
    while high - low > 1:
        middle = low + split(high - low)
        found.insert(0, (middle, high) if place < middle else (low, middle))
        low, high = (low, middle) if place < middle else (middle, high)
    return found


def audit_path(place, leaves):
    return [root(leaves[low:high]) for low, high in siblings(place, len(leaves))]


def proof_file(text, prefix, ward):
    """The parts of a receipt or a contradiction, and its descriptor's fields."""
    line = "".join(text.split())
    require(line.startswith(prefix), "prefix of a proof")
    parts = decode(base32(line[len(prefix) :]))
    same(parts[0], 1, "version of a proof")
    fields = decode(decode(parts[1])[0])
    same(open_object(parts[1], [fields[4]], "descriptor", ward, "the descriptor of a proof"), fields, "descriptor")
    same(H(fields[4]), ward, "ward of a proof")
    return parts, fields


def contradicts(a, b):
    """Two checkpoint bodies: [1, ward, epoch, size, root, serial, time]."""
    if a[2] != b[2]:
        return False
    if a[3] == b[3]:
        return a[4] != b[4]
    return a[5] == b[5] or (a[5] < b[5]) != (a[3] < b[3])


def check_proofs(vectors):
    ward, trees = hexed(vectors["ward"]), vectors["trees"]
    leaves = [hexed(x) for x in trees["leaves"]]
    same(leaves, [leaf(bytes([n])) for n in range(len(leaves))], "numbered leaves")
    for entry in trees["inclusion"]:
        path = [hexed(x) for x in entry["path"]]
        found = path_root(leaves[entry["leaf"]], entry["leaf"], entry["size"], path)
        same(found, root(leaves[: entry["size"]]), "root of an audit path")
        same(found, hexed(entry["root"]), "published root")
        count("audit paths")
    for entry in trees["consistency"]:
        path = [hexed(x) for x in entry["path"]]
        found = proof_roots(entry["from"], root(leaves[: entry["from"]]), entry["to"], path)
        same(found, (root(leaves[: entry["from"]]), root(leaves[: entry["to"]])), "roots of a consistency proof")
        same(found, (hexed(entry["oldRoot"]), hexed(entry["root"])), "published roots")
        count("consistency proofs")
    for entry in trees["beside"]:
        known, size, place = entry["known"], entry["size"], entry["leaf"]
        peaks, subtrees, told = ([hexed(x) for x in entry[n]] for n in ("peaks", "subtrees", "path"))
        same(cover_root(cover_roots(known, size, peaks + subtrees), 0, size), hexed(entry["root"]), "root of a cover")
        same(whole_path(place, known, size, peaks + subtrees, told), audit_path(place, leaves[:size]), "a whole path")
        count("proofs beside a tree")
    for said in vectors["receipts"]:
        parts, descriptor = proof_file(said["text"], "wardreceipt1-", ward)
        _, _, header, signature, position, entry, path, checkpoint, content = parts
        fields, record = decode(header), decode(entry)
        verify(fields[1], "changeset", ward, header, signature, "the header of a receipt")
        head = open_object(checkpoint, descriptor[5], "checkpoint", ward, "the checkpoint of a receipt")
        require(record[0] in (1, 2, 3, 4, 9), "a receipt holds a decision")
        same(record[2:5], [fields[1], fields[2], H(header)], "the entry of a receipt is on its change set")
        require(position >> 48 <= head[2], "epoch of a receipt")
        index = position & (1 << 48) - 1
        same(path_root(leaf(entry), index - 1, head[3], hashes(path)), head[4], "root of a receipt")
        skeleton, values = content or (None, None)
        if content:
            Change(header, signature, skeleton, values)
        have = dict(id=H(header), document=fields.get(6, H(header)), device=fields[1], sequence=fields[2],
                    position=index, size=head[3], entry=entry, skeleton=skeleton, values=values)
        same({n: v.hex() if isinstance(v, bytes) else v for n, v in have.items()}, {n: said[n] for n in have},
             f"what the receipt of the {said['name']} says")
        require(len(said["text"]) < 4096, "length of a receipt")
        count("receipts as files")
    for said in vectors["contradictions"]:
        parts, descriptor = proof_file(said["text"], "wardproof1-", ward)
        _, _, first, second, path, answer = parts
        opened = lambda data: open_object(data, descriptor[5], "checkpoint", ward, "a checkpoint of a contradiction")
        first, shown, second = opened(first), second, opened(second) if second else None
        same([first[3], second and second[3]], [said["first"], said["second"]], "sizes of a contradiction")
        kind = None
        if second and contradicts(first, second):
            kind = "rolledBack" if second[3] < first[3] else "forked"
        elif second and first[2] == second[2] and first[3] <= second[3]:
            roots = proof_roots(first[3], first[4], second[3], hashes(path))
            kind = "forked" if roots and roots[1] == second[4] and roots[0] != first[4] else None
        elif answer:
            kind = said_by_answer(first, second, shown, answer, descriptor, ward)
        same(kind, said["kind"], f"what {said['name']} proves")
        count("contradictions")
    for said in vectors["forks"]:
        parts, _ = proof_file(said["text"], "wardfork1-", ward)
        heads = [decode(parts[2]), decode(parts[4])]
        for at, fields in zip((2, 4), heads):
            verify(fields[1], "changeset", ward, parts[at], parts[at + 1], "a header of a fork")
        same([fields[1] for fields in heads], [hexed(said["device"])] * 2, "device of a fork")
        same([fields[2] for fields in heads], said["sequences"], "sequences of a fork")
        ids = [H(parts[2]), H(parts[4])]
        same(ids, [hexed(n) for n in said["ids"]], "ids of a fork")
        one, two = said["sequences"]
        require(ids[0] != ids[1] if one == two else two == one + 1 and heads[1][3] != ids[0], "a fork of a chain")
        count("forks")


def said_by_answer(first, second, shown, answer, descriptor, ward):
    request, (codec, length, sent, key, signature) = answer[0], decode(answer[1])
    public = {key_id(k): k for k in descriptor[5]}[key]
    verify(public, "answer", ward, request + H(sent), signature, "the answer of a contradiction")
    if codec != 0 and zstandard is None:
        count("answers of contradictions (no zstandard)", LEFT_OUT)
        return "rolledBack" if second else "forked"
    body = decode(decompress(codec, length, sent, None, 1_048_576))
    index, up_to, checkpoint, time = body[0], body[3], body[11], body[13]
    require(time >= first[6], "the answer is not older than the checkpoint")
    if second:
        return "rolledBack" if (index, checkpoint) == (0, shown) and second[2:4] < first[2:4] else None
    return "forked" if up_to[:2] == first[2:4] and up_to[2] != first[4][:8] else None


def read_part(data, said, name):
    """The piece of a part of a bundle, verified against the bundle's id."""
    same(data[:9], b"WSBUNDLE\x01", "beginning of a part")
    number = lambda start, length: int.from_bytes(data[start : start + length], "big")
    length, nodes = number(107, 4), data[106]
    same(data[111:119], H(b"wardsync/v1/bundle-head\0" + data[:111])[:8], "check of a part's head")
    same(len(data), 119 + 32 * nodes + length, "length of a part")
    path = [data[119 + 32 * i : 151 + 32 * i] for i in range(nodes)]
    piece = data[119 + 32 * nodes :]
    have = dict(direction=data[9], ward=data[10:18].hex(), id=data[18:50].hex(), part=number(50, 4),
                count=number(54, 4), total=number(58, 8), answers=data[66:98].hex(), mark=data[98:106].hex())
    same(have, {n: said[n] for n in have}, "head of a part")
    whole = leaf(data[9:18] + data[50:106] + piece)
    same(path_root(whole, have["part"] - 1, have["count"], path), data[18:50], "path of a part of " + name)
    count("parts of bundles")
    return piece


def check_bundles(vectors):
    for bundle in vectors["bundles"]:
        pieces = [read_part(hexed(p["file"]), p, bundle["name"]) for p in bundle["parts"]]
        same(b"".join(pieces), hexed(bundle["sealed"]), "pieces of a bundle")
        if bundle["device"] is not None:
            part = bundle["parts"][0]
            same(H(b"wardsync/v1/bundle-for\0" + hexed(part["answers"]) + hexed(bundle["device"]))[:8].hex(),
                 part["mark"], "mark of a return")
    series = vectors["codes"]
    joined = b""
    for place, text in enumerate(series["texts"]):
        require(text.startswith("WARDBUNDLE1-") and text == text.upper(), "a text of a code")
        data = base32(text[len("WARDBUNDLE1-") :])
        same(data[:11], H(hexed(series["file"]))[:8] + bytes([0, place + 1, len(series["texts"])]), "head of a text")
        same(data[11:15], H(b"wardsync/v1/bundle-text\0" + data[:11] + data[15:])[:4], "check of a text")
        joined += data[15:]
        count("texts of codes")
    same(joined, hexed(series["file"]), "the file in a series of codes")
    head = vectors["return"]
    version, request, steps = decode(hexed(head["bytes"]))
    same([version, request.hex()], [1, head["request"]], "head of a return")
    same([[p, s, b.hex(), g.hex()] for p, s, b, g in steps], head["steps"], "steps of a return")


def read_blocks(data):
    found, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        require(1 <= length <= 131_072 and at + 4 + length <= len(data), "block")
        found.append((data[at + 4], data[at + 5 : at + 4 + length]))
        at += 4 + length
    return found


def check_request(exchange, ward, log):
    blocks = read_blocks(hexed(exchange["requestBody"]))
    same([k for k, _ in blocks], [1] + [2] * (len(blocks) - 1), "kinds of blocks")
    payload = blocks[0][1]
    same(H(payload), hexed(exchange["requestHash"]), "request hash")
    body, signature = decode(payload)
    fields, said = decode(body), exchange["request"]
    same(fields, [1, ward[:8], hexed(said["device"]), said["position"], said["scope"], said["backfill"],
                  said["cursor"], said["checkpointSerial"], said["serial"], hexed(said["nonce"]), said["time"],
                  said["chain"], hexed(said["sealingKey"]), said["wishes"]]
         + ([said["proofs"]] if said["proofs"] else []), "request")
    verify(fields[2], "request", ward, body, signature, "the request")
    frames = [p for _, p in blocks[1:]]
    same([f.hex() for f in frames], exchange["frames"], "frames of the request")
    # What the ward holds of the device stands in its log: ids by dot, which creations name their documents by too.
    ids = {(r[2], r[3]): r[4] for r in map(decode, log) if r[0] in (1, 2, 3)}
    before = {(device, sequence + 1): id for (device, sequence), id in ids.items()}
    read = lambda f: read_frame(f, previous=before, creations=ids, ward=ward, sender=fields[2])
    return fields, [c for f in frames for c in read(f)] if can_read(frames) else None


def with_left_out(proofs, receipts, log):
    """Proofs with the entries that receipts of the same frame stand for."""
    consistency, included, *beside = proofs
    require(beside in ([], [True]), "proofs beside a tree say so")
    index = lambda position: position & (1 << 48) - 1
    whole = []
    for position, entry, path in included:
        if not entry:
            covers = any(r[0] <= position < r[0] + r[2] for r in receipts)
            require(covers, "an entry is left out for which no receipt of the frame stands")
            entry = log[index(position) - 1]
            count("entries left out of proofs")
        whole.append([position, entry, path])
    return consistency, whole, bool(beside)


def check_answered_proofs(proofs, exchange, head, log):
    if not proofs:
        return
    consistency, included, is_beside = proofs[0]
    old = exchange["request"]["proofs"][0] & (1 << 48) - 1
    wishes = exchange["request"]["wishes"]
    same(is_beside, wishes & (128 | 1 << 31) != 0, "proofs are told beside a tree where that is asked for")
    if is_beside:
        peaks = [root([leaf(e) for e in log[a:b]]) for a, b in cover(0, old)] if wishes & 128 else []
        proven = {(p & (1 << 48) - 1) - 1: leaf(e) for p, e, _ in included}
        told, roots = hashes(consistency, 192), peaks
        for start, end in cover(old, head[3])[len(peaks):]:
            roots.append(proven[start] if end - start == 1 and start in proven else told.pop(0))
        require(not told, "no root is told that follows")
        same(cover_root(cover_roots(old, head[3], roots), 0, head[3]), head[4], "the log goes on")
        same(roots, [root([leaf(e) for e in log[a:b]]) for a, b in cover(old, head[3])], "roots of a cover")
        included = [[p, e, b"".join(whole_path((p & (1 << 48) - 1) - 1, old, head[3], roots, hashes(n)))]
                    for p, e, n in included]
        count("proofs beside a tree")
    elif consistency:
        found = proof_roots(old, root([leaf(e) for e in log[:old]]), head[3], hashes(consistency))
        same(found, (root([leaf(e) for e in log[:old]]), head[4]), "the log goes on")
        count("consistency proofs")
    for position, entry, path in included:
        index = position & (1 << 48) - 1
        same(entry, log[index - 1], "a proven entry stands in the log")
        same(path_root(leaf(entry), index - 1, head[3], hashes(path)), head[4], "root of a proven entry")
        require(decode(entry)[3] in exchange["request"]["proofs"][1], "only what was asked for is proven")
        count("audit paths")


def can_read(frames):
    if zstandard is None and any(decode(f)[0] != 0 for f in frames):
        count("frames of requests (no zstandard)", LEFT_OUT)
        return False
    return True


def receipted(runs, device, chain, log):
    """The entries that an answer's receipts stand for, as [position, entry]; chain is the device's own, if at hand."""
    found = []
    for position, sequence, n, time, last, effective, decided in runs:
        require(1 <= n <= 4096 and all(0 <= i < n for i, _ in effective + decided), "a run of receipts")
        if chain is None:
            count("receipts of frames that could not be read (no zstandard)", LEFT_OUT)
            continue
        same(chain[sequence + n - 1].id, last, "the last change set of a run of receipts")
        times, outcomes = dict(effective), dict(decided)
        for i in range(n):
            change = chain[sequence + i]
            said = [1, time, device, sequence + i, change.id, times.get(i, change.fields[4]), outcomes.get(i, b"")]
            found.append([position + i, encode(said)])
            count("receipts")
    return found


STATE_COLUMNS = (
    "kind creator creationSequence creationSeconds creationCounter writeCount writer writeSequence writePosition "
    "writeSeconds writeCounter lastPosition lastEffective dotCount dotDevice dotSequence dotPosition slotCount slot "
    "entryCount entryWrite entryIndex entryAction entryOutcome entryState entrySettled valueForm valueLength valueDot "
    "noteLength"
).split()


class StateColumns:
    """The columns of a frame of states, each read from its beginning."""

    def __init__(self, columns):
        same(len(columns), len(STATE_COLUMNS), "number of columns")
        self.columns = {name: Column(column) for name, column in zip(STATE_COLUMNS, columns)}

    def __call__(self, name):
        return self.columns[name].varint()

    def signed(self, name):
        return self.columns[name].zigzag()

    def end(self):
        for name, column in self.columns.items():
            require(column.done, "more in the column " + name)


def read_states(body):
    """The canonical bytes of the states in a frame."""
    version, devices, ids, columns, fields, values = decode(body)
    column, whole = StateColumns(columns), 1 << 64
    rest = dict(zip(fields, values))
    last, ahead, seconds = [0] * len(devices), [0] * len(devices), 0

    def take(field, length):
        taken, rest[field] = rest[field][:length], rest[field][length:]
        return taken

    for start in range(0, len(ids), 32):
        kind, creator = column("kind"), column("creator")
        last[creator] = (last[creator] + column.signed("creationSequence")) % whole
        creation = (devices[creator], last[creator])
        seconds = (seconds + column.signed("creationSeconds")) % whole
        made = (seconds << 16) % whole | column("creationCounter")
        writes, moment = [], seconds
        for _ in range(column("writeCount")):
            author = column("writer")
            last[author] = (last[author] + column.signed("writeSequence")) % whole
            ahead[author] = (ahead[author] + column.signed("writePosition")) % whole
            moment = (moment + column.signed("writeSeconds")) % whole
            position = (ahead[author] + last[author]) % whole
            writes.append((devices[author], last[author], position, (moment << 16) % whole | column("writeCounter")))
        column.signed("lastPosition"), column.signed("lastEffective")
        for part in range(3):
            found = column("dotCount")
            for _ in range(found):
                column("dotDevice"), column("dotSequence")
            for _ in range(2 * found if part == 2 else 0):
                column("dotPosition")
        slots = []
        for _ in range(column("slotCount")):
            slot, entries = column("slot"), []
            for _ in range(column("entryCount")):
                write = writes[column("entryWrite")]
                index, action, outcome = column("entryIndex"), column("entryAction"), column("entryOutcome")
                state, settled, form = column("entryState"), column("entrySettled") == 1, column("valueForm")
                if form == 0:
                    value = take(slot >> 40, len(Sequence(rest[slot >> 40]).raw_item()))
                elif form == 5:
                    value = take(slot >> 40, column("valueLength"))
                else:
                    dots = []
                    for _ in range(form):
                        known = column("valueDot")
                        if known:
                            dots.append(list(writes[known - 1][:2]))
                        else:
                            dots.append([devices[column("dotDevice")], column("dotSequence")])
                    value = encode(dots)
                note = take(slot >> 40, column("noteLength"))
                entries.append([write[0], write[1], index, write[2], write[3], action, outcome, state, settled, value, note])
            slots.append([slot, entries])
        authors = sorted({creation[0]} | {e[0] for _, entries in slots for e in entries})
        for _, entries in slots:
            for entry in entries:
                entry[0] = authors.index(entry[0])
        yield encode([
            version, kind, ids[start : start + 32], authors, [authors.index(creation[0]), creation[1]], made, slots])
    column.end()
    same(set(rest.values()), {b""} if rest else set(), "ends of the values")


def check_compacted(part, said):
    """What an answer says of states and histories; the canonical bytes of the states."""
    same(part is not None, bool(said), "states in an answer")
    if part is None:
        return []
    as_of, frame, erased, whole = part
    said = said[0]
    same([as_of, [i.hex() for i in erased], [i.hex() for i in whole]], [said["asOf"], said["erased"], said["whole"]],
         "what an answer says of histories")
    same(frame or b"", hexed(said["frame"]), "frame of states")
    if frame is None:
        return []
    codec, length, sent = decode(frame)
    same(decompress(codec, length, sent, hexed(said["body"]), 1_048_576), hexed(said["body"]), "body of states")
    states = list(read_states(hexed(said["body"])))
    same([s.hex() for s in states], said["states"], "states of a frame")
    return states


def check_exchange(exchange, ward, descriptor, log, schema):
    request, own = check_request(exchange, ward, log)
    held = {c.dot: c for c in own or []}
    accepted, position, roots = {}, request[3], [root([])]
    given, named = {}, set()
    blocks = read_blocks(hexed(exchange["answerBody"]))
    same(len(blocks), len(exchange["answers"]), "number of answer frames")
    for index, ((kind, payload), said) in enumerate(zip(blocks, exchange["answers"])):
        same(kind, 3, "kind of an answer block")
        codec, length, sent, key, signature = decode(payload)
        public = {key_id(k): k for k in descriptor[5]}[key]
        verify(public, "answer", ward, hexed(exchange["requestHash"]) + H(sent), signature, "an answer frame")
        body = decompress(codec, length, sent, hexed(said["body"]), 1_048_576)
        same(body, hexed(said["body"]), "body of an answer")
        (number, frame, entries, up_to, backfill, cursor, is_open, scope, left, cards, disclosures, checkpoint, grant,
         time, flags, need, receipts, backed_up, *rest) = decode(body)
        shown = True
        if isinstance(checkpoint, list):
            wishes = exchange["request"]["wishes"]
            require(wishes & (128 | 1 << 31), "a checkpoint is shortened where that is asked for")
            shown = checkpoint[2] != b""
            parts, by, signed = checkpoint[:5], checkpoint[5] or key, checkpoint[6]
            if not parts[2]:
                require(wishes & 128 and rest and rest[0] and rest[0][2:] == [True], "a root that the device's tree has")
                parts[2] = root([leaf(e) for e in log[: parts[1]]])
                count("roots left out")
            checkpoint = encode([encode([1, ward] + parts), by, signed])
            count("shortened checkpoints")
        proofs = [with_left_out(rest[0], receipts, log)] if rest and rest[0] is not None else []
        text = lambda value: None if value is None else value.hex()
        have = dict(
            index=number, entries=[[p, e.hex()] for p, e in entries], upTo=[up_to[0], up_to[1], up_to[2].hex()],
            backfill=backfill, cursor=cursor, open=text(is_open), scope=scope, left=[i.hex() for i in left],
            cards=[[d.hex(), r, n, a] for d, r, n, a in cards],
            disclosures=[[[d[0].hex(), d[1]], s, b.hex()] for d, s, b in disclosures], checkpoint=text(checkpoint) if shown else None,
            grant=text(grant), serverTime=time, flags=flags, need=need,
            backedUp=backed_up,
            receipts=[[*r[:4], r[4].hex(), r[5], [[n, o.hex()] for n, o in r[6]]] for r in receipts],
            proofs=[[proofs[0][0].hex(), [[p, e.hex(), n.hex()] for p, e, n in proofs[0][1]], proofs[0][2]]] if proofs else [])
        same(have, {n: said[n] for n in have}, "fields of an answer")
        compacted = check_compacted(rest[2] if len(rest) > 2 else None, said["compacted"])
        for state in compacted:
            given[decode(state)[2]] = state
        same(number, index, "index of an answer frame")
        same(flags & 1, 1 if index == len(blocks) - 1 else 0, "flag of the last frame")
        changes = read_frame(frame, ward=ward) if frame is not None else []
        same([c.id.hex() for c in changes], said["changes"], "change sets of an answer")
        held.update({c.dot: c for c in changes})
        named |= {c[0] for c in cards}
        authors = {c.device for c in changes} | {d for s in compacted for d in decode(s)[3]}
        same(authors - named, set(), "cards of the authors")
        own_chain = None if own is None else {s: c for (d, s), c in held.items() if d == request[2]}
        for at, entry in sorted(entries + receipted(receipts, request[2], own_chain, log)):
            same(entry, log[(at & (1 << 48) - 1) - 1], "an entry stands in the log")
            record = decode(entry)
            if record[0] == 6:
                continue
            require(record[0] in (1, 2, 3, 4, 9), "an answer holds decisions")
            change = held.get((record[2], record[3]))
            if change is None:
                require(record[2] == request[2], "an entry without its change set")
                continue
            same(change.id, record[4], "an entry and its change set")
            if record[0] in (1, 4):
                accepted.setdefault(change.document, []).append(Accepted(change, at, record[5], list(record[6])))
        same(up_to[2], root([leaf(e) for e in log[: up_to[1]]])[:8], "root of the seen mark")
        require(up_to[1] >= position & (1 << 48) - 1, "the position moves on")
        for dot, slot, box in disclosures:
            value = open_box(box, hexed(exchange["sealingSeed"]), ward, (dot[0], dot[1]), slot)
            if value is not None:
                require(isinstance(decode(value), str), "a disclosure is a text")
        if grant is not None:
            fields = open_object(grant, descriptor[5], "grant", ward, "the grant of an answer")
            same(fields[1], request[2], "the grant is the device's")
        if checkpoint is not None:
            fields = open_object(checkpoint, descriptor[5], "checkpoint", ward, "the checkpoint of an answer")
            require(index == 0 and fields[3] >= up_to[1], "the checkpoint comes first and holds what is delivered")
            same(fields[4], root([leaf(e) for e in log[: fields[3]]]), "root of the checkpoint")
            check_answered_proofs(proofs, exchange, fields, log)
    for change in held.values():
        if change.seen[1] <= len(log):
            same(change.seen[2], root([leaf(e) for e in log[: change.seen[1]]])[:8], "seen root of a change set")
    for said in exchange["states"]:
        document = hexed(said["document"])
        if document in given:
            same(given[document], hexed(said["canonical"]), "canonical bytes of a state that was given")
            same(H(given[document]), hexed(said["hash"]), "state hash")
            count("states that were given")
            continue
        if own is None and document not in accepted:
            count("states of documents whose frames could not be read (no zstandard)", LEFT_OUT)
            continue
        state = fold(accepted[document], schema)
        same(decode(state), decode(hexed(said["canonical"])), "state of a document")
        same(state, hexed(said["canonical"]), "canonical bytes of a state")
        same(H(state), hexed(said["hash"]), "state hash")
        count("document states")
    count("exchanges")


LEAF = 4096


def content_bytes(length):
    return bytes(i * 31 + (i >> 8) & 255 for i in range(length))


def content_root(data):
    leaves = [leaf(data[i : i + LEAF]) for i in range(0, len(data), LEAF)]
    return H(b"\x02" + len(data).to_bytes(8, "big") + root(leaves))


def check_content(vectors):
    for content in vectors["contents"]:
        data = content_bytes(content["length"])
        same(content_root(data), hexed(content["root"]), "root of a content")
        for part in content["parts"]:
            size = LEAF << part["level"]
            piece = data[part["index"] * size : (part["index"] + 1) * size]
            path = hexed(part["path"])
            nodes = [path[i : i + 32] for i in range(0, len(path), 32)]
            inner = root([leaf(piece[i : i + LEAF]) for i in range(0, len(piece), LEAF)])
            whole = path_root(inner, part["index"], -(-len(data) // size), nodes)
            require(whole is not None, "the path of a part fits its place")
            name = H(b"\x02" + len(data).to_bytes(8, "big") + whole)
            same(name, hexed(content["root"]), "what a part leads to")
            block = encode([name, part["level"], part["index"], path, piece])
            same(H(block), hexed(part["block"]), "the block of a part")
            count("parts of contents")
    photo, small = content_bytes(100_000), content_bytes(3000)
    same(
        encode([content_root(photo), 100_000, 1, content_root(small), 3000]), hexed(vectors["attachment"]), "an attachment")
    same(encode([content_root(small), 3000, 4]), hexed(vectors["attachmentWithoutThumbnail"]), "an attachment alone")
    needs = [[content_root(photo)], [content_root(photo), 3, 4, 20, 5], [content_root(small), 0, 0]]
    same(encode([65_536, 1, needs]), hexed(vectors["wish"]), "a wish")


def main():
    keys = load("keys")
    ward = hexed(keys["ward"]["id"])
    signing = [hexed(keys["ward"]["signing"]["public"])]
    check_keys(keys)
    known = check_changes(load("changesets"))
    check_frames(load("frames"), ward, known)
    check_log(load("log"), signing)
    check_objects(load("objects"), keys)
    check_proofs(load("proofs"))
    check_bundles(load("bundles"))
    check_content(load("content"))
    exchanges = load("exchange")
    ward, descriptor = read_descriptor(exchanges["descriptor"])
    log, schema = [hexed(e) for e in exchanges["log"]], tables()
    for exchange in exchanges["exchanges"]:
        check_exchange(exchange, ward, descriptor, log, schema)
    print("holds: " + ", ".join(f"{n} {what}" for what, n in CHECKED.items()))
    if LEFT_OUT:
        print("left out: " + ", ".join(f"{n} {what}" for what, n in LEFT_OUT.items()))
        if WHOLE:
            sys.exit("check: python3-nacl and python3-zstandard are missing: scripts/install-dependencies")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Runs the field workload on the peers, Loro and Yrs, and prints one JSON line for each peer and mode.

    peers.py [--mode merge|signed] [--workload FILE] [--peer loro|yrs]

(Through run-peers, which installs what is imported here.) Without --mode both modes run, without --workload each on
the workload of its usual sizes.

merge   Each device hands in one update with all its edits; the hub merges them in memory. Nothing is signed.
signed  Each edit is an update of its own with an Ed25519 signature. The hub verifies it, merges it and stores it in
        SQLite (WAL, synchronous=FULL, one transaction a device): the least that a real hub has to do.

edits_per_s is the hub's work only; what devices do before is not timed. bytes_per_edit is what a device sends, with
signatures; bytes_per_edit_zstd the same after zstd level 9 over what it sends together. cold_bytes and cold_s are the
size of the whole ward for a new device and the seconds it takes to load.
"""
import argparse
import json
import sqlite3
import tempfile
import time
from pathlib import Path

import loro
import pycrdt
import zstandard
from nacl.signing import SigningKey

import workload

ZSTD_LEVEL = 9


class LoroPeer:
    """A ward as a Loro document: a map of report maps, comments as a list in each."""

    name = "loro"

    def found(self, reports):
        """The encoded document that all devices and the hub start from."""
        document = loro.LoroDoc()
        ward = document.get_map("reports")
        for report in reports:
            fields = ward.insert_container(report["id"], loro.LoroMap())
            for name, value in report["fields"].items():
                fields.insert(name, value)
            fields.insert_container("comments", loro.LoroList())
        document.commit()
        return self.encode(document)

    def open(self, encoded):
        document = loro.LoroDoc()
        document.import_(encoded)
        return document

    def encode(self, document):
        return document.export(loro.ExportMode.Snapshot())

    def version(self, document):
        return document.oplog_vv

    def edit(self, document, report, field, value):
        fields = document.get_map("reports").get(report).container
        if field == "comment":
            fields.get("comments").container.push(value)
        else:
            fields.insert(field, value)
        document.commit()

    def update_since(self, document, version):
        return document.export(loro.ExportMode.Updates(version))

    def merge(self, document, update):
        document.import_(update)


class YrsPeer:
    """A ward as a Yrs document: a map of report maps, comments as an array in each."""

    name = "yrs"

    def found(self, reports):
        document = pycrdt.Doc()
        ward = document.get("reports", type=pycrdt.Map)
        with document.transaction():
            for report in reports:
                ward[report["id"]] = pycrdt.Map({**report["fields"], "comments": pycrdt.Array([])})
        return self.encode(document)

    def open(self, encoded):
        document = pycrdt.Doc()
        document.get("reports", type=pycrdt.Map)
        document.apply_update(encoded)
        return document

    def encode(self, document):
        return document.get_update()

    def version(self, document):
        return document.get_state()

    def edit(self, document, report, field, value):
        ward = document.get("reports", type=pycrdt.Map)
        with document.transaction():
            if field == "comment":
                ward[report]["comments"].append(value)
            else:
                ward[report][field] = value

    def update_since(self, document, version):
        return document.get_update(version)

    def merge(self, document, update):
        document.apply_update(update)


def squeezed(data):
    return len(zstandard.compress(data, ZSTD_LEVEL))


def run_merge(peer, devices, founded):
    updates = []
    for device in devices:
        document = peer.open(founded)
        before = peer.version(document)
        for edit in device["ops"]:
            peer.edit(document, *edit)
        updates.append(peer.update_since(document, before))
    edits = sum(len(device["ops"]) for device in devices)

    hub = peer.open(founded)
    started = time.perf_counter()
    for update in updates:
        peer.merge(hub, update)
    merged = time.perf_counter()

    cold = peer.encode(hub)
    cold_started = time.perf_counter()
    peer.open(cold)
    cold_loaded = time.perf_counter()
    return {
        "edits_per_s": edits / (merged - started),
        "bytes_per_edit": sum(len(update) for update in updates) / edits,
        "bytes_per_edit_zstd": sum(squeezed(update) for update in updates) / edits,
        "cold_bytes": len(cold),
        "cold_bytes_zstd": squeezed(cold),
        "cold_s": cold_loaded - cold_started,
    }


def signed_batch(peer, device, founded):
    """The public key of a device and its edits, each as (update, signature)."""
    key = SigningKey.generate()
    document = peer.open(founded)
    batch = []
    for edit in device["ops"]:
        before = peer.version(document)
        peer.edit(document, *edit)
        update = peer.update_since(document, before)
        batch.append((update, key.sign(update).signature))
    return key.verify_key, batch


def open_hub_store(folder):
    database = sqlite3.connect(Path(folder) / "hub.db")
    database.execute("pragma journal_mode=wal")
    database.execute("pragma synchronous=full")
    database.execute("create table edits(id integer primary key, device int, body blob, signature blob)")
    database.commit()
    return database


def run_signed(peer, devices, founded):
    batches = [signed_batch(peer, device, founded) for device in devices]
    edits = sum(len(batch) for _, batch in batches)

    hub = peer.open(founded)
    with tempfile.TemporaryDirectory() as folder:
        database = open_hub_store(folder)
        started = time.perf_counter()
        for number, (key, batch) in enumerate(batches):
            for update, signature in batch:
                key.verify(update, signature)
                peer.merge(hub, update)
                database.execute(
                    "insert into edits(device, body, signature) values(?, ?, ?)", (number, update, signature))
            database.commit()
        stored = time.perf_counter()
        database.close()

    sent = [b"".join(update + signature for update, signature in batch) for _, batch in batches]
    return {
        "edits_per_s": edits / (stored - started),
        "bytes_per_edit": sum(map(len, sent)) / edits,
        "bytes_per_edit_zstd": sum(map(squeezed, sent)) / edits,
    }


PEERS = {peer.name: peer for peer in (LoroPeer(), YrsPeer())}
MODES = {"merge": run_merge, "signed": run_signed}


def main():
    options = argparse.ArgumentParser(description="Runs the field workload on Loro and Yrs.")
    options.add_argument("--mode", choices=MODES, help="only this mode")
    options.add_argument("--peer", choices=PEERS, help="only this peer")
    options.add_argument("--workload", metavar="FILE", type=Path, help="a file that workload.py wrote")
    given = options.parse_args()
    for mode in [given.mode] if given.mode else MODES:
        if given.workload:
            work = json.loads(given.workload.read_text(encoding="utf-8"))
        else:
            work = workload.make(*workload.SIZES[mode])
        for name in [given.peer] if given.peer else PEERS:
            peer = PEERS[name]
            figures = MODES[mode](peer, work["devices"], peer.found(work["base"]))
            line = {"system": name, "mode": mode, "workload": workload.sizes_of(work), **figures}
            print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Turns the JSON lines of benchmark runs into medians, and compares the medians with the bars.

    report.py [FILE ...]        default: standard input

Lines that name the same system, mode, workload and sink are runs of one thing; each number becomes its median. After
the medians, one JSON line each, comes a table of ratios. A bar that is not reached says "missed" and makes the exit code
1; one without figures says "not measured".
"""
import fileinput
import json
import statistics
import sys
from dataclasses import dataclass

OURS = "wardsync"
# What they count is unsigned, and of a first sync without an index.
PEERS = ("loro", "yrs")
NAMES = ("system", "mode", "workload", "sink", "command", "reports", "query", "devices", "link", "scenario",
         "addresses")


class Medians:
    """What was measured, as one line for each thing that was run."""

    def __init__(self, lines):
        runs = {}
        for line in lines:
            name = tuple(json.dumps(line.get(key)) for key in NAMES)
            runs.setdefault(name, []).append(line)
        self.lines = [self.median(same) for same in runs.values()]

    @staticmethod
    def median(same):
        merged = {}
        for key, value in same[0].items():
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            merged[key] = statistics.median(line[key] for line in same if line.get(key) is not None) if is_number else value
        for line in same:
            for key in line.keys() - merged.keys():
                merged[key] = statistics.median(other[key] for other in same if key in other)
        return {**merged, "rounds": len(same)}

    def figure(self, key, system, mode, sink=None):
        """The figure of one system, or None where it was not measured."""
        for line in self.lines:
            if (line.get("system"), line.get("mode"), line.get("sink")) == (system, mode, sink) and key in line:
                return line[key]
        return None

    def best_peer(self, key, mode):
        return max((found for peer in PEERS if (found := self.figure(key, peer, mode)) is not None), default=None)


@dataclass
class Bar:
    """A ratio or figure of ours, and where it has to be: at least or at most, or nowhere in particular."""

    title: str
    value: float | None
    at_least: float | None = None
    at_most: float | None = None

    @property
    def wanted(self):
        if self.at_least is not None:
            return f">= {self.at_least:g}"
        return "" if self.at_most is None else f"<= {self.at_most:g}"

    @property
    def verdict(self):
        if self.value is None:
            return "not measured"
        if self.at_least is None and self.at_most is None:
            return ""
        reached = self.value >= self.at_least if self.at_least is not None else self.value <= self.at_most
        return "pass" if reached else "missed"


def ratio(ours, theirs):
    return None if ours is None or not theirs else ours / theirs


def hub_bars(medians):
    signed = medians.figure("edits_per_s", OURS, "signed")
    merge = medians.figure("edits_per_s", OURS, "merge")
    verifies = medians.figure("verifies_per_s", "libsodium", "limits")
    inserts = medians.figure("inserts_per_s", "sqlite", "limits")
    return [
        Bar("signed edits/s, over the best peer", ratio(signed, medians.best_peer("edits_per_s", "signed")), 2),
        Bar("signed edits/s, over libsodium verifies on all cores", ratio(signed, verifies), 0.70),
        Bar("merged edits/s, over the best peer", ratio(merge, medians.best_peer("edits_per_s", "merge")), 2),
        Bar("bytes a signed edit, compressed", medians.figure("bytes_per_edit_zstd", OURS, "signed"), at_most=92),
        Bar("signed edits/s, over raw SQLite inserts", ratio(signed, inserts)),
    ]


def cold_bars(medians):
    """A new device's first sync beside the compressed snapshots of the peers, which it would still have to index."""
    size, seconds = medians.figure("cold_bytes", OURS, "cold"), medians.figure("cold_s", OURS, "cold")
    bars = [
        Bar("a new device of the ward: bytes of bodies", size, at_most=1_200_000),
        Bar("a new device of the ward: s until everything is found", seconds, at_most=2),
        Bar(
            "a new device where nothing was backed up yet: bytes of bodies",
            medians.figure("unbacked_bytes", OURS, "cold"), at_most=1_200_000),
    ]
    for peer in PEERS:
        bars.append(
            Bar(f"a new device's bytes, over {peer}'s", ratio(size, medians.figure("cold_bytes_zstd", peer, "merge"))))
    return bars


# What a device of a team sends after a day in the field.
DAY_EDITS = 40
# The most bytes of bodies, both ways, of a sync that nothing broke: of one that has nothing new, and of one report.
LINK_BYTES = {"idle": 300, "report": 900}
# The most bytes of bodies for each byte of a payload of 256 KiB and more, cuts included.
LINK_SHARE = 1.1


def links(medians):
    return [line for line in medians.lines if line.get("mode") == "links"]


def link_bars(medians):
    """What a sync costs on each link: time, bodies, and beside them heads and TLS."""
    bars = []
    for line in (line for line in links(medians) if line["scenario"] != "cold"):
        title = f"{line['link']}, {line['scenario']}"
        size = line["bytes_up"] + line["bytes_down"]
        bars += [
            Bar(f"{title}: s ({line['faults']:g} cuts)", line["seconds"]),
            Bar(f"{title}: bytes of bodies (of heads and TLS: {line['head_bytes']:g})", size),
        ]
        if line["scenario"] in LINK_BYTES:
            bars.append(Bar(f"{title}: the same, where nothing broke", line["unbroken_bytes"],
                            at_most=LINK_BYTES[line["scenario"]]))
        if line["payload_bytes"] >= 256 * 1024:
            bars += [
                Bar(f"{title}: bytes of bodies over payload", line["share"], at_most=LINK_SHARE),
                Bar(f"{title}: the same, the worst round", line["share_most"], at_most=LINK_SHARE),
            ]
    return bars


def cold_link_bars(medians):
    """A first sync over weak links. Ours is simulated with its cuts; what the peers' bytes take is worked out at the link's
    rate, as if it were never cut."""
    bars = []
    edit = medians.figure("bytes_per_edit_zstd", OURS, "signed")
    for line in (line for line in links(medians) if line["scenario"] == "cold"):
        def seconds(size):
            return None if size is None else line["round_trip_ms"] / 1000 + size * 8 / line["bits_per_s"]

        title = f"{line['link']}: a new device of the ward, s"
        bars.append(Bar(f"{title} ({line['faults']:g} cuts)", line["seconds"]))
        for peer in PEERS:
            cold, sent = (medians.figure(key, peer, mode) for key, mode in
                          (("cold_bytes_zstd", "merge"), ("bytes_per_edit_zstd", "signed")))
            bars.append(Bar(f"{title}, {peer}", seconds(cold)))
            bars.append(Bar(f"{line['link']}: {DAY_EDITS} signed edits, s, over {peer}'s",
                            ratio(seconds(edit and edit * DAY_EDITS), seconds(sent and sent * DAY_EDITS))))
    return bars


# (mode, ours, theirs, the bar of ours / theirs): the commands that start-up runs against each other.
START_UP = (
    ("task list", "ward", "taskwarrior", 1 / 20),
    ("version", "ward", "sqlite3", 3),
    ("whoami", "ward", "sqlite3", 3),
)
SINKS = ("pipe", "devnull", "file")


def start_up_bars(medians):
    bars = []
    for mode, ours, theirs, most in START_UP:
        for sink in SINKS:
            found = ratio(medians.figure("ms", ours, mode, sink), medians.figure("ms", theirs, mode, sink))
            bars.append(Bar(f"{ours} {mode}, over {theirs}, to {sink}", found, at_most=most))
    return bars


# What grows with the store and is printed without a bar: said once, when it is the first, when it is a whole ward.
WHOLE_SYNC = "first sync of the whole ward"
FIRST_START = "start of the server, first"
RESTART = "start of the server"
SERVER_MEMORY = "the server itself"
MOST_GROWTH = 1.5


def scale_bars(medians):
    """For each command the time in the large ward over that in the small one."""
    lines = [line for line in medians.lines if line.get("mode") == "scale"]
    bars = []
    for command in dict.fromkeys(line["command"] for line in lines):
        sizes = sorted((line for line in lines if line["command"] == command), key=lambda line: line["reports"])
        has_bar = command not in (WHOLE_SYNC, FIRST_START, RESTART, SERVER_MEMORY)
        for key, unit, scale in (("ms", "ms", 1), ("kb", "MB", 1024)):
            figures = [line[key] for line in sizes if key in line]
            if len(figures) != 2:
                continue
            title = f"{command}: {figures[0] / scale:,.1f} and {figures[1] / scale:,.1f} {unit}"
            bars.append(Bar(title, ratio(figures[1], figures[0]), at_most=MOST_GROWTH if has_bar else None))
    return bars


def search_bars(medians):
    """Milliseconds of a search beyond those of the start of the program: of the quickest runs, because whatever else
    the machine does only ever adds to them. The medians stand beside."""
    return [
        Bar(f"search «{line['query']}», ms beyond start-up (medians: {line['process_ms'] - line['start_ms']:.1f})",
            line["process_best_ms"] - line["start_best_ms"], at_most=10)
        for line in medians.lines if line.get("mode") == "search" and "process_best_ms" in line
    ]


# What is published for ODK Central on a machine with 2 GB, in submissions a second.
ODK_CENTRAL = 41


def reconnect_bars(medians):
    bars = []
    for line in (line for line in medians.lines if line.get("mode") == "reconnect"):
        title = f"{line['devices']:g} devices with {line['change_sets']:g} change sets at once"
        bars += [
            Bar(f"{title}: lost", line["lost"], at_most=0),
            Bar(f"{title}: change sets/s, over ODK Central's {ODK_CENTRAL}", line["change_sets_per_s"] / ODK_CENTRAL, 20),
            Bar(f"{title}: change sets a second of the server's processor time", line["change_sets_per_processor_s"]),
            Bar(f"{title}: half of the devices done, s", line["median_s"]),
            Bar(f"{title}: 99 % of the devices done, s", line["p99_s"]),
            Bar(f"{title}: most memory of the server, MB, of 2,048", line["server_kb"] / 1024, at_most=2048),
            Bar(f"{title}: most waits of a device; ward sync waits twice", line["most_waits"], at_most=2),
        ]
    return bars


# How much longer a sync may take beside slow connections.
SLOW_SHARE = 2


def slow_bars(medians):
    bars = []
    for line in (line for line in medians.lines if line.get("mode") == "slow"):
        title = f"{line['connections']:g} slow connections from {line['addresses']:g} address{'es' * (line['addresses'] > 1)}"
        bars += [
            Bar(f"{title}: a sync in the middle, over its usual time ({line['usual_ms']:.1f} ms)",
                ratio(line["ms"], line["usual_ms"]), at_most=SLOW_SHARE),
            Bar(f"{title}: the slowest tenth, over theirs ({line['usual_p90_ms']:.1f} ms)",
                ratio(line["p90_ms"], line["usual_p90_ms"]), at_most=SLOW_SHARE),
            Bar(f"{title}: memory of the server, MB more",
                (line["server_kb"] - line["server_kb_before"]) / 1024, at_most=64),
        ]
    return bars


def print_report(lines, sections, shows_medians=True):
    """Prints the medians of `lines` and the bars of those sections that were measured at least in part.

    The exit code: 1 where a bar was missed.
    """
    medians = Medians(lines)
    for line in medians.lines if shows_medians else []:
        print(json.dumps(line, ensure_ascii=False))
    bars = [bar for section in sections for bar in section(medians)]
    width = max(len(bar.title) for bar in bars)
    print()
    for bar in bars:
        value = "-" if bar.value is None else f"{bar.value:.4g}"
        print(f"{bar.title:<{width}}  {value:>8}  {bar.wanted:<8} {bar.verdict}".rstrip())
    missed = sum(bar.verdict == "missed" for bar in bars)
    if missed:
        print(f"\n{missed} of {len(bars)} bars were missed")
    sys.stdout.flush()
    return 1 if missed else 0


def parsed(text_lines):
    """The benchmark lines among lines of text. Others (a table, a blank line) are passed over."""
    for text in text_lines:
        if text.startswith("{"):
            yield json.loads(text)


if __name__ == "__main__":
    lines = list(parsed(fileinput.input(encoding="utf-8")))
    of_start_up = any(line.get("sink") for line in lines)
    of_scale = any(line.get("mode") in ("scale", "search") for line in lines)
    of_reconnect = any(line.get("mode") == "reconnect" for line in lines)
    of_slow = any(line.get("mode") == "slow" for line in lines)
    of_hub = not (of_start_up or of_scale or of_reconnect or of_slow or links(Medians(lines))) or any(line.get("mode") in ("merge", "signed") for line in lines)
    sections = [hub_bars, cold_bars, cold_link_bars] * of_hub + [link_bars] + [start_up_bars] * of_start_up + [scale_bars, search_bars] * of_scale
    sections += [reconnect_bars] * of_reconnect + [slow_bars] * of_slow
    sys.exit(print_report(lines, sections))

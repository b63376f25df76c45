#!/usr/bin/env python3
"""Prints the field workload: what a ward knew, and what each device then changed while it was offline.

    workload.py [REPORTS [DEVICES [EDITS]]]        defaults: 10000 50 600

One JSON object: `base` is the list of reports that everybody holds before the devices leave, `devices` the list of
devices, each with its neighborhood and its edits in order as [report id, field, value]. The field "comment" is a log
that grows, every other field a register that several devices may write. Devices edit only reports of their own
neighborhood, so devices 12 apart meet on the same reports.

Equal arguments give equal bytes, for ever: contestants and figures are comparable only on the same workload.
The draws come from one generator in one order, so a change of the order of any two draws is another workload.
"""
import json
import random
import sys

SEED = 7
NEIGHBORHOODS = 12
SIZES = {"merge": (10000, 50, 600), "signed": (2000, 20, 200)}

VOCABULARY = (
    "đèn", "đường", "hỏng", "ổ", "gà", "rác", "thải", "ngập", "nước", "cống", "tắc", "cây", "đổ", "vỉa", "hè", "lấn",
    "chiếm", "tiếng", "ồn", "trước", "nhà", "số", "tổ", "khu", "phố", "sáng", "tối", "hôm", "qua", "nhờ", "phường",
    "kiểm", "tra", "giúp",
)
CATEGORIES = ("streetlight", "road", "garbage", "flood", "tree", "pavement", "noise", "water")
STATUSES = ("received", "assigned", "in_progress", "resolved")
EDITED_FIELDS = ("status", "assignee", "description", "category", "comment")
LAST_USER = 60


class Draw:
    """The generator and the values that are made from it. Every method draws; none is free of charge."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def identifier(self, bits):
        return format(self.random.getrandbits(bits), f"0{bits // 4}x")

    def one_of(self, choices):
        return self.random.choice(choices)

    def words(self, count):
        return " ".join([self.random.choice(VOCABULARY) for _ in range(count)])

    def words_between(self, fewest, most):
        return self.words(self.random.randint(fewest, most))

    def degrees(self, from_degree, spread):
        return round(from_degree + self.random.random() * spread, 6)

    def report(self, neighborhood):
        identifier = self.identifier(128)
        fields = {}
        fields["category"] = self.one_of(CATEGORIES)
        fields["title"] = self.words(5)
        fields["description"] = self.words_between(10, 40)
        fields["neighborhood"] = f"KP{neighborhood}"
        fields["lat"] = self.degrees(20.94, 0.04)
        fields["lon"] = self.degrees(107.05, 0.06)
        fields["status"] = "submitted"
        fields["reporter"] = self.identifier(64)
        return {"id": identifier, "neighborhood": neighborhood, "fields": fields}

    def edit(self, reports):
        """One edit. A value is drawn for every field, whichever of them is the one that is edited."""
        field = self.one_of(EDITED_FIELDS)
        values = {}
        values["status"] = self.one_of(STATUSES)
        values["assignee"] = f"user{self.random.randint(1, LAST_USER)}"
        values["description"] = self.words_between(10, 40)
        values["category"] = self.one_of(CATEGORIES)
        values["comment"] = self.words_between(4, 20)
        return [self.one_of(reports), field, values[field]]


def make(reports, devices, edits):
    """The workload of these sizes, as the object that stands in the JSON file."""
    if min(reports, devices, edits) < 0 or (devices * edits and reports < min(devices, NEIGHBORHOODS)):
        raise ValueError("each neighborhood that a device works in needs a report")
    draw = Draw(SEED)
    base = []
    by_neighborhood = {}
    for number in range(reports):
        report = draw.report(number % NEIGHBORHOODS + 1)
        base.append(report)
        by_neighborhood.setdefault(report["neighborhood"], []).append(report["id"])
    offline = []
    for number in range(devices):
        neighborhood = number % NEIGHBORHOODS + 1
        known = by_neighborhood.get(neighborhood, [])
        offline.append(
            {"device": number, "neighborhood": neighborhood, "ops": [draw.edit(known) for _ in range(edits)]})
    return {"base": base, "devices": offline}


def sizes_of(workload):
    """[reports, devices, edits a device] of a workload that was read from a file."""
    devices = workload["devices"]
    return [len(workload["base"]), len(devices), len(devices[0]["ops"]) if devices else 0]


def write(file, sizes):
    file.write(json.dumps(make(*sizes), ensure_ascii=False))


if __name__ == "__main__":
    try:
        given = tuple(int(argument) for argument in sys.argv[1:])
        if len(given) > 3:
            raise ValueError("at most three numbers: REPORTS DEVICES EDITS")
        sys.stdout.reconfigure(encoding="utf-8")
        write(sys.stdout, given + SIZES["merge"][len(given):])
    except ValueError as problem:
        sys.exit(f"workload.py: {problem}")

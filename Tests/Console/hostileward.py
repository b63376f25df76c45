"""A ward in which every field that the console shows holds a text that was written to harm; and its harmless twin."""

import json
from pathlib import Path

from hostile import Texts, is_name, is_seen, is_typed
from ward import Failed, Ward

CODE = 64
AREA = "06685.03"


class HostileWard:
    """The twin has a harmless text wherever the other has a hostile one, and is the same in everything else."""

    def __init__(self, programs: Path, samples: Path, harmless: bool) -> None:
        self.texts = Texts(harmless)
        self.name = self.texts.text(120, is_name)
        self.session = self.texts.text(60, is_name)
        self.ward = Ward(programs, samples, self.name)
        # Documents in the order in which they were made, the texts that stand in each, and what a page says of them.
        self.documents: list[tuple[str, str]] = []
        self.values: dict[str, list[str]] = {}
        self.said: dict[str, list[str]] = {}
        # What no document made by `other` holds: names, imported records, reasons.
        self.elsewhere: list[str] = [self.name, self.session]
        # What histories and lists of change sets say on one line: reasons, and what does not count.
        self.told: list[str] = []
        self.sides: list[str] = []
        self.shared: list[str] = []
        self.people: dict[str, str] = {}

    def close(self) -> None:
        self.ward.close()

    def live(self) -> None:
        for name, role, area in [
            ("officer", "officer", "06685"), ("reader", "officer", "06685"), ("lead", "lead", AREA),
            ("lan", "volunteer", AREA), ("minh", "volunteer", AREA), ("lost", "volunteer", AREA),
            ("admin", "admin", "06685"), ("resident", None, ""),
        ]:
            shown = self.elsewhere_text(100, is_name) if role else ""
            self.ward.person(name, role, area, shown)
            self.people[name] = shown
        self.settings()
        self.imports()
        reports = self.reports()
        tasks = self.tasks()
        self.announcements()
        self.ward.sync("officer", "lead", "resident", "officer", "reader")
        self.publish(reports[:20])
        self.conflicts(tasks)
        self.refused()
        self.lost_phone()
        self.ward.sync("reader", "officer")

    # Writing

    def elsewhere_text(self, most: int = 160, fits=lambda text: True) -> str:
        text = self.texts.text(most, fits)
        self.elsewhere.append(text)
        return text

    def reason(self) -> str:
        self.told.append(self.texts.text(120, is_typed))
        return self.told[-1]

    def write(self, person: str, changes: list["Change"]) -> list[str]:
        """Lets the other program write; remembers what stands in new documents."""
        ids = self.ward.other(person, [change.json for change in changes])
        for identifier, change in zip(ids, changes):
            if change.json["document"] is None:
                self.documents.append((change.json["kind"], identifier))
            self.values.setdefault(identifier, []).extend(change.values)
            self.said.setdefault(identifier, []).extend(change.said)
        return ids

    def change(self, kind: str, document: str | None = None) -> "Change":
        return Change(self.texts, kind, document)

    # What the ward is

    def settings(self) -> None:
        """Names of agencies, categories and states: whole lists, as an admin's device writes them."""
        changes = []
        for topic, keys, more in [
            ("agencies", [f"dv{place}" for place in range(30)], ""),
            ("categories", [f"muc{place}" for place in range(30)], "; en={}"),
            ("states", ["report.received", "report.resolved", "task.open"], "; en={}"),
        ]:
            lines = [f"{key} = {self.elsewhere_text(90, is_seen)}"
                     + (more.format(self.elsewhere_text(90, is_seen)) if more else "") for key in keys]
            change = self.change("settings").put("topic", topic)
            change.json["operations"].append(["set", "lines", "\n".join(lines)])
            change.said.append("\n".join(lines))
            changes.append(change)
        self.write("admin", changes)
        self.ward.sync("admin")

    def imports(self) -> None:
        def text() -> str:
            return self.elsewhere_text(100, is_seen)

        rows = {
            "areas": [{"code": f"06685.{place + 50}", "name": text(), "level": "neighborhood", "parent": "06685",
                       "former_names": [text(), text(), text(), text()]} for place in range(8)],
            "procedures": [dict({"code": f"1.00{place:04}"}, **{name: text() for name in (
                "name", "level", "field", "applicants", "agency", "papers", "steps", "conditions", "result", "decision")})
                for place in range(7)],
            "places": [{"name": text(), "address": text(), "hours": text(), "area": "06685"} for _ in range(7)],
        }
        for what, items in rows.items():
            file = self.ward.folder / f"{what}.ndjson"
            file.write_text("".join(json.dumps(item) + "\n" for item in items))
            report = self.ward.run("ward-server", "import", what, str(file))
            if report["new"] != len(items):
                raise Failed(f"import {what}: {report}")

    # What people write

    def reports(self) -> list[str]:
        changes = []
        for place in range(97):
            change = self.change("report").put("area", AREA)
            # Some of agencies and categories that settings name, for the figures; the others are codes of nobody.
            change.put("category", f"muc{place % 30}") if place < 40 else change.say("category", CODE)
            change.put("agency", f"dv{place % 30}") if place < 40 else change.say("agency", CODE)
            change.say("source", CODE).say("urgency", CODE)
            for field in ("title", "description", "address", "rating_comment"):
                change.say(field)
            if place >= 20:
                # The first ones get theirs from the real program.
                change.say("resolution", CODE).say("result").say("public_title").say("public_text")
            for _ in range(20):
                change.say("tags", CODE, verb="add").say("comments", verb="append").say("question", verb="append")
            changes.append(change)
        for most in (1200, 4000, 15000):
            changes.append(self.change("report").put("area", AREA).put("category", "other").long("title", 400).long(
                "description", most))
        reports = self.write("officer", changes)
        changes = []
        for _ in range(10):
            change = self.change("report").put("area", AREA).put("category", "other").say("title").say("description")
            for _ in range(20):
                change.say_coded("proposals")
            changes.append(change)
        # Two at one place, which may be one: each is named on the other's item.
        for _ in range(4):
            changes.append(self.change("report").put("area", AREA).put("category", "lighting").put(
                "location", [209511000, 1070734000, 5]).say("title").say("address"))
        self.write("lead", changes)
        self.write("resident", [
            self.change("report").put("area", AREA).put("category", "other").say("title").say("description").say("address")
            for _ in range(5)])
        return reports

    def tasks(self) -> list[str]:
        changes = []
        for _ in range(25):
            change = self.change("task").put("area", AREA).say("title").say("address").say("kind", CODE)
            for key in range(1, 41):
                change.say("checklist", key=key)
            for _ in range(20):
                change.say("notes", verb="append").say_coded("visits")
            changes.append(change.say("result"))
        return self.write("lead", changes)

    def announcements(self) -> None:
        changes = []
        for _ in range(6):
            changes.append(self.change("notice").put("area", "06685").say("title").say("body"))
            changes.append(self.change("alert").put("area", "06685").say("title").say("body").say("category", CODE).say(
                "station"))
            changes.append(self.change("place").put("area", "06685").say("name").say("category", CODE).say("address").say(
                "phone", CODE).say("hours"))
            changes.append(self.change("lookup").put("area", AREA).say("code", CODE).say("consent"))
        self.write("officer", changes)

    def publish(self, reports: list[str]) -> None:
        """Published by the real program: titles and texts as a command line takes them."""
        self.ward.ward("officer", "report", "resolve", *reports, f"--result={self.elsewhere_text(100, is_typed)}")
        self.ward.sync("officer")
        for report in reports[:12]:
            self.ward.ward(
                "officer", "report", "publish", report, f"--title={self.elsewhere_text(100, is_published)}",
                f"--text={self.elsewhere_text(100, is_published)}", "--yes")
        self.ward.sync("officer")

    # What waits for a decision

    def conflicts(self, tasks: list[str]) -> None:
        fields = ("title", "address", "description", "category")
        # Without texts that others would overwrite: what stands in them is said by the sides.
        shared = self.ward.other("lead", [
            self.change("report").put("area", AREA).put("category", "other").put("title", f"việc {place}").json
            for place in range(12)])
        self.shared = shared
        self.documents += [("report", identifier) for identifier in shared]
        self.ward.sync("lead", "lan", "minh", "officer")
        for person in ("lan", "minh"):
            changes = []
            for place, identifier in enumerate(shared):
                change = self.change("report", identifier)
                for field in fields if place < 8 else fields[:1] if person == "lan" else fields[1:2]:
                    change.say(field, CODE if field == "category" else 160)
                self.sides += change.values
                changes.append(change)
            self.ward.other(person, [change.json for change in changes])
            for task in tasks[:3]:
                self.ward.ward(person, "task", "claim", task)
        self.ward.sync("lan", "minh", "lan", "officer")
        for identifier in shared[:3]:
            self.ward.ward(
                "officer", "conflict", "resolve", identifier, "--field", "title", "--choose", "1",
                f"--reason={self.reason()}")
        self.ward.sync("officer")

    def refused(self) -> None:
        """What a volunteer may not write: kept, shown as refused."""
        changes = [self.change("report", identifier).say("agency", CODE).say("result") for identifier in self.shared]
        self.told += [value for change in changes for value in change.values]
        self.ward.other("minh", [change.json for change in changes])
        self.ward.run("ward", "sync", home=self.ward.folder / "minh", expect=6)

    def lost_phone(self) -> None:
        devices = self.ward.run("ward-server", "devices")["devices"]
        lost = next(device for device in devices if device["name"] == self.people["lost"])
        self.ward.run("ward-server", "revoke", lost["device"], "--after", str(lost["last_sequence"]))
        changes = [
            self.change("report").put("area", AREA).put("category", "other").say("title").say("description").say(
                "comments", verb="append") for _ in range(12)]
        self.told += [value for change in changes for value in change.values]
        self.ward.other("lost", [change.json for change in changes])
        # Held: exit code 6.
        self.ward.run("ward", "sync", home=self.ward.folder / "lost", expect=6)


def is_published(text: str) -> bool:
    """Whether it is typed, and nothing in it looks like an address or a number of somebody."""
    return is_typed(text) and "@" not in text and sum(character.isdigit() for character in text) < 9


class Change:
    """A change set in the making: what `other-device` reads, and what a page says of it."""

    def __init__(self, texts: Texts, kind: str, document: str | None) -> None:
        self.texts = texts
        self.json: dict = {"kind": kind, "document": document, "operations": []}
        self.values: list[str] = []
        self.said: list[str] = []

    def put(self, field: str, value: object) -> "Change":
        """A value that harms nobody."""
        self.json["operations"].append(["set", field, value])
        return self

    def say(self, field: str, most: int = 160, verb: str = "set", key: int | None = None) -> "Change":
        text = self.texts.text(most)
        self.json["operations"].append([verb, field, text] + ([key] if key else []))
        self.values.append(text)
        self.said.append(text)
        return self

    def say_coded(self, field: str) -> "Change":
        """A code and a text, which a page puts together."""
        code, text = self.texts.text(CODE), self.texts.text()
        self.json["operations"].append(["append", field, [code, text]])
        self.values += [code, text]
        self.said.append(f"{code}: {text}")
        return self

    def long(self, field: str, bytes: int) -> "Change":
        text = self.texts.long(bytes)
        self.json["operations"].append(["set", field, text])
        self.values.append(text)
        self.said.append(text)
        return self

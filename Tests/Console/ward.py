"""A real ward for the browser to look at: the real programs, real homes, real syncs."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import picture

HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(2)>",
    "javascript:alert(3)",
    "' onmouseover='alert(4)' x='",
    "<svg/onload=alert(5)>",
    "đơn \u202egnp.exe\u202c xin",
    "a\u200bb\ufeffc\u2066d",
    "=HYPERLINK(\"http://evil.example\")",
    "--><style>*{display:none}</style>",
    "&lt;b&gt; &#60;i&#62; {{7*7}} ${7*7}",
    "x" * 380,
]


class Failed(Exception):
    """A program did not do what it should."""


class Ward:
    """One ward with its server and its people."""

    def __init__(self, programs: Path, samples: Path, name: str = "Phường Hồng Gai") -> None:
        self.programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="ward-console."))
        self.home = self.folder / "server"
        self.server = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.run("ward-server", "init", "--area", "06685", f"--name={name}", "--address", self.address)
        self.start()
        self.run("ward-server", "import", "areas", str(samples / "areas-06685.ndjson"))
        self.descriptor = self.home / "descriptor.txt"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, program: str, *words: str, home: Path | None = None, expect: int = 0) -> dict:
        """Runs a command and gives its JSON; one that ends otherwise than expected ends the check."""
        home = home or self.home
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8"}
        done = subprocess.run(
            [self.programs / program, *words, "--home", home, "--json"], capture_output=True, env=environment,
            timeout=120, check=False)
        if done.returncode != expect:
            raise Failed(f"{program} {' '.join(words)}: {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}")
        text = done.stdout.decode().strip()
        return json.loads(text) if text.startswith(("{", "[")) else {}

    def start(self) -> None:
        ready = self.folder / "port"
        ready.unlink(missing_ok=True)
        log = open(self.folder / "server.log", "ab")
        self.server = subprocess.Popen(
            [self.programs / "ward-server", "serve", "--home", self.home, "--listen", f"127.0.0.1:{self.port}",
             "--port-file", ready], stdout=subprocess.DEVNULL, stderr=log)
        log.close()
        until = time.monotonic() + 60
        while not ready.exists():
            if self.server.poll() is not None or time.monotonic() > until:
                raise Failed("the server did not start")
            time.sleep(0.02)

    def close(self) -> None:
        if self.server and self.server.poll() is None:
            self.server.terminate()
            if self.server.wait(timeout=60) != 0:
                raise Failed(f"the server ended with {self.server.returncode}")
        shutil.rmtree(self.folder, ignore_errors=True)

    # People

    def ward(self, person: str, *words: str) -> dict:
        return self.run("ward", *words, home=self.folder / person)

    def person(self, name: str, role: str | None = None, area: str = "06685.03", shown: str = "") -> None:
        self.ward(name, "init", "--descriptor", str(self.descriptor))
        if role:
            code = self.run("ward-server", "invite", "--role", role, "--area", area, f"--name={shown or name}")["code"]
            self.ward(name, "join", code)
        self.ward(name, "sync")

    def other(self, person: str, changes: list[dict]) -> list[str]:
        """Lets another program than `ward` write on somebody's device; gives the documents' ids."""
        done = subprocess.run(
            [self.programs / "other-device", self.folder / person], capture_output=True, timeout=120, check=False,
            input="".join(json.dumps(change) + "\n" for change in changes).encode())
        ids = done.stdout.decode().split()
        if done.returncode != 0 or len(ids) != len(changes):
            raise Failed(f"other-device: {done.returncode}\n{done.stderr.decode()}")
        return ids

    def sync(self, *people: str) -> None:
        for person in people:
            self.ward(person, "sync")

    def report(self, person: str, title: str, category: str, *more: str) -> str:
        return self.ward(
            person, "report", "new", f"--title={title}", "--category", category, "--area", "06685.03", *more)["id"]

    def link(self, role: str = "admin", name: str = "Nguyễn Thị Hà") -> str:
        return self.run("ward-server", "console-link", "--role", role, f"--name={name}")["url"]

    # A day in the ward

    def live(self) -> dict:
        """Fills the ward; gives the ids that the checks need."""
        for name, role, area, shown in [
            ("officer", "officer", "06685", "Trần Văn Bình"), ("lead", "lead", "06685.03", "Phạm Thu Hương"),
            ("lan", "volunteer", "06685.03", "Lê Thị Lan"), ("minh", "volunteer", "06685.03", "Vũ Quang Minh"),
            ("lost", "volunteer", "06685.03", "Đỗ Mạnh"), ("admin", "admin", "06685", "Hoàng Yến"),
            ("resident", None, "", ""),
        ]:
            self.person(name, role, area, shown)
        ids = {}
        categories = ["lighting", "road", "garbage", "flood", "tree", "noise", "water", "power"]
        titles = [
            "Đèn đường tắt ở ngõ 7", "Ổ gà trước cổng chợ Hạ Long", "Rác tràn ra vỉa hè tối thứ bảy",
            "Nước ngập ngã tư sau mưa", "Cây nghiêng cạnh trường học", "Hát loa kéo sau 22 giờ",
            "Ống nước vỡ dưới vỉa hè", "Dây điện sà thấp trong ngõ",
        ]
        reports = [self.report("resident", title, category) for title, category in zip(titles, categories)]
        ids["disputed"] = self.report("lan", "Nước chảy tràn trước nhà văn hoá", "other")
        ids["hostile"] = [self.report("resident", text[:390], "other", f"--description={text}") for text in HOSTILE]
        ids["task"] = self.ward(
            "lead", "task", "new", "--title", "Thăm hộ bà Hoa, hỗ trợ VNeID", "--area", "06685.03", "--kind", "visit")["id"]
        self.sync("resident", "lan", "lead", "officer", "minh", "lan", "lost")
        # Both work without a network.
        for person, category in [("lan", "road"), ("minh", "water")]:
            self.ward(person, "report", "edit", ids["disputed"], "--category", category)
            self.ward(person, "task", "claim", ids["task"])
        # Two edits of different fields, side by side.
        self.ward("lan", "report", "edit", reports[7], "--title", "Dây điện sà thấp trong ngõ 12")
        self.ward("minh", "report", "edit", reports[7], "--category", "telecom")
        self.sync("lan", "minh", "lan")
        photo = self.folder / "photo.png"
        photo.write_bytes(picture.png())
        self.ward("resident", "attach", reports[0], str(photo))
        self.sync("resident")
        # A photo that never came: its sender had coverage for text alone, exit code 6.
        photo.write_bytes(picture.png(width=400))
        ids["incomplete"] = self.report("lan", "Nắp cống vỡ trước số 12", "road", "--photo", str(photo))
        self.run("ward", "sync", "--text-only", home=self.folder / "lan", expect=6)
        ids["photo"] = reports[0]
        self.officers_work(reports)
        self.ward("officer", "attachment", "release", reports[0], "1")
        self.sync("officer", "resident")
        self.lost_phone()
        self.other_conflicts(ids, reports)
        return ids

    def officers_work(self, reports: list[str]) -> None:
        agencies = ["dien_luc", "kinh_te_ha_tang", "moi_truong", "kinh_te_ha_tang"]
        for place, report in enumerate(reports[:7]):
            self.ward("officer", "report", "classify", report, "--category", "lighting" if place == 0 else "road")
            if place < 6:
                self.ward("officer", "report", "assign", report, "--agency", agencies[place % 4])
            if place < 5:
                self.ward("officer", "report", "start", report)
        for place, report in enumerate(reports[:4]):
            more = ["--not-fixed"] if place == 3 else []
            self.ward("officer", "report", "resolve", report, "--result", "Đã cử đội sửa chữa tới làm xong.", *more)
        self.sync("officer", "resident")
        for report, title in [
            (reports[0], "Đã sửa đèn đường ở khu phố 3"), (reports[1], "Đã vá mặt đường trước chợ"),
        ]:
            self.ward(
                "officer", "report", "publish", report, "--title", title, "--text", "Đã khắc phục xong trong hai ngày.",
                "--yes")
        for report, score in zip(reports[:4], ["5", "4", "5", "2"]):
            self.ward("resident", "report", "rate", report, score)
        self.sync("officer", "resident", "officer")

    def other_conflicts(self, ids: dict, reports: list[str]) -> None:
        """An item of each of the other kinds that can be had within a minute."""
        self.person("twin")
        self.person("copied", "volunteer", "06685.03", "Bùi Văn Sơn")
        self.person("thu", "volunteer", "06685.03", "Đào Thị Thu")
        # The same lamp twice, by two people.
        at = "--at=20.9511,107.0802"
        ids["older"] = self.report("resident", "Đèn đầu ngõ 9 không sáng", "lighting", at)
        self.sync("resident")
        ids["younger"] = self.report("twin", "Ngõ 9 tối om", "lighting", at)
        # An officer publishes what its author takes up again at the same time.
        self.ward(
            "officer", "report", "publish", reports[2], "--title", "Đã dọn rác", "--text", "Đã dọn xong.", "--yes")
        self.ward("resident", "report", "reopen", reports[2], "--reason", "Vẫn còn rác ở góc")
        # A neighborhood that goes on as another one.
        self.ward("twin", "report", "new", "--title=Cống tắc", "--category", "flood", "--area", "06685.06")
        self.sync("twin", "officer", "resident")
        news = self.folder / "areas.ndjson"
        news.write_text(json.dumps({
            "code": "06685.05", "name": "Khu phố 5", "level": "neighborhood", "parent": "06685",
            "merged_from": ["06685.06"]}, ensure_ascii=False) + "\n")
        self.run("ward-server", "import", "areas", str(news))
        # Two copies of a store write under one number; new keys wait for somebody to confirm them.
        self.report("copied", "Chó thả rông", "other")
        self.sync("copied")
        shutil.copytree(self.folder / "copied", self.folder / "copy")
        self.report("copied", "Loa quá to", "noise")
        self.report("copy", "Xe đỗ chắn lối", "other")
        self.sync("copied")
        self.run("ward", "sync", home=self.folder / "copy", expect=11)
        # What belongs to something that never came, and what another area's volunteer may not write.
        self.other("thu", [
            {"kind": "report", "document": "ab" * 32, "operations": [["append", "comments", "Đã gọi lại cho bà Tư"]]},
            {"kind": "report", "document": None, "operations": [
                ["set", "area", "06685.04"], ["set", "category", "road"], ["set", "title", "Ổ gà khu phố 4"]]},
        ])
        # Both wait for somebody, exit code 6.
        self.run("ward", "sync", home=self.folder / "thu", expect=6)

    def lost_phone(self) -> None:
        """A phone is revoked; what comes from it later is held."""
        devices = self.run("ward-server", "devices")["devices"]
        lost = next(device for device in devices if device["name"] == "Đỗ Mạnh")
        self.run("ward-server", "revoke", lost["device"], "--after", str(lost["last_sequence"]))
        for title in ("Ghi khi đã bị thu hồi", "Việc thứ hai sau khi thu hồi"):
            self.report("lost", title, "garbage")
        # Held: exit code 6.
        self.run("ward", "sync", home=self.folder / "lost", expect=6)

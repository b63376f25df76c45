"""Looks at every page of a ward that is full of hostile texts, in a browser that would run whatever it could.

The browser runs JavaScript and leaves the pages' content policy aside, so that only the escaping stands between a text
and the browser. Every page has to have the very elements and attributes that it has with harmless texts.
"""

import time
import urllib.parse
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from selenium.webdriver.common.by import By

import inertness
from browser import Browser, check
from hostile import Texts, is_typed, line, shown
from hostileward import HostileWard
from ward import Failed

COMMANDS = {"report": "report", "task": "task", "lookup": "lookup", "place": "place", "notice": "notice", "alert": "alert"}
# A history cuts its values at a hundred columns.
SHORT = 45


class HostileWalk:
    """Two wards, page by page beside each other."""

    def __init__(self, programs: Path, samples: Path, screenshots: Path) -> None:
        self.programs, self.samples, self.screenshots = programs, samples, screenshots

    def run(self) -> None:
        start = time.monotonic()
        # The two have nothing to do with each other.
        with ThreadPoolExecutor(2) as pool:
            pair = list(pool.map(self.prepare, (False, True)))
        try:
            for each in pair:
                if isinstance(each, Exception):
                    raise each
            hostile, harmless = pair
            texts = hostile.ward.texts.given
            check(f"{len(texts)} hostile texts, no two the same", len(texts) >= 10_000 and len(texts) == len(set(texts)))
            self.stored(hostile.ward)
            self.compare(hostile, harmless)
            self.said(hostile.ward, hostile)
            self.typed(hostile)
            self.policy(hostile)
            print(f"  {len(texts)} texts, {len(hostile.seen)} pages, {time.monotonic() - start:.0f} seconds")
        finally:
            for each in pair:
                if isinstance(each, Pages):
                    each.close()

    def prepare(self, harmless: bool) -> "Pages | Exception":
        """Fills a ward and looks at all its pages; gives what went wrong, so that the other one can be closed too."""
        ward = browser = None
        try:
            ward = HostileWard(self.programs, self.samples, harmless)
            ward.live()
            browser = Browser(self.screenshots / ("harmless" if harmless else "hostile"), scripts=True)
            traps(browser, says=not harmless)
            pages = Pages(ward, browser)
            pages.walk()
            return pages
        except Exception as failure:
            if browser:
                browser.close()
            if ward:
                ward.close()
            return failure

    def stored(self, hostile: HostileWard) -> None:
        """What another device has of it is what was written, byte by byte."""
        texts = 0
        for kind, identifier in hostile.documents:
            if kind not in COMMANDS or not hostile.values.get(identifier):
                continue
            found = strings(hostile.ward.ward("reader", COMMANDS[kind], "show", identifier))
            lost = [text for text in hostile.values[identifier] if text not in found]
            if lost:
                raise Failed(f"{kind} {identifier} does not have {lost[:3]!r}")
            texts += len(hostile.values[identifier])
        check(f"{texts} of them stand unchanged in another device's store", texts > 9000, texts)

    def compare(self, hostile: "Pages", harmless: "Pages") -> None:
        names = hostile.seen.keys()
        check("both wards have the same pages", names == harmless.seen.keys(), names ^ harmless.seen.keys())
        for name, page in hostile.seen.items():
            twin = harmless.seen[name]
            if page["skeleton"] != twin["skeleton"]:
                raise Failed(f"{name} is made otherwise with hostile texts\n{differing(page['skeleton'], twin['skeleton'])}")
        for name, count in hostile.rows.items():
            other = (count - harmless.rows[name]) + (harmless.rows[name] - count)
            if other:
                raise Failed(f"rows of {name} are made otherwise with hostile texts\n{list(other)[:4]}")
        rows = sum(len(page["rows"]) for page in hostile.seen.values())
        check(f"{len(names)} pages, {rows} rows: the same elements, attributes and rows as with harmless texts", rows > 5000)

    def said(self, hostile: HostileWard, pages: "Pages") -> None:
        """Every text is on its page as the rule of escaping says it, and in no other form."""
        values = lines = 0
        for place, (kind, identifier) in enumerate(hostile.documents):
            page = pages.seen[f"document {place}"]
            lost = Counter(map(shown, hostile.said.get(identifier, []))) - Counter(page["said"])
            if lost:
                raise Failed(f"{kind} {place} does not show {list(lost)[:3]!r}\n{page['said'][:50]!r}")
            values += len(hostile.said.get(identifier, []))
            histories = {text.split(": ", 1)[-1] for text in page["lines"]}
            for text in hostile.said.get(identifier, []):
                if len(text) <= SHORT and line(text) and not any(line(text) in each for each in histories):
                    raise Failed(f"the history of {kind} {place} does not show {text!r}")
                lines += len(text) <= SHORT
        check(f"{values} values stand on their documents' pages as they have to be shown, {lines} lines in histories", True)
        everything = "\0".join("\0".join(page["texts"]) for page in pages.seen.values())
        lost = [text for text in hostile.elsewhere if shown(text) not in everything]
        check(f"{len(hostile.elsewhere)} names, records, settings and reasons are shown", not lost, lost[:5])
        lost = [text for text in hostile.sides if shown(text) not in everything and line(text) not in everything]
        check(f"{len(hostile.sides)} sides of conflicts are shown", not lost, lost[:5])
        lost = [text for text in hostile.told if len(text) <= SHORT and line(text) not in everything]
        check(f"{len(hostile.told)} reasons and texts that are held or were refused are shown", not lost, lost[:5])

    def typed(self, pages: "Pages") -> None:
        """What comes with an address or is typed into a form."""
        texts = Texts(harmless=False)
        texts.random.seed(1)
        skeletons: dict[str, str] = {}
        count = 0
        for path in ("/console/documents?q=", "/console/statistics?from=", "/console/statistics?area=", "/console/item?key=",
                     "/console?kind=", "/console/log?after=", "/console/document?id=", "/public/result?id=", "/console/enter?link="):
            for _ in range(8):
                # No longer than a day's name may be, so that each is answered in the same way.
                text = texts.text(20, is_typed)
                page = pages.look("typed", path + urllib.parse.quote(text))
                first = skeletons.setdefault(path, page["skeleton"])
                if page["skeleton"] != first:
                    raise Failed(f"{path} is made otherwise with {text!r}\n{differing(page['skeleton'], first)}")
                if "?q=" in path:
                    box = pages.browser.driver.execute_script("return document.getElementById('q').value")
                    # A field of one line has no line ends.
                    check_same(box, shown(text).replace("\n", ""), path)
                count += 1
        check(f"{count} addresses with hostile texts in them lead to pages of the usual form", True)
        items = [page for name, page in pages.paths.items() if name.startswith("item values")][:3]
        for path in items:
            text = texts.text(120, is_typed)
            pages.decide(path, text)
            page = pages.look("activity", "/console/activity")
            if not any(line(text) in each for each in page["texts"]):
                raise Failed(f"the reason {text!r} is not shown")
        check(f"{len(items)} decisions with hostile reasons are listed", len(items) == 3,
              [name for name in pages.paths if name.startswith("item")])

    def policy(self, pages: "Pages") -> None:
        """Once more as any browser does it: nothing on these pages even tries what the policy forbids."""
        pages.browser.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": False})
        pages.browser.messages()
        kinds = {name.split(" ")[0]: path for name, path in pages.paths.items()}
        for name, path in kinds.items():
            pages.look(name, path)
        messages = [text for text in pages.browser.messages() if "responded with a status" not in text]
        check(f"{len(kinds)} pages under their policy: the browser complains of nothing", not messages, messages[:5])


class Pages:
    """The pages of one ward."""

    def __init__(self, ward: HostileWard, browser: Browser) -> None:
        self.ward, self.browser = ward, browser
        self.address = ward.ward.address
        self.seen: dict[str, dict] = {}
        self.paths: dict[str, str] = {}
        self.rows: dict[str, Counter] = {}
        # Documents and devices by what they are in both wards.
        self.places = {identifier: str(place) for place, (_, identifier) in enumerate(ward.documents)}

    def close(self) -> None:
        self.browser.close()
        self.ward.close()

    def look(self, name: str, path: str) -> dict:
        self.browser.open(self.address + path)
        page = self.browser.driver.execute_script(inertness.LOOK)
        if page["bad"]:
            self.browser.shot("hostile-failed")
            raise Failed(f"{name} ({path}):\n" + "\n".join(page["bad"][:20]))
        return page

    def add(self, name: str, path: str, listed: str = "") -> dict:
        self.paths[name] = path
        self.seen[name] = self.look(name, path)
        # A list's rows belong to the list, on whichever of its pages they stand.
        self.rows.setdefault(listed or name, Counter()).update(self.seen[name]["rows"])
        return self.seen[name]

    def all(self, name: str, path: str) -> list[str]:
        """A list with all its pages; gives the links on them."""
        links: list[str] = []
        number = 0
        while path and number < 40:
            page = self.add(f"{name} {number}", path, name)
            links += page["links"]
            path, number = page["next"], number + 1
        return list(dict.fromkeys(links))

    def sign_in(self) -> None:
        driver = self.browser.driver
        driver.delete_all_cookies()
        self.add("sign-in", "/console/sign-in?lang=vi")
        link = self.ward.ward.link("admin", self.ward.session)
        self.browser.open(link)
        self.browser.follow(driver.find_element(By.CSS_SELECTOR, "main button"))

    def walk(self) -> None:
        self.sign_in()
        for place, (_, identifier) in enumerate(self.ward.documents):
            self.add(f"document {place}", f"/console/document?id={identifier}")
        for kind in ("report", "task", "lookup", "procedure", "place", "notice", "alert", "area", "publication", "settings"):
            links = self.all(f"documents-{kind}", f"/console/documents?kind={kind}")
            if kind in ("procedure", "place", "area", "publication"):
                # What the ward itself wrote has ids that are not known here.
                others = [link for link in links if "/console/document?" in link and link.split("id=")[1] not in self.places]
                for place, link in enumerate(others):
                    self.add(f"{kind} {place}", link)
        self.items()
        for name, path in [
            ("devices", "/console/devices"), ("residents", "/console/devices?role=resident"), ("held", "/console/quarantine"),
            ("refused", "/console/quarantine?view=refused"), ("log", "/console/log"), ("activity", "/console/activity"),
        ]:
            self.all(name, path)
        self.devices()
        for grouping in ("agency", "category", "neighborhood"):
            self.add(f"statistics-{grouping}", f"/console/statistics?by={grouping}")
        results = [link for link in self.all("public", "/public") if "/public/result?" in link]
        for place, link in enumerate(results):
            self.add(f"result {place}", link)
        self.add("agencies", "/public/agencies")
        self.add("missing", "/console/nothing")
        # In the other language names of categories and states are others.
        for name, path in [("statistics-english", "/console/statistics?by=category"), ("reports-english", "/console/documents?kind=report"),
                           ("tasks-english", "/console/documents?kind=task"), ("inbox-english", "/console?view=high")]:
            self.add(name, path + "&lang=en")
        self.look("back", "/console?lang=vi")
        for kind, place in [("report", 0), ("task", 0)]:
            identifier = next(each for name, each in self.ward.documents if name == kind)
            self.add(f"english-{kind}", f"/console/document?id={identifier}&lang=en")
        self.look("back", "/console?lang=vi")

    def items(self) -> None:
        """Every item of the inbox, named by its kind, its document and its field."""
        for link in self.all("inbox", "/console"):
            if "/console/item?" not in link:
                continue
            key = urllib.parse.unquote(link.split("key=")[1])
            kind, rest = key.split("/", 1)
            for identifier, place in self.places.items():
                rest = rest.replace(identifier, place)
            # A device is named by its chain's number alone: which device it is says the kind.
            rest = "/".join(part.split(":")[-1] for part in rest.split("/"))
            name = f"item {kind} {rest}"
            while name in self.paths:
                name += "+"
            self.add(name, link)

    def devices(self) -> None:
        names = {shown_name: name for name, shown_name in self.ward.people.items()}
        for device in self.ward.ward.run("ward-server", "devices")["devices"]:
            name = names.get(device["name"])
            if name:
                self.add(f"device {name}", f"/console/device?id={device['device']}")

    def decide(self, path: str, reason: str) -> None:
        """Decides as a person does, with a reason that came from a clipboard."""
        self.browser.open(self.address + path)
        driver = self.browser.driver
        driver.find_element(By.CSS_SELECTOR, "input[name=choose]").click()
        driver.execute_script("document.getElementById('reason').value = arguments[0]", reason)
        self.browser.follow(driver.find_element(By.CSS_SELECTOR, "main form button"))


def traps(browser: Browser, says: bool) -> None:
    """Lets the browser run whatever it could, and shows that what runs is noticed."""
    browser.driver.execute_cdp_cmd("Page.enable", {})
    browser.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
    browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": inertness.TRAPS})
    for harm in ("<script>alert(1)</script>", "<svg onload=alert(1)>", "<img src=data:x onerror=alert(1)>"):
        browser.open("data:text/html," + urllib.parse.quote(
            f"<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\"><p>{harm}"))
        if browser.driver.execute_script("return window.ran.length") != 1:
            raise Failed(f"the browser does not run {harm}")
    if says:
        check("the browser would run scripts and handlers, and that would be noticed", True)


def strings(value: object) -> set[str]:
    if isinstance(value, str):
        return {value}
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return set().union(*map(strings, inner))


def differing(one: str, other: str) -> str:
    place = next((place for place, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
    return f"… {one[max(0, place - 200):place + 200]}\n… {other[max(0, place - 200):place + 200]}"


def check_same(found: str, expected: str, where: str) -> None:
    if found != expected:
        raise Failed(f"{where}: {found!r} is not {expected!r}")

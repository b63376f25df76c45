"""The browser that looks at the console, and how a check says what it saw."""

import time
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from ward import Failed


class Browser:
    """Chromium without a screen, and without JavaScript unless it is asked for."""

    def __init__(self, folder: Path, scripts: bool = False) -> None:
        options = Options()
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                         "--window-size=1280,900", "--lang=vi", "--no-first-run", "--disable-background-networking"):
            options.add_argument(argument)
        if not scripts:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_page_load_timeout(60)
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def open(self, address: str) -> None:
        self.driver.get(address)

    def follow(self, element) -> None:
        """Clicks what leads to another page, and waits until that one is there."""
        page = self.driver.find_element(By.TAG_NAME, "html")
        element.click()
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                page.is_enabled()
                time.sleep(0.02)
            except WebDriverException:
                # Of a page that is gone.
                return
        raise Failed("no other page came")

    def shot(self, name: str) -> None:
        """The whole page, however long."""
        height = self.driver.execute_script("return document.documentElement.scrollHeight")
        self.driver.set_window_size(1280, min(max(int(height) + 140, 900), 4000))
        self.driver.save_screenshot(str(self.folder / f"{name}.png"))
        self.driver.set_window_size(1280, 900)

    def text(self) -> str:
        """What the page says; asked again where a form has just led to another page."""
        for _ in range(50):
            try:
                return self.driver.find_element(By.TAG_NAME, "body").text
            except (NoSuchElementException, StaleElementReferenceException):
                time.sleep(0.1)
        raise Failed("the page does not stand still")

    def messages(self) -> list[str]:
        """What the browser complained about: a broken content policy would stand here."""
        return [item["message"] for item in self.driver.get_log("browser") if "favicon" not in item["message"]]

    def close(self) -> None:
        self.driver.quit()


def check(what: str, holds: bool, detail: object = "") -> None:
    if not holds:
        raise Failed(f"{what}\n{detail}")
    print(f"  ✓ {what}")

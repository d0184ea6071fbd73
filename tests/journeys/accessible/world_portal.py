"""A running portal with one record of every kind, which knows every page and has everybody signed in."""

import json
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from tests import databases
from tests.journeys.running import RunningPortal
from tests.visits import Visit


@dataclass
class WorldPortal(RunningPortal):
    database: str = f"portal_world_{databases.PROCESS}"
    made: dict[str, Any] = field(default_factory=dict)

    def fill(self) -> None:
        self.made = json.loads(self.run("-m", "tests.journeys.accessible.build_world").splitlines()[-1])

    @property
    def visits(self) -> list[Visit]:
        return [Visit(**one) for one in self.made["visits"]]

    def browser_of(self, who: str, browser: Browser, **options: Any) -> BrowserContext:
        """A browser in which somebody has signed in; "" is nobody."""
        context = browser.new_context(base_url=self.url, locale="en-GB", **options)
        if session := self.made["sessions"].get(who):
            context.add_cookies([{"name": self.made["cookie"], "value": session, "url": self.url}])
        return context

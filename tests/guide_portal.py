"""The running portal that the guide's pictures and its video are taken from: the demo's people on a fixed day."""

import sys
from dataclasses import replace

from tests import databases
from tests.look import DemoPortal


class GuidePortal(DemoPortal):
    """The demo, as a landlord would see it: its banner and its mailbox belong to the demo alone and are left out."""

    @property
    def python(self) -> list[str]:
        return [sys.executable, "-m", "tests.guide_clock"]

    def start(self) -> None:
        databases.create(self.database)
        super().start()

    def fill(self) -> None:
        DemoPortal.fill(replace(self, is_demo=True))

"""The portal of these journeys holds one record of every kind, with everybody signed in."""

from collections.abc import Iterator

import pytest

from tests.journeys.accessible.world_portal import WorldPortal
from tests.journeys.running import RunningPortal


@pytest.fixture(scope="package")
def portal(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    running = WorldPortal(tmp_path_factory.mktemp("world"))
    try:
        running.start()
        yield running
    finally:
        running.stop()

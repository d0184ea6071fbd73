"""Compiled templates rest in the data folder, so that a fresh process does not compile each of them at its first visit."""

from pathlib import Path

from jinja2 import FileSystemBytecodeCache

from portal.lib import amounts
from portal.pages.design import wording


class Compiled(FileSystemBytecodeCache):
    """In a folder that only the portal's account reads and writes. Jinja itself sees to its version and to Python's."""

    # Jinja works constants out while it compiles, with our filters: a template is compiled anew when they have changed.
    filters = "".join(Path(str(module.__file__)).read_text() for module in (amounts, wording))

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(str(folder))

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(self.filters + source)

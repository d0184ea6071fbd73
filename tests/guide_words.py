"""The words of the guide's page, whole or of one section, with single spaces."""

from bs4 import BeautifulSoup


def words_of(soup: BeautifulSoup, section: str = "") -> str:
    """The words of the whole guide, or of one part."""
    return " ".join((_part(soup, section) if section else soup.select_one("main").get_text(" ")).split())


def _part(soup: BeautifulSoup, section: str) -> str:
    start = soup.find(id=section)
    if start.name != "h3":
        return start.get_text(" ")
    found = []
    for after in start.find_next_siblings():
        if after.name == "h3":
            break
        found.append(after.get_text(" "))
    return " ".join(found)

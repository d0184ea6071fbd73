"""Every page that a test fetches is good HTML: checked here, in one place."""

import re
from collections import Counter

import html5lib
from bs4 import BeautifulSoup
from django.http import HttpResponse

LABELLED = ["input", "select", "textarea"]
# No character that begins markup, and none that HTML forbids.
_PLAIN = r"[^<>&\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe-\U0010ffff]"
_PLAIN_TEXT = re.compile(rf">(?=\s*[^\s<]){_PLAIN}*<")
_PLAIN_VALUE = re.compile(rf'(?<!\btype)="(?:(?!"){_PLAIN})*"')
_passed: set[int] = set()
NEEDS_NO_LABEL = {"hidden", "submit", "button"}


def check(response: HttpResponse) -> BeautifulSoup:
    """Parses the page strictly and holds it to the rules of the house. Returns it for more questions."""
    assert response["Content-Type"].startswith("text/html"), response["Content-Type"]
    body = b"".join(response) if response.streaming else response.content
    return check_html(body.decode())


def check_html(html: str) -> BeautifulSoup:
    _parse_strictly(html)
    soup = BeautifulSoup(html, "lxml")  # four times as fast, and of strict HTML makes the same tree
    _one_heading(soup)
    _unique_ids(soup)
    _labels(soup)
    _passwords(soup)
    _summary(soup)
    _no_inline(soup)
    return soup


def _parse_strictly(html: str) -> None:
    """Markup of which a page with the same structure has passed is not parsed again: it cannot have other errors."""
    structure = structure_of(html)
    if structure in _passed:
        return
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    errors = [f"{code} at {place}" for place, code, _ in parser.errors]
    assert not errors, errors
    _passed.add(structure)


def structure_of(html: str) -> int:
    """A hash of all that can make a parse error: tags, names of attributes, the values of `type`, white space between tags,
    and every text or value with a character that is not plain."""
    if "<!--" not in html:
        html = _PLAIN_VALUE.sub('=""', _PLAIN_TEXT.sub(">x<", html))
    return hash(html)


def _one_heading(soup: BeautifulSoup) -> None:
    headings = soup.find_all("h1")
    assert len(headings) == 1, f"{len(headings)} h1 on the page"
    title = soup.title.get_text(" ", strip=True).removeprefix("Error: ")
    words = " ".join(headings[0].get_text(" ", strip=True).split())
    assert title.startswith(words), f"the title {title!r} does not open with the heading {words!r}"
    assert soup.html.get("lang") == "en"


def _unique_ids(soup: BeautifulSoup) -> None:
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    twice = sorted(name for name, count in Counter(ids).items() if count > 1)
    assert not twice, f"ids twice on the page: {twice}"
    for tag in soup.find_all(attrs={"aria-describedby": True}):
        for name in tag["aria-describedby"].split():
            assert name in ids, f"aria-describedby names {name}, which is not on the page"


def _labels(soup: BeautifulSoup) -> None:
    labelled = {label.get("for") for label in soup.find_all("label")}
    for tag in soup.find_all(LABELLED):
        if tag.name == "input" and tag.get("type") in NEEDS_NO_LABEL:
            continue
        named = tag.get("id") in labelled or tag.get("aria-label") or tag.get("aria-labelledby")
        assert named, f"no label for {tag}"
    for tag in soup.find_all("button"):
        assert tag.get_text(strip=True) or tag.get("aria-label"), f"a button without words: {tag}"
    for tag in soup.find_all("img"):
        assert tag.has_attr("alt"), f"no alt: {tag}"


def _passwords(soup: BeautifulSoup) -> None:
    """A password manager learns from the form itself whose password it holds, and whether it is new."""
    for form in soup.find_all("form"):
        secrets = form.select("input[type=password]")
        assert {one.get("autocomplete") for one in secrets} <= {"current-password", "new-password"}, form
        assert not secrets or form.select_one("input[autocomplete=username]"), f"whose password? {form}"


def _summary(soup: BeautifulSoup) -> None:
    summary = soup.find(class_="govuk-error-summary")
    messages = soup.find_all(class_="govuk-error-message")
    assert summary or not messages, "an error message without a summary"
    if summary is None:
        return
    assert soup.title.get_text().startswith("Error: "), "a page with errors says so in its title"
    ids = {tag["id"] for tag in soup.find_all(id=True)}
    for link in summary.select("a[href]"):
        assert link["href"].startswith("#"), link["href"]
        assert link["href"][1:] in ids, f"the error summary links to {link['href']}, which is not on the page"


def _no_inline(soup: BeautifulSoup) -> None:
    for tag in soup.find_all("script"):
        assert tag.get("src") or tag.get("type") == "application/json", "an inline script"
    assert not soup.find_all("style"), "an inline style element"
    for tag in soup.find_all(True):
        for name in tag.attrs:
            assert name != "style", f"an inline style: {tag}"
            assert not re.match(r"on[a-z]+$", name), f"an inline handler: {tag}"

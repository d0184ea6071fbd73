"""The strict check of pages skips only what cannot have errors that an earlier page did not have."""

import pytest

from tests import well_formed

PAGE = (
    "<!DOCTYPE html><html lang='en'><head><title>A – B</title></head><body><h1>A</h1>{}"
    '<p class="x">Some text</p></body></html>'
)
GOOD = '<table><tr><td>Text</td></tr></table><input type="submit" value="v">'
BAD = {
    "a tag that is not closed": "<div><p>Text</p>",
    "a tag that was not opened": "</div>",
    "an attribute twice": '<p id="a" id="b">Text</p>',
    "an unknown entity": "<p>a &nosuch; b</p>",
    "an entity without its end": '<a href="/?a=1&copy=2">Text</a>',
    "a character that HTML forbids": "<p>a \x01 b</p>",
    "a visible field in a table": '<table><input type="text" value="v"></table>',
    "no space between attributes": '<p id="a"class="b">Text</p>',
}


@pytest.mark.parametrize("part", BAD.values(), ids=BAD.keys())
def test_an_error_is_found_after_pages_of_a_similar_structure(part: str) -> None:
    for good in (GOOD, GOOD.replace("Text", "Other"), '<p id="a" class="b">Text</p>', "<div><p>Text</p></div>"):
        well_formed._parse_strictly(PAGE.format(good))
    with pytest.raises(AssertionError):
        well_formed._parse_strictly(PAGE.format(part))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("<p>Text</p>", "<p>Other words, longer ones</p>", True),
        ('<p class="a">Text</p>', '<p class="b c">Text</p>', True),
        ("<p>Text</p>", "<p> </p>", False),
        ("<p>Text</p>", "<p>a &lt; b</p>", False),
        ('<input type="hidden">', '<input type="text">', False),
        ('<p class="a">Text</p>', '<p id="a">Text</p>', False),
        ('<p class="a">Text</p>', '<p class="a&b">Text</p>', False),
        ("<p>Text</p>", "<p>a \ufdd0</p>", False),
        ("<p>Text</p><!-- a -->", "<p>Text</p><!-- a -- b -->", False),
    ],
)
def test_structure_is_all_that_can_make_an_error(one: str, other: str, same: bool) -> None:
    assert (well_formed.structure_of(one) == well_formed.structure_of(other)) is same

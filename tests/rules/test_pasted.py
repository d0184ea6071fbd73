"""What a person can paste for one thing ends as one thing; two different things never become one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib import pasted

UNSEEN = "\u200b\u00ad\ufeff\u2060\u200e"
spoilt = st.text(st.sampled_from(UNSEEN), max_size=3)
DIGITS = st.text(st.sampled_from("0123456789"), min_size=6, max_size=6)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
NAMES = st.from_regex(r"[a-z][a-z0-9._+-]{0,20}[a-z0-9]", fullmatch=True)
DOMAINS = st.from_regex(r"[a-z]{1,10}\.(example|test)", fullmatch=True)


@given(NAMES, DOMAINS, st.lists(spoilt, min_size=4, max_size=4), st.sampled_from(range(9)))
def test_an_address_however_it_was_copied_is_one_address(name: str, domain: str, unseen: list[str], way: int) -> None:
    wanted = f"{name}@{domain}"
    a, b, c, d = unseen
    written = f"{a}{name[:1]}{b}{name[1:]}@{c}{domain}{d}"
    ways = [
        written,
        f" {written}\u00a0",
        f"mailto:{written}",
        f"MAILTO:{written}?subject=Hello",
        f"“O’Neil, Mary” <{written}>",
        f"<{written}>;",
        f"{written};",
        f"{written}.",
        f"{name}@{domain.upper()}",
    ]
    assert pasted.address(ways[way]) == wanted


@given(NAMES, NAMES, DOMAINS, DOMAINS)
def test_two_addresses_stay_two(name: str, other: str, domain: str, another: str) -> None:
    first, second = f"{name}@{domain}", f"{other}@{another}"
    assert (pasted.address(first) == pasted.address(second)) == (first == second)


def test_a_domain_is_the_same_in_both_its_spellings() -> None:
    assert pasted.address("a@xn--bcher-kva.example") == pasted.address("a@BÜCHER.example") == "a@bücher.example"


@given(DIGITS, spoilt, st.sampled_from(["", " ", "-", "–", "\u00a0", "\u2011", ".", "\u200b"]))
def test_a_code_however_it_is_spaced_is_one_code(digits: str, unseen: str, between: str) -> None:
    assert pasted.code(f"{unseen}{digits[:3]}{between}{digits[3:]} ") == digits
    assert pasted.code(digits.translate(WIDE)) == digits


@given(DIGITS, DIGITS)
def test_two_codes_stay_two(one: str, other: str) -> None:
    assert (pasted.code(one) == pasted.code(other)) == (one == other)


REFERENCES = st.from_regex(r"(19|20)\d{7}", fullmatch=True).filter(str.isascii)


QUOTED = ("{0}-{1}", "{0}–{1}", "#{0}{1}", "Case {0}{1}", "case ref: {0} {1}.", "{0}\u200b{1}", "No. {0}/{1}")


@given(REFERENCES, st.sampled_from(QUOTED))
def test_a_reference_however_it_is_quoted_is_one_reference(reference: str, way: str) -> None:
    assert pasted.reference(way.format(reference[:4], reference[4:])) == reference


@given(REFERENCES, REFERENCES)
def test_two_references_stay_two(one: str, other: str) -> None:
    assert (pasted.reference(one) == pasted.reference(other)) == (one == other)


@pytest.mark.parametrize("text", ["Case", "reference", "#", "abc", "Nowhere"])
def test_what_holds_no_number_is_no_part_of_every_reference(text: str) -> None:
    assert pasted.reference(text) != ""
    assert not pasted.reference(text).isdigit()


@given(st.integers(0, 99_999_999), st.sampled_from([",", " ", "\u00a0", "\u202f", "’"]))
def test_a_number_is_one_number_with_and_without_separators(number: int, separator: str) -> None:
    assert pasted.number(f"{number:,}".replace(",", separator)) == str(number)


@pytest.mark.parametrize("text", ["1,23", "1.5", "12,34,567", "1,234 567", "-5", "1e3", "1_000"])
def test_what_is_no_grouped_number_stays_as_it_was(text: str) -> None:
    assert pasted.number(text) == text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("27th", "27"),
        ("1st", "1"),
        (" 2026\u200b", "2026"),
        ("Nov.", "Nov"),
        ("０３", "03"),
        ("3rd", "3"),
        ("th", "th"),
    ],
)
def test_a_part_of_a_date_is_read_as_people_write_it(text: str, wanted: str) -> None:
    assert pasted.date_part(text) == wanted


def test_a_password_loses_what_nobody_sees_and_nothing_else() -> None:
    assert pasted.password("correct\u200bhorse\u00ad") == "correcthorse"
    assert pasted.password("cafe\u0301 noir") == pasted.password("café noir") == "café noir"
    family = "👨\u200d👩\u200d👧 lives here"
    assert pasted.password(family) == family
    assert pasted.password(" two  spaces ") == " two  spaces "


@pytest.mark.parametrize("end", ["\u000b", "\u000c", "\u0085", "\u2028", "\u2029", "\r\n", "\r"])
def test_a_soft_line_break_does_not_join_two_words(end: str) -> None:
    assert pasted.visible(f"first{end}second") == "first\nsecond"


@pytest.mark.parametrize("text", ["5²", "5₂", "①2", "1½"])
def test_a_raised_or_circled_digit_is_no_digit(text: str) -> None:
    assert not pasted.number(text).isdecimal()
    assert not pasted.date_part(text).isdecimal()
    assert pasted.code(text) == text


def test_two_domains_that_only_look_alike_to_an_old_rule_stay_two() -> None:
    assert pasted.address("a@straße.example") == pasted.address("a@xn--strae-oqa.example") == "a@straße.example"
    assert pasted.address("a@strasse.example") == "a@strasse.example"


@pytest.mark.parametrize("label", ["xn--abc-", "xn--a-qgn", "xn--", "xn--\u00fc", "xn--" + "9" * 60])
def test_a_part_of_a_domain_that_reads_as_no_word_of_its_own_stays_as_it_was(label: str) -> None:
    assert pasted.address(f"a@{label}.example") == f"a@{label}.example"


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_no_coded_domain_brings_in_what_nobody_sees(text: str) -> None:
    coded = text.encode("punycode").decode()
    cleaned = pasted.address(f"a@xn--{coded}.example")
    assert pasted.visible(cleaned) == cleaned
    assert pasted.address(cleaned) == cleaned

"""Which words a text holds, which are asked for, which are near, and where they stand: without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.references import is_case_reference
from portal.search.folding import ADJOINING, LONGEST, words_adjoining, words_asked, words_in, words_of_reference
from portal.search.holding import Form, _match, _tsquery
from portal.search.snippets import AT_MOST, Sought, pieces, snippet
from portal.search.spelling import neighbouring_references, neighbours, sounds_like


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Siân", "sian"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("O’Neil", "oneil"),
        ("O'Neil", "neil"),
        ("Smith-Jones", "jones"),
        ("Smith-Jones", "smithjones"),
        ("LS1 4AB", "ls14ab"),
        ("Leeds,LS14AB", "ls1"),
        ("Repair_log (2).PDF", "log"),
        ("Thanks👍🏽!", "👍"),
        ("東京都", "京"),
        ("ＦＵＬＬ", "full"),
    ],
)
def test_a_text_is_found_by_the_word(text: str, word: str) -> None:
    assert word in words_in(text)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("Siân  JONES", ("sian", "jones")),
        ("2026 01234", ("202601234",)),
        ("20 26-01/234", ("202601234",)),
        ("case 2026 01234 now", ("case", "202601234", "now")),
        ("the leak in the bathroom", ("leak", "bathroom")),
        ("the", ("the",)),
        ("O'Neil’s", ("oneils",)),
        ('%_"*-^:()[]{}\\\0', ()),
        ("NEAR(a b) OR c*", ("near", "b", "c")),
        ("", ()),
    ],
)
def test_a_question_asks_for_words(typed: str, asked: tuple[str, ...]) -> None:
    assert words_asked(typed) == asked


def test_a_reference_is_found_whole_or_by_its_number() -> None:
    assert words_of_reference("202600034") == {"202600034", "00034", "34"}


@given(st.text(max_size=200))
def test_whatever_is_typed_becomes_words_that_stand_in_any_query(typed: str) -> None:
    words = (*words_asked(typed), *words_in(typed))
    for word in words:
        assert word.isascii() is False or word.isalnum()
        assert not set(word) & set("'\"\\ \0\ue000\ue001")
        assert 0 < len(word) <= LONGEST


@given(st.text(alphabet="abcdefghijklmnop -'’éñ", min_size=1, max_size=40))
def test_a_text_is_found_by_itself(text: str) -> None:
    held = words_in(text)
    assert all(word in held for word in words_asked(text))


@pytest.mark.parametrize(
    ("typed", "meant"), [("jonse", "jones"), ("wiliams", "williams"), ("smiht", "smith"), ("patell", "patel")]
)
def test_a_slip_of_the_fingers_is_one_away(typed: str, meant: str) -> None:
    assert meant in neighbours(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("mohammed", "muhammad"), ("steven", "stephen"), ("catherine", "kathryn"), ("phillips", "filips")],
)
def test_names_that_sound_the_same_are_near(typed: str, meant: str) -> None:
    assert sounds_like(typed, meant)


@pytest.mark.parametrize(
    ("typed", "meant"), [("jhon", "john"), ("khna", "khan"), ("smth", "smith"), ("stann", "stan"), ("jone", "jones")]
)
def test_of_a_short_word_a_letter_missing_too_many_or_swapped_is_one_away(typed: str, meant: str) -> None:
    assert meant in neighbours(typed)


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        *(("scan", "sean"), ("damp", "camp"), ("mice", "mike"), ("wall", "hall"), ("rent", "kent")),
        *(
            ("mark", "park"),
            ("leak", "lean"),
            ("rent", "brent"),
            ("clean", "lean"),
            ("heat", "wheat"),
            ("dean", "sean"),
        ),
    ],
)
def test_another_ordinary_short_word_is_not_near(typed: str, other: str) -> None:
    assert other not in neighbours(typed)
    assert typed not in neighbours(other)
    assert not sounds_like(typed, other)


@pytest.mark.parametrize(("typed", "meant"), [("alun", "alan"), ("hadi", "hady"), ("jonh", "john"), ("gaile", "gail")])
def test_a_short_name_that_sounds_the_same_is_near_all_the_same(typed: str, meant: str) -> None:
    assert sounds_like(typed, meant) or meant in neighbours(typed)


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("23 Canal Walk\nLeeds\nLS1 4AB", "23CanalWalk"),
        ("14 Mill Lane, Leeds", "14milllane"),
        ("14 Mill Lane, Leeds", "milllane"),
        ("Flat 2, 14 St John’s Road", "14stjohnsroad"),
        ("Łódź Court", "lodzcourt"),
    ],
)
def test_words_beside_each_other_in_an_address_are_also_one_word(address: str, typed: str) -> None:
    (asked,) = words_asked(typed)
    assert f"{ADJOINING}{asked}" in words_adjoining(address)
    assert words_adjoining(address).isdisjoint(words_in(address))


def test_words_on_both_sides_of_a_comma_or_far_from_each_other_are_not_one_word() -> None:
    held = words_adjoining("14 Mill Lane, Leeds")
    assert held == {f"{ADJOINING}{word}" for word in ("14mill", "14milllane", "milllane")}
    assert words_adjoining("Leeds") == set()


def test_words_that_only_share_their_consonants_are_not_near() -> None:
    assert not sounds_like("leak", "luke")
    assert not sounds_like("boiler", "mould")


def test_a_missing_or_wrong_digit_of_a_reference_is_one_away() -> None:
    assert "202601234" in neighbouring_references("20260134")
    assert "202601234" in neighbouring_references("202601243")
    assert "202601234" in neighbouring_references("2026012345")
    assert not neighbouring_references("2026")
    assert all(is_case_reference(one) for one in neighbouring_references("20260134"))


def test_both_databases_are_asked_for_the_same() -> None:
    ask = ((Form("jon", begins=True), Form("john")), (Form("damp"),))
    assert _match(ask) == '("jon"* OR "john") AND ("damp")'
    assert _tsquery(ask) == "('jon':* | 'john') & ('damp')"


def found_in(text: str, *forms: Form) -> list[str]:
    return [piece.text for piece in pieces(text, Sought(forms)) if piece.is_found]


def test_what_was_found_is_marked_where_it_stands() -> None:
    assert found_in("Ms Siân O’Neil-Jones", Form("sian"), Form("neil")) == ["Siân", "O’Neil"]
    assert found_in("14 Mill Lane, Leeds LS1 4AB", Form("ls14ab", begins=True)) == ["LS1 4AB"]
    for address in ("23 Canal Walk, Leeds", "At 23 Canal Walk"):
        assert found_in(address, Form("23canalwalk", begins=True)) == ["23 Canal Walk"]
    assert found_in("23 Canal, Walk", Form("23canalwalk")) == []
    assert found_in("Repair_log.pdf", Form("log")) == ["log"]
    assert found_in("nothing here", Form("damp")) == []


def test_a_snippet_begins_shortly_before_the_first_word_found_and_is_short() -> None:
    cut = snippet("x " * 400 + "the boiler gurgles " + "y " * 400, Sought([Form("gurgl", begins=True)]))
    assert [piece.text for piece in cut if piece.is_found] == ["gurgles"]
    assert sum(len(piece.text) for piece in cut) <= AT_MOST + 4
    assert cut[0].text == "… "
    assert cut[-1].text == " …"


@given(st.text(max_size=300), st.text(max_size=20))
def test_the_pieces_are_the_text(text: str, typed: str) -> None:
    sought = Sought(Form(word, begins=True) for word in words_asked(typed))
    assert "".join(piece.text for piece in pieces(text, sought)) == " ".join(text.split())
    snippet(text, sought)

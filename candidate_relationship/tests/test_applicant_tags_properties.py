"""What holds for every name of a tag."""

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged

from ..models.tag_names import clean_name, get_name_key, split_prefix
from .test_working_time_properties import repeatable

NAMES = st.text(max_size=30)
WORDS = st.lists(st.text(st.characters(categories=['Ll', 'Lo']), min_size=1, max_size=8), min_size=1, max_size=4)
SPACES = st.sampled_from([" ", "  ", "\u3000", "\u00a0", "\t", "-", "_", " - ", "."])
# A letter with upper and lower case and a full-width form
ASCII = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)


def to_full_width(text):
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


@tagged('post_install', '-at_install')
class TestTagNameProperties(TransactionCase):

    @repeatable
    @given(NAMES)
    @example("e \u0301")
    @example("- -")
    @example("İ")
    @example("1- -2")
    def test_key_of_a_key_is_itself(self, name):
        key = get_name_key(name)
        self.assertEqual(get_name_key(key), key)

    @repeatable
    @given(NAMES)
    def test_key_is_the_same_in_every_case_and_form(self, name):
        key = get_name_key(name)
        self.assertEqual(get_name_key(f"  {name}\t"), key)
        for form in ('NFC', 'NFD', 'NFKC', 'NFKD'):
            self.assertEqual(get_name_key(unicodedata.normalize(form, name)), key)

    @repeatable
    @given(ASCII)
    def test_full_width_and_case(self, name):
        key = get_name_key(name)
        self.assertEqual(get_name_key(to_full_width(name)), key)
        self.assertEqual(get_name_key(name.upper()), key)
        self.assertEqual(get_name_key(name.lower()), key)

    @repeatable
    @given(WORDS, SPACES)
    def test_what_stands_between_words(self, words, space):
        self.assertEqual(get_name_key(space.join(words)), get_name_key("".join(words)))

    @repeatable
    @given(NAMES)
    def test_no_name_without_a_key(self, name):
        self.assertEqual(bool(get_name_key(name)), any(
            not character.isspace() and unicodedata.category(character) not in ('Cc', 'Cf')
            for character in unicodedata.normalize('NFKC', name)))

    @repeatable
    @given(NAMES)
    def test_cleaning_keeps_the_key(self, name):
        self.assertEqual(get_name_key(clean_name(name)), get_name_key(name))
        self.assertEqual(clean_name(clean_name(name)), clean_name(name))

    @repeatable
    @given(NAMES)
    def test_prefix_takes_nothing_away(self, name):
        prefix, label = split_prefix(name)
        self.assertIn(label, clean_name(name))
        self.assertTrue(label or not clean_name(name))

    def test_different_names(self):
        names = ["C", "C+", "C++", "C#", "R&D", "RD", "50%", "50", "1-3", "13", "5.5", "55", "Java", "JavaScript"]
        self.assertEqual(len({get_name_key(name) for name in names}), len(names))

"""Names of tags: what two of them have in common although they are written differently."""

import re
import unicodedata

# What stands between words. It says nothing, except between two digits ("1-3 years" is not "13 years").
# Signs that make a name ("C++", "C#", "R&D", "50%") are none of these.
SEPARATOR = r"[\s\-_.,;:/\\|·•'\"`´‘’“”()\[\]{}‐‑‒–—―−、。・]+"
BETWEEN_DIGITS = re.compile(rf"(?<=\d){SEPARATOR}(?=\d)")
ELSEWHERE = re.compile(rf"(?<!\d){SEPARATOR}|{SEPARATOR}(?!\d)")


def get_name_key(name):
    """What spellings of the same name share: "Python", "python " and "Ｐｙｔｈｏｎ" are one.

    Case, spacing, punctuation, invisible characters and full-width forms do not count. The key of a key is
    the key itself. A name of nothing but punctuation keeps it.
    """
    folded = _settle(_fold, name or '')
    return _settle(_strip, folded) or "".join(folded.split())


def clean_name(name):
    """The name as it is stored: without spaces around it or doubled inside, and without full-width letters."""
    return " ".join(unicodedata.normalize('NFKC', name or '').split())


def split_prefix(name):
    """('skill', 'Python') of "skill: Python"; the prefix is empty where there is none."""
    prefix, colon, rest = clean_name(name).partition(':')
    return (get_name_key(prefix), rest.strip()) if colon and rest.strip() else ('', clean_name(name))


def _settle(function, text):
    """Until nothing changes any more: what was taken away may let its neighbours combine."""
    while (changed := function(text)) != text:
        text = changed
    return text


def _fold(text):
    text = unicodedata.normalize('NFKC', text).casefold()
    visible = "".join(character for character in text if unicodedata.category(character) not in ('Cf', 'Cc')
                      or character.isspace())
    return unicodedata.normalize('NFKC', visible)


def _strip(text):
    return _fold(ELSEWHERE.sub("", BETWEEN_DIGITS.sub("-", text)))

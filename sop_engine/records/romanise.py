"""Writing a name in Latin letters when no font of ours draws its own script.

A simple rendering to find a person again, never the name itself: the original stays on file. Where Unicode knows the
sound of a sign (Ethiopic, Hangul, kana, the Indic scripts) its sound is written; alphabets whose letters have names
instead of sounds have a table. A sign without a sound is named (emoji) or numbered (Han), so that nothing is lost and
nothing is a box.
"""

from __future__ import annotations

import re
import unicodedata


def _alphabet(letters: str, sounds: str) -> dict[str, str]:
    return dict(zip(letters, sounds.split(" "), strict=True))


_HEBREW = _alphabet("אבגדהוזחטיךכלםמןנסעףפץצקרשת", "' b g d h v z h t y kh k l m m n n s ' f p ts ts q r sh t")
_ARMENIAN = _alphabet(
    "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև",
    "a b g d e z e y t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts w p k o f ev",
)
_GEORGIAN = _alphabet(
    "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
    "a b g d e v z t i k l m n o p zh r s t u p k gh q sh ch ts dz ts ch kh j h",
)
_ALPHABETS = _HEBREW | _ARMENIAN | _GEORGIAN

_SYMBOLS = {
    "→": "->",
    "←": "<-",
    "↔": "<->",
    "✓": "[x]",
    "✔": "[x]",
    "☑": "[x]",
    "☐": "[ ]",
    "●": "•",
    "■": "•",
    "▪": "•",
}

_SYLLABLE = re.compile(r"^(?:ETHIOPIC SYLLABLE|HANGUL SYLLABLE|(?:HIRAGANA|KATAKANA) LETTER (?:SMALL )?) ?([A-Z]+)$")
# Scripts in which a consonant carries the vowel “a” until a sign changes or kills it.
_INDIC = re.compile(
    r"^(?:DEVANAGARI|BENGALI|GURMUKHI|GUJARATI|ORIYA|TAMIL|TELUGU|KANNADA|MALAYALAM|MYANMAR) "
    r"(LETTER|VOWEL SIGN|SIGN VIRAMA|SIGN) ?([A-Z]*)$"
)


def romanise(text: str, *, undrawable: frozenset[str] | None = None) -> str:
    """Return the text with signs written in Latin letters; with ``undrawable``, only those signs."""
    return " ".join(_word(word, undrawable) for word in unicodedata.normalize("NFC", text).split())


def _word(word: str, undrawable: frozenset[str] | None) -> str:
    written: list[str] = []
    is_name = True
    for sign in word.replace("\u200c", "").replace("\u200d", "") if undrawable else word:
        if undrawable is not None and sign not in undrawable:
            written.append(sign)
            is_name = is_name and not sign.isalpha()
            continue
        indic = _INDIC.match(unicodedata.name(sign, ""))
        if indic is None:
            written.append(_sound(sign))
            continue
        kind, sound = indic[1], indic[2].lower()
        if kind == "LETTER":
            written.append(sound)
        elif kind in ("VOWEL SIGN", "SIGN VIRAMA"):
            # The vowel sign takes the place of the consonant's own “a”.
            if written and written[-1].endswith("a") and len(written[-1]) > 1:
                written[-1] = written[-1][:-1]
            written.append(sound)
        elif sound in ("anusvara", "candrabindu"):
            written.append("m")
    joined = "".join(written)
    return joined[:1].upper() + joined[1:] if is_name else joined


def _sound(sign: str) -> str:
    lower = sign.lower()
    if lower in _ALPHABETS:
        return _ALPHABETS[lower]
    if unicodedata.category(sign) in ("Mn", "Cf", "Me"):
        return ""
    if sign in _SYMBOLS:
        return _SYMBOLS[sign]
    plain = unicodedata.normalize("NFKD", sign)
    if plain.isascii():
        return plain
    name = unicodedata.name(sign, "")
    syllable = _SYLLABLE.match(name)
    if syllable is not None:
        return syllable[1].lower()
    if name and unicodedata.category(sign).startswith("S"):
        return f"[{name.lower()}]"
    return f"[U+{ord(sign):04X}]"

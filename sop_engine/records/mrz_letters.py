"""Names in the letters that machines read: A to Z and a filler between parts (ICAO Doc 9303 part 3, section 6).

A State may choose between several renderings of some letters (Ä as AE or A). Ours are the first ones of the tables.
"""

from __future__ import annotations

import unicodedata

FILLER = "<"


class NoLetters(ValueError):
    """A sign that the tables of Doc 9303 do not know."""


def _table(text: str) -> dict[str, str]:
    return {sign: letters for sign, _, letters in (pair.partition("=") for pair in text.split())}


_LATIN = _table("Ä=AE Å=AA Æ=AE Ð=D Đ=D Ħ=H ı=I Ĳ=IJ Ł=L Ŋ=N Ö=OE Ø=OE Œ=OE ß=SS ẞ=SS Þ=TH Ŧ=T Ü=UE Ə=E")
_CYRILLIC = _table(
    "А=A Б=B В=V Г=G Д=D Е=E Ё=E Ж=ZH З=Z И=I Й=I К=K Л=L М=M Н=N О=O П=P Р=R С=S Т=T У=U Ф=F Х=KH Ц=TS Ч=CH Ш=SH "
    "Щ=SHCH Ъ=IE Ы=Y Ь= Э=E Ю=IU Я=IA Ѣ=IE Є=IE І=I Ї=I Ґ=G Ў=U Ѓ=G Ђ=D Ѕ=DZ Ј=J Ќ=K Љ=LJ Њ=NJ Һ=C Џ=DZ Ћ=C"
)
# Reading: vowels are not written in Arabic, so the lines hold consonants only; a person may ask for a Latin spelling.
_ARABIC = _table(
    "ء=XE آ=XAA أ=XAE ؤ=U إ=I ئ=XI ا=A ب=B ة=XTA ت=T ث=XTH ج=J ح=XH خ=XKH د=D ذ=XDH ر=R ز=Z س=S ش=XSH ص=XSS ض=XDZ "
    "ط=XTT ظ=XZZ ع=E غ=G ف=F ق=Q ك=K ل=L م=M ن=N ه=H و=W ى=XAY ي=Y"
)
_TABLES = _LATIN | _CYRILLIC | _ARABIC
_LEFT_OUT = frozenset("'’‘ʼ`´.،,ـ")
_BETWEEN = frozenset(" -‐‑–—\u00a0\u200c")


def in_letters(name: str) -> str:
    """Return a name in the letters A to Z, with one filler between its parts. Raises NoLetters for an unknown sign."""
    parts = ["".join(_letters(part)) for part in _parts(unicodedata.normalize("NFC", name))]
    return FILLER.join(part for part in parts if part)


def _parts(name: str) -> list[str]:
    return "".join(" " if sign in _BETWEEN else sign for sign in name).split()


def _letters(part: str) -> list[str]:
    written = []
    for at, sign in enumerate(part):
        if sign == "ة" and at == len(part) - 1:
            written.append("XAH")
            continue
        written.append(_letter(sign))
    return written


def _letter(sign: str) -> str:
    if sign in _LEFT_OUT or unicodedata.category(sign) in ("Mn", "Cf"):
        return ""
    upper = sign if sign in _TABLES else sign.upper()
    if upper in _TABLES:
        return _TABLES[upper]
    plain = "".join(letter for letter in unicodedata.normalize("NFD", upper) if not unicodedata.combining(letter))
    if plain and all("A" <= letter <= "Z" for letter in plain):
        return plain
    if plain in _TABLES:
        return _TABLES[plain]
    raise NoLetters(f"The sign “{sign}” has no letters in the tables of Doc 9303.")

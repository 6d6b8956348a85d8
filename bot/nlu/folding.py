"""One spelling for matching: lower case, no accents, no Arabic vowel signs, one form of alef, yeh and kaf."""

from __future__ import annotations

import unicodedata

# Letters that phones and people write for one another; the left form is what matching sees.
_SAME = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ک": "ك",
        "ـ": "", "\u200c": " ", "’": "'", "ʼ": "'", "‘": "'", "`": "'", "ı": "i", "ß": "ss", "œ": "oe", "æ": "ae",
        "ሠ": "ሰ", "ሡ": "ሱ", "ሢ": "ሲ", "ሣ": "ሳ", "ሤ": "ሴ", "ሥ": "ስ", "ሦ": "ሶ",
        "ፀ": "ጸ", "ፁ": "ጹ", "ፂ": "ጺ", "ፃ": "ጻ", "ፄ": "ጼ", "ፅ": "ጽ", "ፆ": "ጾ",
        "ኀ": "ሀ", "ኁ": "ሁ", "ኂ": "ሂ", "ኃ": "ሃ", "ኄ": "ሄ", "ኅ": "ህ", "ኆ": "ሆ",
        # ዐ and ሐ stay: in Tigrinya they are sounds of their own (ዓደይ my home, ኣደይ my mother).
        "አ": "ኣ",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """Same length is not kept: use it for comparing, not for finding positions."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_SAME))
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(unicodedata.normalize("NFC", kept).translate(_SAME).split())

"""The words of the pictures, in English and Korean."""

from __future__ import annotations

from scripts.package.loaded import LANGUAGES, Language

WORDS = {
    "timeline": ("Agreements and events by day, {from_} to {to}", "협정과 사건의 날짜별 분포, {from_}~{to}"),
    "matrix": ("How many agreements of each family mention a field", "협정 계열별, 분야를 언급한 협정 수"),
    "money": (
        "The twelve largest amounts of money under or beside agreements, by kind of figure",
        "협정 관련 금액 상위 12건, 금액의 성격별",
    ),
    "evidence": ("How the values of each table were verified", "표별 근거 확인 방식"),
    "copublication": (
        "Articles on artificial intelligence written with other countries, share of all (NCSES)",
        "AI 논문 중 국제공동 논문의 비율(NCSES)",
    ),
    "year": ("year", "연도"),
    "abroad": ("with other countries", "국제공동 비율"),
    "country": ("country", "국가"),
    "date": ("date", "날짜"),
    "stage": ("stage", "단계"),
    "agreements": ("agreements", "협정 수"),
    "dollars": ("US dollars, logarithmic", "미국 달러(로그 눈금)"),
    "bound": ("figure", "금액의 성격"),
    "share": ("share of values", "칸의 비율"),
    "check": ("evidence", "근거"),
}
# Powers of ten as they are said: billions, and in Korean by 10,000s.
DOLLARS = {
    "en": "replace(replace(format(datum.value, '~s'), 'G', ' billion'), 'T', ' trillion')",
    "ko": (
        "datum.value >= 1e12 ? format(datum.value / 1e12, ',') + '조' : datum.value >= 1e8 ?"
        " format(datum.value / 1e8, ',') + '억' : format(datum.value / 1e4, ',') + '만'"
    ),
}


def word(key: str, language: Language, **cells: object) -> str:
    """Return the words of a picture by their key, with ``cells`` filled in."""
    return WORDS[key][LANGUAGES.index(language)].format(**cells)

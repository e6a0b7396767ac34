"""What one must know before using a column: a closed list, so that the same caution has the same words
everywhere.

Some follow from how a column is filled (``scripts/model/evidence_kinds.py``); the others are named in
``schemas/`` (``techpacts:caveats``).
"""

from __future__ import annotations

from typing import NamedTuple


class Caveat(NamedTuple):
    """The caution in both languages."""

    en: str
    ko: str


CAVEATS = {
    "read_with_bound": Caveat(
        "A floor, an exact sum, an approximation or a ceiling: read it with `bound`.",
        "하한, 확정액, 어림값, 상한 가운데 무엇인지 `bound`와 함께 읽는다.",
    ),
    "part_of_whole": Caveat(
        "A sum can be part of another (`part_of`): do not add up the column, use `funding_totals`.",
        "다른 금액의 일부일 수 있다(`part_of`). 열을 그대로 더하지 말고 `funding_totals`를 쓴다.",
    ),
    "rate_of_day": Caveat(
        "Converted at the listed rate of the day; empty where no day or no rate is known.",
        "해당일 고시 환율로 환산했으며, 날짜나 환율을 모르면 비어 있다.",
    ),
    "bounds_apart": Caveat(
        "Floors, exact sums, approximations and ceilings are added up apart: do not add the four together.",
        "하한, 확정액, 어림값, 상한을 따로 합산했다. 넷을 서로 더하지 않는다.",
    ),
    "planned_or_done": Caveat(
        "The table holds what was only planned or hoped for as well: filter by this column.",
        "계획이나 기대에 그친 것도 들어 있으므로 이 열로 가려 쓴다.",
    ),
    "attended_or_signed": Caveat(
        "Who attended or was announced as signing is listed too: only `signed` signed.",
        "참석자와 서명 예정자도 실려 있다. 실제 서명자는 `signed`뿐이다.",
    ),
    "as_quoted": Caveat(
        "As the source quotes it; where `indicators.definition_status` says that no definition is published,"
        " do not set it beside other series.",
        "자료가 인용한 그대로다. `indicators.definition_status`에 정의가 공개되지 않았다고 된 수치는 다른"
        " 통계와 나란히 놓지 않는다.",
    ),
    "definition_of_indicator": Caveat(
        "Means what the indicator defines, counted as it says and no otherwise: read it with `indicators`.",
        "지표가 정한 뜻과 계수 방법에 따른 값이므로 `indicators`와 함께 읽는다.",
    ),
    "as_far_as_known": Caveat(
        "As far as the documents of the package go: that nothing later is listed does not mean that nothing"
        " happened.",
        "이 데이터셋의 자료가 다루는 데까지다. 이후 기록이 없다고 해서 아무 일도 없었다는 뜻은 아니다.",
    ),
    "weakest_cell": Caveat(
        "As good as the weakest date, number or name of the row.",
        "행의 날짜, 수치, 이름 가운데 근거가 가장 약한 것을 따른다.",
    ),
    "name_in_use": Caveat(
        "The name can be one that others use, or ours: `name_basis` says which.",
        "다른 곳에서 쓰는 이름이거나 여기서 옮긴 이름일 수 있다(`name_basis`).",
    ),
    "day_of_reading": Caveat(
        "A page that shows no date carries the day on which it was read.",
        "날짜가 없는 문서에는 열람한 날을 적었다.",
    ),
    "judgement": Caveat(
        "A judgement of the coder by the coding manual: another reader may judge otherwise (`reliability`).",
        "코딩 지침에 따른 판단이므로 읽는 이에 따라 다를 수 있다(`reliability`).",
    ),
    "own_words": Caveat(
        "Our words, not those of the source.", "자료의 문장이 아니라 여기서 새로 쓴 문장이다."
    ),
    "read_as_missing": Caveat(
        "Holds a text that readers take for a missing value by default, such as `NA`, the code of Namibia:"
        ' read only an empty cell as missing (pandas: `keep_default_na=False, na_values=[""]`; readr: `na ='
        ' ""`), or the Parquet.',
        "`NA`(나미비아 부호)처럼 기본 설정에서 결측치로 읽히는 글자가 들어 있다. 빈칸만 결측치로"
        ' 읽거나(pandas `keep_default_na=False, na_values=[""]`, readr `na = ""`) Parquet를 쓴다.',
    ),
    "read_as_other_type": Caveat(
        "Holds texts that look like a number, a date, a time or a logical value: pandas, readr and Excel make"
        " that of them in a CSV unless told that the column is text.",
        "수, 날짜, 시각, 논리값처럼 보이는 글자가 들어 있다. CSV를 읽을 때 텍스트 열로 지정하지 않으면"
        " pandas, readr, 엑셀이 값을 바꾼다.",
    ),
    "as_precise_as_said": Caveat(
        "A day, a month or a year, as the source has it; the columns with `_from` and `_to` give the first"
        " and last day it can be.",
        "자료가 밝힌 만큼만 일, 월, 연도로 적었다. 가능한 첫날과 마지막 날은 `_from`, `_to` 열에 있다.",
    ),
}

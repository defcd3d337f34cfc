"""Errors of forms name the labels on the form, in the reader's language."""

from __future__ import annotations

import pytest

from api.console.localisation import Locale
from api.console.problem_words import conflict_words, problem_words
from risk.cases.acts.review_finding import ReviewFinding
from risk.errors import BadInput, Conflict, Problem
from risk.problem_phrases import Phrase, phrase

EN, ZH = Locale("en", "UTC"), Locale("zh", "UTC")


def test_a_finding_of_abuse_without_a_cause_names_what_is_missing() -> None:
    with pytest.raises(BadInput) as refused:
        ReviewFinding("abuse").check_reasoned()
    english = [problem_words(EN, one) for one in refused.value.problems]
    assert english == [
        "Resolution: expected what is done with the money",
        "Explanation: expected why it is abuse or fraud",
    ]
    chinese = [problem_words(ZH, one) for one in refused.value.problems]
    assert chinese == ["处理方式：请填写款项的处理方式", "说明：请填写认定滥用或欺诈的理由"]


@pytest.mark.parametrize(
    ("field", "expected", "en", "zh"),
    [
        ("cause", phrase("few_words"), "Reason: expected a few words", "事由：请填写内容"),
        (
            "amount", phrase("most_asked", most="349.00 CNY"),
            "Refunded amount: expected at most CN¥349.00, which is asked",
            "退款金额：请填写不超过申请金额 ¥349.00 的金额",
        ),
        (
            "kind", phrase("one_of", choices=["photo", "video"]),
            "Evidence: expected one of photo, video", "凭证类型：请填写下列之一：照片、视频",
        ),
        ("kind", phrase("one_of", choices=["exchange", "voucher"]),
         "Evidence: expected one of exchange, voucher", "凭证类型：请填写下列之一：换货、优惠券"),
        ("order", phrase("one_of", choices=["rank", "money"]),
         "Sort by: expected one of priority (amount and time left), amount at risk",
         "排序：请填写下列之一：优先级（金额与剩余时间）、风险金额"),
        ("days", phrase("between", least=1, most=365), "For how many days: expected 1 to 365",
         "有效天数：请填写1 至 365 之间的数字"),
        ("zone", phrase("time_zone"), "Time zone: expected an IANA time zone",
         "时区：请填写IANA 时区名称，如 Asia/Shanghai"),
    ],
)  # fmt: skip
def test_fields_by_their_labels(field: str, expected: Phrase, en: str, zh: str) -> None:
    problem = Problem("cases", None, field, expected)
    assert problem_words(EN, problem) == en
    assert problem_words(ZH, problem) == zh


def test_a_conflict_is_told_in_both_languages() -> None:
    taken = Conflict(phrase("held_by_other", who="leo"))
    assert conflict_words(EN, taken) == "leo is working on this case"
    assert conflict_words(ZH, taken) == "leo 正在处理本案"

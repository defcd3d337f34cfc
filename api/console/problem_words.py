"""What is wrong with a form, in the reader's language and by the labels on the form."""

from __future__ import annotations

import re

from api.console.localisation import Locale
from api.console.translations import translate
from risk.errors import Conflict, Problem
from risk.explain.code_labels import LABELS

_LABELS = {
    "note": "act_why", "resolution": "act_resolution", "amount": "act_amount",
    "verdict": "act_finding", "cause": "act_cause", "text": "act_ask_text", "kind": "act_ask_kind",
    "from": "act_ask_from", "to": "act_assign_to", "asks": "act_list_asks", "days": "act_list_days",
    "expires_at": "act_list_days", "name": "people_name", "password": "people_password",
    "zone": "people_zone", "role": "people_role", "team": "people_team", "code": "factor_code",
    "old": "account_old", "state": "find_state", "tier": "filter_tier", "reason": "filter_reason",
    "type": "filter_type", "merchant": "filter_merchant", "due": "filter_due",
    "amount_from": "filter_from", "amount_to": "filter_to", "ring": "filter_ring",
    "audit": "filter_audit", "order": "filter_order", "q": "search", "title": "saved_title",
}  # fmt: skip
"""The label of a form's field, by the name that a problem has."""

_CODES = {
    "kind": ("evidence", "suggestion"), "from": ("from",), "verdict": ("verdict",),
    "resolution": ("resolution",), "tier": ("tier",), "reason": ("reason",), "type": ("type",),
}  # fmt: skip
"""Where the codes of a field have labels: in the first of these tables that has one."""

_WORDS = {
    "order": "order_{}", "due": "tab_{}", "state": "state_{}", "role": "role_{}",
}  # fmt: skip
"""The words of the pages for the codes of a field."""

_ONE_OF = "one of "
_CHINESE = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        ("what is done with the money", "款项的处理方式"),
        ("why it is abuse or fraud", "认定滥用或欺诈的理由"),
        ("how much is paid back", "退还的金额"),
        ("why it is refused all the same", "仍予拒绝的理由"),
        ("nothing where nothing is paid back", "不退款时不填金额"),
        ("a few words", "内容"),
        (r"at most (\d+) characters of text", r"不超过 \1 个字符的文字"),
        (r"at most (\d+) characters", r"不超过 \1 个字符"),
        (r"at most (.+), which is asked", r"不超过申请金额 \1 的金额"),
        (r"above 0, at most (.+)", r"大于 0 且不超过 \1 的金额"),
        ("an amount of money, zero or more", "不小于零的金额"),
        (r"an amount of at most 10\^12", "不超过 10^12 的金额"),
        ("the login of somebody at work", "在职人员的账号"),
        ("a team with somebody at work", "有在职人员的团队"),
        ("block or allow", "限制名单或放行名单"),
        ("evidence or prepayment", "补充凭证或预付"),
        (r"(\d+) to (\d+)", r"\1 至 \2 之间的数字"),
        (r"a moment within the coming (\d+) days", r"今后 \1 天内的时间"),
        (r"(\d+) to (\d+) characters", r"\1 至 \2 个字符"),
        ("something without the name in it", "不含账号的密码"),
        ("something that is harder to guess", "更难猜到的密码"),
        ("the code that the app shows now", "验证器当前显示的验证码"),
        ("no second factor yet", "未启用的第二验证"),
        ("the password of today", "当前密码"),
        (r"(\d+) to (\d+) letters, digits, or (.+)", r"\1 至 \2 个字母、数字或 \3"),
        ("an IANA time zone", "IANA 时区名称，如 Asia/Shanghai"),
        (r"a value \(required\)", "内容（必填）"),
        ("a number", "数字"),
        ("true or false", "是或否"),
        ("this case is closed", "案件已结案"),
        ("you do not hold this case", "您没有领取本案"),
        (r"(.+) is working on this case", r"\1 正在处理本案"),
        ("there is no finding that could be corrected", "没有可更正的认定"),
        ("there is no finding yet that could be appealed", "尚无可申诉的认定"),
        (r"a finding of (.+) is about to be stored", r"\1 的认定即将记录"),
        (
            "the finding is stored already: correct it instead",
            "认定已记录，无法撤销，请改用“更正认定”",
        ),
        ("this was asked already", "已经询问过，无需重复"),
        ("an appeal came in meanwhile; reload the case", "案件刚收到申诉，请重新打开"),
        ("the customer is on no list", "该客户不在名单中"),
        ("the customer is not on the block list", "该客户不在限制名单中"),
        (r"there is a person named (.+) already", r"账号 \1 已存在"),
    )
)
"""Sentences of errors, in Chinese."""


def problem_words(locale: Locale, problem: Problem) -> str:
    """A problem of a form: the field's label, and what is expected of it."""
    field = problem.field or ""
    key = _LABELS.get(field)
    named = translate(key, locale.language) if key else field or "–"
    expected = _expected(locale, field, problem.expected)
    return translate("problem", locale.language, field=named, expected=expected)


def conflict_words(locale: Locale, conflict: Conflict) -> str:
    """Why an act is not possible any more."""
    return _in(locale, str(conflict))


def _expected(locale: Locale, field: str, expected: str) -> str:
    if not expected.startswith(_ONE_OF):
        return _in(locale, locale.said(expected))
    codes = expected.removeprefix(_ONE_OF).split(", ")
    named = [_named(locale, field, code) for code in codes]
    return (
        f"下列之一：{'、'.join(named)}" if locale.language == "zh" else _ONE_OF + ", ".join(named)
    )


def _named(locale: Locale, field: str, code: str) -> str:
    """What the pages call a code of a field."""
    if field in _WORDS:
        return translate(_WORDS[field].format(code), locale.language)
    table = next((one for one in _CODES.get(field, ()) if code in LABELS[one]), None)
    return locale.within(table, code) if table else code


def _in(locale: Locale, sentence: str) -> str:
    if locale.language == "en":
        return sentence
    found = ((pattern.fullmatch(sentence), words) for pattern, words in _CHINESE)
    return next((match.expand(words) for match, words in found if match), sentence)

"""Titles, captions and words of the plots of the monitor's page, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("How refunds are decided", "退款决定情况"),
    "version": ("model version {}", "模型版本 {}"),
    "alarms": ("What is wrong", "异常"),
    "notes": ("Worth a look", "值得查看"),
    "numbers": ("All measurements", "全部数据"),
    "differences": ("Decisions that come out differently", "重算后不同的决定"),
    "promise": ("People: the promise", "客户：承诺"),
    "calibrated": ("Do the probabilities mean what they say", "概率是否可信"),
    "drifting": ("What has changed", "发生的变化"),
    "work": ("What was decided", "决定情况"),
    "rivals": ("Champion and challenger", "现用模型与挑战模型"),
    "drift": ("Features that changed most", "变化最大的特征"),
    "psi": ("population stability index", "群体稳定性指数（PSI）"),
    "limit": ("limit without drift", "无漂移时的上限"),
    "look": ("look into it", "需查看"),
    "calibration": ("Found and foretold", "认定与预计"),
    "month": ("month of the request", "申请月份"),
    "abusive": ("abusive requests", "滥用申请数"),
    "expected": ("foretold, 95 %", "预计（95%）"),
    "observed": ("found", "认定"),
    "parts": ("Found for each foretold, by part", "各部分认定与预计之比"),
    "ratio": ("found for each foretold", "认定与预计之比"),
    "accepted": ("accepted: 0.8 to 1.25", "可接受：0.8 至 1.25"),
    "friction": ("Honest requests bothered", "被打扰的诚实申请"),
    "bothered": ("share bothered", "被打扰占比"),
    "share": ("bothered, 95 %", "被打扰占比（95%）"),
    "promised": ("promised at most", "承诺上限"),
    "days": ("Decisions by day", "每日决定"),
    "day": ("day of the decision", "决定日期"),
    "decisions": ("decisions", "决定数"),
    "tiers": ("The same decisions by both", "同一决定的两种结果"),
    "challenger": ("challenger", "挑战模型"),
    "champion": ("champion", "现用模型"),
    "how_promise": (
        "Share of honest requests that were asked for evidence or put before a person at any of "
        "their moments, weighed for how requests are chosen to be looked into. In brackets: how "
        "many were found honest.",
        "诚实申请中曾被要求补充凭证或转交人工的占比，已按抽查方式加权。括号内为经认定诚实的申请数。",
    ),
    "how_calibrated": (
        "Only requests that the scoring model had not learned from. What was found should lie in "
        "the band of what was foretold; lines are 95 % intervals.",
        "仅含模型未学过的申请。认定数应落在预计的区间内；线段为95%区间。",
    ),
    "how_drifting": (
        "The last 30 days compared with the year before. Above 0.25 something has changed enough "
        "to look into; the tick is what chance alone exceeds once in a thousand.",
        "近30天与此前一年相比。高于0.25说明变化较大，值得查看；竖线为偶然变化千分之一的上限。",
    ),
    "how_work": ("Decisions of the service by day and tier.", "每日各类决定的数量。"),
    "how_rivals": (
        "The challenger's answers are computed afterwards, stored apart and without effect.",
        "挑战模型的结果事后计算，另行保存，不影响任何决定。",
    ),
}  # fmt: skip
PLOT_WORDS: Mapping[str, Mapping[str, str]] = {
    language: {name: pair[place] for name, pair in WORDS.items()}
    for place, language in enumerate(("en", "zh"))
}
"""The words by language and name."""

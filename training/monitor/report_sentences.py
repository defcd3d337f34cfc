"""What a report of the monitor says, each sentence in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from risk.explain.code_labels import label
from risk.explain.feature_title import feature_title
from risk.facts.localised import LANGUAGES, LocalisedText
from risk.features.catalog import catalogue
from risk.history.monitor_reports import Estimate
from training.judge.promise_words import named_rules
from training.monitor.calibration_check import miscalibrated
from training.monitor.challenger_sentences import (
    ROLES,
    comparison_sentences,
    measure_sentence,
    told,
)
from training.monitor.drift import RECENT_DAYS, drifted_features, score_drifts
from training.monitor.friction import RECENT_DAYS as FRICTION_DAYS
from training.monitor.group_shares import group_sentences
from training.monitor.measurements import Measurements

MAX_NAMED = 8


def alarms(report: Measurements) -> Iterator[LocalisedText]:
    """Faults that make the command fail."""
    found = report.friction
    if count := len(report.differences):
        yield told(
            f"{count:,} stored decisions replay differently",
            f"{count:,} 项已存决定重算后结果不同",
        )
    if found.broken:
        rules = _by_rules(report)
        yield told(
            f"the promise is broken: {_share(found.recent)} of honest requests bothered, "
            f"{found.promised:.0%} promised{rules['en']}",
            f"承诺未兑现：{_share(found.recent, 'zh')}的诚实申请被打扰，承诺不超过"
            f"{found.promised:.0%}{rules['zh']}",
        )
    if found.shifted:
        yield told(
            f"more than the promise allows for: {_share(found.reaching)} of the requests of the "
            f"last month reach the threshold, {found.allowed:.1%} may",
            f"超出承诺所容：近一个月{_share(found.reaching, 'zh')}的申请达到门槛，"
            f"上限为{found.allowed:.1%}",
        )
    for row in _rows(miscalibrated(report.segments)):
        if row.segment.startswith("top"):
            yield _miscalibrated(row)


def notes(report: Measurements) -> Iterator[LocalisedText]:
    """Warnings: to look into, not necessarily faults."""
    if score_drifts(report.score):
        yield told(
            f"the score drifts: PSI {report.score.value:.2f} in {RECENT_DAYS} days",
            f"评分分布漂移：近{RECENT_DAYS}天 PSI {report.score.value:.2f}",
        )
    moved = drifted_features(report.drift)
    if len(moved):
        yield _drifting(moved, len(report.drift))
    for row in _rows(miscalibrated(report.segments)):
        if not row.segment.startswith("top"):
            yield _miscalibrated(row)
    found = report.friction
    if found.tighter is not None:
        yield told(
            f"a threshold of {found.tighter:.3f} instead of {found.ask_above:.3f} would keep the "
            "promise: `refund-risk monitor --tighten`",
            f"将门槛由{found.ask_above:.3f}提高到{found.tighter:.3f}即可兑现承诺："
            "`refund-risk monitor --tighten`",
        )
    yield from group_sentences(found.groups, found.by_score, beyond=True)
    for odd in report.odd_merchants:
        yield told(f"findings unlike the others': {odd}", f"与其他商家不同的认定：{odd.zh}")
    if report.comparison_error:
        yield told(
            f"champion and challenger cannot be compared: {report.comparison_error}",
            f"现用模型与挑战模型无法比较：{report.comparison_error}",
        )
    for one in report.comparison.measures if report.comparison else ():
        if one.better:
            line = measure_sentence(one)
            yield told(
                f"the {one.better} is significantly better: {line['en']}",
                f"{ROLES[one.better]}显著更好：{line['zh']}",
            )


def _drifting(moved: pd.DataFrame, of: int) -> LocalisedText:
    """Which features drift, in words, and what to do about it."""
    titles = {feature.name: feature for feature in catalogue()}
    most = list(zip(map(str, moved.index), _rows(moved.head(MAX_NAMED)), strict=False))
    named = [
        [
            f"{feature_title(titles[name], one) if name in titles else name} (PSI {row.psi:.2f})"
            for name, row in most
        ]
        for one in LANGUAGES
    ]
    return told(
        f"{len(moved)} of {of} features drift: {'; '.join(named[0])}. Look at whether shops, "
        "couriers or customers changed; if they did, train again",
        f"{of}个特征中{len(moved)}个发生漂移：{'；'.join(named[1])}。请查看商家、快递或客户"
        "是否有变化；若有，请重新训练",
    )


def numbers(report: Measurements) -> Iterator[LocalisedText]:
    """The measurements."""
    yield told(
        f"replay: {report.replayed:,} stored decisions made again, "
        f"{len(report.differences):,} differences",
        f"重算：{report.replayed:,}项已存决定，{len(report.differences):,}项不同",
    )
    few, value = np.isnan(report.score.value), f"PSI {report.score.value:.3f}"
    yield told(
        f"score drift: {'too few requests' if few else value} over the last {RECENT_DAYS} days",
        f"评分漂移：近{RECENT_DAYS}天{'申请过少' if few else f' {value}'}",
    )
    drifted, of = len(drifted_features(report.drift)), len(report.drift)
    yield told(
        f"feature drift: {drifted} of {of} features drift", f"特征漂移：{of}个特征中{drifted}个"
    )
    for row in _rows(report.segments):
        yield told(
            f"found for each foretold, {segment_name(row.segment)['en']}: {_ratio(row)}",
            f"实际认定与预计之比，{segment_name(row.segment)['zh']}：{_ratio(row, 'zh')}",
        )
    yield _friction(report)
    yield from group_sentences(report.friction.groups, report.friction.by_score)
    for row in _rows(report.findings_by_tier):
        if row.labelled:
            found = Estimate(row.abusive, row.low, row.high)
            names = [label("tier", row.tier, language) for language in LANGUAGES]
            yield told(
                f"{names[0]}: {row.requests:,} requests, {row.labelled:,} with a finding, "
                f"{_share(found)} of those abusive",
                f"{names[1]}：{row.requests:,}次申请，{row.labelled:,}次有认定，其中滥用"
                f"{_share(found, 'zh')}",
            )
    for row in _rows(report.agreement):
        yield _agreement(row)
    if report.comparison is not None:
        yield from comparison_sentences(report.comparison)


def _agreement(row: Any) -> LocalisedText:
    """How often two who found the same request out say the same; of few, the counts alone."""
    lower, higher = row.pair.split(", then ")
    zh = [label("decided_by", who, "zh") for who in (lower, higher)]
    same = round(row.agree * row.requests)
    return told(
        f"where both {lower} and {higher} found a request out they agree on {same:,} of "
        f"{row.requests:,}",
        f"{zh[0]}与{zh[1]}均有认定的{row.requests:,}次申请中，{same:,}次一致",
    )


def _by_rules(report: Measurements) -> LocalisedText:
    """The part that rules bother, with their names, as the end of a sentence."""
    found = report.friction
    en, zh = (named_rules(found.by_rule, one) for one in LANGUAGES)
    return told(
        f"; by rules alone {found.by_rules:.1%}" + (f" ({en})" if en else ""),
        f"；其中仅因规则{found.by_rules:.1%}" + (f"（{zh}）" if zh else ""),
    )


def _friction(report: Measurements) -> LocalisedText:
    found = report.friction
    if not found.honest:
        return told(
            "honest requests bothered: none is known to be honest yet",
            "被打扰的诚实申请：尚无经认定诚实的申请",
        )
    rules = _by_rules(report)
    return told(
        f"honest requests bothered, {found.source}: {_share(found.recent)} of {found.honest:,} in "
        f"the last {FRICTION_DAYS} days, {found.promised:.0%} promised; {found.waiting:.1%} more "
        f"only waited for the shop or the courier{rules['en']}",
        f"被打扰的诚实申请：近{FRICTION_DAYS}天{found.honest:,}次中{_share(found.recent, 'zh')}，"
        f"承诺不超过{found.promised:.0%}；另有{found.waiting:.1%}仅等待商家或快递答复{rules['zh']}",
    )


def _miscalibrated(row: Any) -> LocalisedText:
    high = row.low > 1
    part = segment_name(row.segment)
    return told(
        f"probabilities are too {'low' if high else 'high'}, {part['en']}: found for each foretold "
        f"{_ratio(row)}",
        f"{part['zh']}的概率偏{'低' if high else '高'}：实际认定与预计之比{_ratio(row, 'zh')}",
    )


def segment_name(name: str) -> LocalisedText:
    """A part of the requests in words: `stage request`, `amount q1`, `top 5 %`."""
    kind, _, value = name.partition(" ")
    if kind == "stage":
        en, zh = (label("stage", value, language) for language in LANGUAGES)
        return told(en[:1].lower() + en[1:], zh)
    if kind == "amount":
        return told(f"amounts of quarter {value.lstrip('q')}", f"金额第{value.lstrip('q')}四分位")
    return told(f"the highest {value}", f"概率最高的{value}")


def _share(one: Estimate, language: str = "en") -> str:
    if language == "zh":
        return f"{one.value:.1%}（{one.low:.1%} 至 {one.high:.1%}）"
    return f"{one.value:.1%} ({one.low:.1%} to {one.high:.1%})"


def _ratio(row: Any, language: str = "en") -> str:
    if language == "zh":
        return f"{row.ratio:.2f}（{row.low:.2f} 至 {row.high:.2f}）"
    return f"{row.ratio:.2f} ({row.low:.2f} to {row.high:.2f})"


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame, each with its columns as attributes."""
    yield from frame.itertuples()

"""What is said of champion and challenger, in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterator

from risk.facts.localised import LANGUAGES, LocalisedText
from risk.history.monitor_reports import MeasureComparison, ModelComparison

MEASURE_LABELS = {
    "honest_bothered": ("honest requests bothered", "被打扰的诚实申请", "{:.1%}", "{:+.1%}"),
    "honest_waiting": (
        "honest requests that only wait", "仅需等待的诚实申请", "{:.1%}", "{:+.1%}",
    ),
    "abuse_stopped": ("abusive money stopped", "拦下的滥用金额", "{:.1%}", "{:+.1%}"),
    "auc": ("AUC", "AUC", "{:.3f}", "{:+.3f}"),
    "log_loss": ("log-loss", "对数损失", "{:.4f}", "{:+.4f}"),
}  # fmt: skip
"""Label of each measure of a comparison, with the formats of a value and of a difference."""

ROLES = {"champion": "现用模型", "challenger": "挑战模型"}


def told(en: str, zh: str) -> LocalisedText:
    """A sentence in both languages."""
    return dict(zip(LANGUAGES, (en, zh), strict=True))


def comparison_sentences(found: ModelComparison) -> Iterator[LocalisedText]:
    """The comparison of champion and challenger."""
    same = found.same_tier / found.decisions
    yield told(
        f"champion {found.champion} and challenger {found.challenger}: {found.decisions:,} "
        f"decisions, {same:.1%} with the same tier, mean absolute difference of probabilities "
        f"{found.moved:.3f}",
        f"现用模型{found.champion}与挑战模型{found.challenger}：{found.decisions:,}项决定，"
        f"{same:.1%}结果相同，概率平均相差{found.moved:.3f}",
    )
    if not found.measures:
        yield told(
            f"  {found.labelled:,} labelled requests outside both training sets, "
            f"{found.abusive:,} of them abusive: too few to compare the two",
            f"  两者均未学过的有认定申请{found.labelled:,}次，其中滥用{found.abusive:,}次：过少，"
            "无法比较",
        )
        return
    for one in found.measures:
        line = measure_sentence(one)
        yield told(f"  {line['en']}", f"  {line['zh']}")
    yield told(
        f"  on {found.labelled:,} labelled requests outside both training sets, "
        f"{found.abusive:,} of them abusive",
        f"  依据两者均未学过的有认定申请{found.labelled:,}次，其中滥用{found.abusive:,}次",
    )


def measure_sentence(one: MeasureComparison) -> LocalisedText:
    """One measure of both, with their difference."""
    en, zh, written, signed = MEASURE_LABELS[one.name]
    a, b, gap = one.champion, one.challenger, one.difference
    values = [written.format(a.value), written.format(b.value), *map(signed.format, (
        gap.value, gap.low, gap.high))]  # fmt: skip
    return told(
        "{}: {} champion, {} challenger, {} ({} to {})".format(en, *values),
        "{}：现用模型 {}，挑战模型 {}，相差 {}（{} 至 {}）".format(zh, *values),
    )

"""The verdict on the model in service, which command, overview and report give alike."""

from __future__ import annotations

from collections.abc import Mapping

from risk.facts.localised import LocalisedText
from risk.history.monitor_reports import ChampionReport

MONEY_HELD = "abusive_money_held"


def verdict(found: ChampionReport) -> LocalisedText:
    """What somebody who decides has to know, in three sentences: what to do, people, money."""
    parts = [_action(len(found.alarms), len(found.notes)), _people(found.numbers)]
    parts += [_money(found.numbers)] if MONEY_HELD in found.numbers else []
    return {
        "en": " ".join(part["en"] for part in parts),
        "zh": "".join(part["zh"] for part in parts),
    }


def _action(alarms: int, notes: int) -> LocalisedText:
    if alarms:
        things = "one thing is" if alarms == 1 else f"{alarms} things are"
        return {"en": f"Act now: {things} wrong.", "zh": f"请立即处理：有{alarms}项异常。"}
    if notes:
        things = "one thing is" if notes == 1 else f"{notes} things are"
        return {
            "en": f"Nothing has to be done; {things} worth a look.",
            "zh": f"无须立即处理；有{notes}项值得查看。",
        }
    return {"en": "All is well.", "zh": "一切正常。"}


def _people(numbers: Mapping[str, float]) -> LocalisedText:
    if "honest_bothered" not in numbers:
        return {
            "en": "Whether honest customers are bothered is not known yet: none was found honest.",
            "zh": "尚无经认定诚实的申请，不知诚实客户是否被打扰。",
        }
    share, promised = numbers["honest_bothered"], numbers["honest_bothered_promised"]
    low, high = (numbers.get(f"honest_bothered_{end}", share) for end in ("low", "high"))
    en, zh = "the promise is kept", "承诺已兑现"
    if low > promised:
        en, zh = "the promise is broken", "承诺未兑现"
    elif high > promised:
        en = "too few are known to say whether the promise is kept"
        zh = "样本太少，尚不能断定承诺是否兑现"
    seen, most = f"{100 * share:.1f}", f"{100 * promised:.0f}"
    return {
        "en": f"Of a hundred honest customers {seen} were bothered, at most {most} are promised: "
        f"{en}.",
        "zh": f"每百位诚实客户中有{seen}位被打扰，承诺不超过{most}位：{zh}。",
    }


def _money(numbers: Mapping[str, float]) -> LocalisedText:
    held = numbers[MONEY_HELD]
    return {
        "en": f"Of the money of requests found abusive {held:.0%} was held back at first.",
        "zh": f"经认定滥用的申请金额中，{held:.0%}在首次决定时已被拦下。",
    }

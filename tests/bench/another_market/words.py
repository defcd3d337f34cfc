"""What people write: phrases in Chinese and English, with slips, anger and copying.

Assumed: honest people name a detail when they like words, and write three words when they do not;
abusers are vaguer unless skilled; machine-written claims are long, polite and free of slips.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.bench.another_market.draws import Rng, chance

OPENINGS = ("你好，", "亲，", "客服在吗，", "您好", "", "", "", "麻烦看一下，", "请问")
CLOSINGS = ("请处理", "希望尽快退款", "谢谢", "麻烦退一下", "", "", "", "怎么办", "等回复")
ANGER = ("太坑了！！", "什么破店", "再也不买了！", "气死我了", "骗子吧", "你们到底管不管？")
VAGUE = (
    "质量不行",
    "东西有问题",
    "不好",
    "和想的不一样",
    "不能用",
    "有瑕疵",
    "不满意，退款",
    "商品有问题，要求退款",
    "用不了",
)
SLIPS = (
    ("的", "地"),
    ("在", "再"),
    ("坏", "怀"),
    ("退款", "退宽"),
    ("收到", "首到"),
    ("已经", "以经"),
    ("，", ""),
    ("发现", "发先"),
)
DETAILS: dict[str, tuple[str, ...]] = {
    "not_received": (
        "显示签收了但我没拿到{w}",
        "物流三天没动了，一直没收到",
        "快递说放门口了，门口没有",
        "驿站查不到这个件",
        "不是我签的，家里没人",
        "打快递员电话说找不到了",
    ),
    "late": (
        "说好48小时发货，过了五天才发",
        "等太久了不需要了",
        "物流太慢，都一个星期了",
        "过了生日才到",
    ),
    "damaged": (
        "打开箱子{w}就碎了",
        "外箱压扁了，里面{w}也裂了一角",
        "漏了一半，袋子都湿了",
        "{w}左边有一道裂痕",
        "快递摔坏的，四个里面碎了两个",
    ),
    "defective": (
        "{w}用了两天就没反应了",
        "充不进电，灯也不亮",
        "缝线开了，袖口那里",
        "右边没有声音",
        "按开关没反应，换了插座也一样",
        "有异味，洗了两遍还有",
    ),
    "not_as_described": (
        "颜色和图片差很多，图上是米白，来的是黄的",
        "标的是纯棉，标签上写聚酯纤维",
        "尺寸比页面写的小了三厘米",
        "直播说的有赠品，没有",
        "{w}比宣传薄很多",
    ),
    "wrong_item": (
        "买的L码发来M码",
        "我要的是黑色，给我发了白色",
        "发错了，不是我买的{w}",
        "收到的是别人的订单",
    ),
    "missing_item": (
        "少发了一件",
        "一套里面缺两个",
        "说明书和配件没有",
        "数了只有三个，应该五个",
        "赠品没发",
    ),
    "counterfeit": (
        "专柜验过说不是正品",
        "{w}的序列号官网查不到",
        "标签字体不一样，是假的",
        "和以前买的味道不同，怀疑假货",
    ),
    "double_charge": ("扣了两次款", "同一单付了两笔"),
    "unwanted": (
        "不想要了",
        "尺码不合适",
        "买大了",
        "不喜欢",
        "拍多了",
        "七天无理由",
        "家里人买过了",
    ),
    "other": ("降价了补差价", "地址填错了", "其他原因", "发票一直没开"),
}
ENGLISH: dict[str, tuple[str, ...]] = {
    "not_received": ("tracking says delivered but nothing at my door", "never got the {e}"),
    "late": ("took way too long", "arrived after the date"),
    "damaged": ("{e} came broken, box crushed on one side", "cracked on arival"),
    "defective": ("{e} stopped working after 2 days", "doesnt turn on"),
    "not_as_described": ("color is nothing like the picture", "smaller then the listing says"),
    "wrong_item": ("got the wrong size, ordered L", "not what I ordered"),
    "missing_item": ("one piece missing from the set", "only 3 of 5 in the box"),
    "counterfeit": ("serial number not found on the brand site", "looks fake, logo is off"),
    "double_charge": ("charged twice",),
    "unwanted": ("changed my mind", "doesnt fit"),
    "other": ("price dropped", "other"),
}
MACHINE = (
    (
        "您好，非常感谢您的耐心服务。我在收到{w}后第一时间进行了检查，发现商品存在明显问题，具体表现为{d}。"
        "鉴于该问题已严重影响正常使用，恳请您为我办理退款，期待您的回复。"
    ),
    "尊敬的客服，您好！关于本次购买的{w}，经仔细核对，{d}。已附上相关照片供您参考，希望能够协商妥善解决，谢谢理解。",
    "我对此次购物体验感到遗憾。{w}到货后出现如下情况：{d}。我希望能够获得全额退款，感谢配合。",
)


def honest_text(
    rng: Rng, reason: str, nouns: tuple[str, str], words: float, anger: float, english: bool
) -> str:
    """What an honest customer writes; empty for one in seven, by a machine for one in fifty."""
    if chance(rng, 0.02):
        return str(rng.choice(MACHINE)).format(
            w=nouns[0], d=str(rng.choice(DETAILS[reason])).format(w=nouns[0])
        )
    if chance(rng, 0.14):
        return ""
    if english:
        text = str(rng.choice(ENGLISH[reason])).format(e=nouns[1])
        return text.upper() + "!!" if chance(rng, anger * 0.5) else text
    details = tuple(d.format(w=nouns[0]) for d in DETAILS[reason])
    if chance(rng, 0.5 * (1 - words)):
        text = (
            str(rng.choice(VAGUE))
            if chance(rng, 0.1 if reason in ("unwanted", "not_received", "late") else 0.5)
            else str(rng.choice(details))[:6]
        )
    else:
        text = compose(rng, details, words)
    if chance(rng, anger):
        text += str(rng.choice(ANGER))
    return slip(rng, text.rstrip("，"), 0.25)


def compose(rng: Rng, details: tuple[str, ...], words: float) -> str:
    """A greeting, one or two details, and a wish."""
    text = str(rng.choice(details))
    if chance(rng, words * 0.5):
        text += "，" + str(rng.choice(details))
    return str(rng.choice(OPENINGS)) + text + "，" + str(rng.choice(CLOSINGS))


def abuser_text(
    rng: Rng,
    reason: str,
    nouns: tuple[str, str],
    skill: float,
    person: Mapping[str, Any],
    machine: bool,
) -> str:
    """What an abuser writes: vaguer with little skill, like anybody with much; some by machine."""
    if machine and chance(rng, 0.75):
        return str(rng.choice(MACHINE)).format(
            w=nouns[0], d=str(rng.choice(DETAILS[reason])).format(w=nouns[0])
        )
    if chance(rng, 0.3 * (1 - skill)) and not person["english"]:
        return slip(
            rng,
            (
                str(rng.choice(OPENINGS))
                + str(rng.choice(VAGUE))
                + "，"
                + str(rng.choice(CLOSINGS))
            ).rstrip("，"),
            0.25,
        )
    return honest_text(
        rng, reason, nouns, person["words"], person["anger"] * 0.7, person["english"]
    )


def copied(rng: Rng, text: str, skill: float) -> str:
    """A text handed on: unchanged, or with small changes by the skilled."""
    if not chance(rng, 0.3 + 0.5 * skill):
        return text
    return slip(rng, str(rng.choice(OPENINGS)) + text + str(rng.choice(CLOSINGS)), 0.5)


def slip(rng: Rng, text: str, share: float) -> str:
    """The text with a slip of the keyboard, in this share of cases."""
    if not chance(rng, share):
        return text
    wrong = SLIPS[int(rng.integers(len(SLIPS)))]
    return text.replace(wrong[0], wrong[1], 1)

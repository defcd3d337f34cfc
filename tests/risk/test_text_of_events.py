"""What texts say happened to a purchase, and words of something else."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from risk.text import analyse, tags

TOLD = {
    tags.PRICE_FELL: [
        "刚买就降价了，退差价", "买贵了，第二天就降价了五十", "申请价保", "优惠券没用上，退我差价", "忘记用优惠券了", "红包没抵扣",
        "价格降了能退吗", "没用上优惠券", "下单忘用红包了", "The price dropped the day after I bought it, please refund the difference",
        "I forgot to use my coupon", "the discount code was not applied", "price drop two days later", "it went on sale the next day",
        "please refund the price difference",
    ],
    tags.OWN_ADDRESS: [
        "地址写错了，送到以前的住处了", "收货地址填错了，能不能重新寄到新地址", "我填错地址了", "忘记改地址，寄到老家了", "送到我以前的公司了",
        "地址选错了", "I put my old address by mistake", "I accidentally entered the wrong address", "I typed the wrong address, please cancel",
        "Sorry, I forgot to update my shipping address", "the address I gave was wrong",
    ],
    tags.REFUSED: [
        "我拒收了", "外箱破了我当场拒收了", "家人已拒收", "快递到的时候我直接拒签了", "已拒收，请退款", "不想要了拒收了", "I refused the parcel at the door",
        "We refused delivery", "The box was crushed so I refused it when the courier came", "I rejected the package",
        "my wife refused to accept the parcel",
    ],
    tags.UNSENT: [
        "预售说15天发货，现在都一个月了还没发货", "一直不发货", "预售还没发货，不要了", "拼团成功了一直没发货", "至今未发货", "迟迟不发",
        "It has still not shipped", "my pre-order was never dispatched", "The order hasn't been shipped yet", "it has not been sent out yet",
    ],
    tags.BY_FITTER: [
        "安装师傅把柜门装坏了", "安装师傅打孔把墙打裂了，空调漏水", "装胎师傅把轮毂刮花了", "上门安装的工人把面板划伤了", "师傅安装的时候把玻璃磕破了",
        "The installer scratched the panel", "the fitters you sent cracked the glass", "it was scratched by the installer",
        "the tyre shop damaged the rim", "Your technician dented the door while fitting it",
    ],
    tags.DEAD_ANIMAL: [
        "仓鼠到了就死了", "小狗到家第三天细小死了", "收到的鱼全死了", "金鱼死了三条", "乌龟拿到奄奄一息", "开箱死了两只仓鼠", "鹦鹉到货已经死亡",
        "The fish arrived dead", "the hamster was dead on arrival", "The puppy died two days after it came", "two dead shrimp in the bag",
        "my bunny is dying since it arrived",
    ],
}  # fmt: skip
NOT_TOLD = {
    tags.PRICE_FELL: [
        "质量差价格还高", "发错了便宜的型号，退差价", "别家便宜，买贵了", "运费差价没退", "没降价，还是原价", "换货补差价", "少了一件，退差价", "屏幕坏了，而且降价了",
        "the price did not drop", "cheaper elsewhere, the price dropped at another store", "wrong cheaper model, refund the price difference",
        "great price but poor quality", "the coupon is nice", "Has the price dropped?", "If the price drops I want the difference",
        "price drop means quality drop", "没有降价", "并没有降价，你们涨价了", "会降价吗", "如果降价能退差价吗", "说好降价不降", "等降价再买，现在先退",
        "补差价买的运费链接", "我补了差价却发了低配", "别人买贵了",
    ],
    tags.OWN_ADDRESS: [
        "快递写错地址了", "地址没写错，快递送错了", "你们把地址填错了", "客服说我地址写错了", "我早就改了地址还是寄到旧地址", "地址是对的", "不是我地址填错", "送错地址了",
        "地址填错了，但我去拿到了，东西是坏的", "I did not put the wrong address", "The courier says I put the wrong address", "you sent it to the wrong address",
        "delivered to the wrong address", "the seller used my old address", "they told me that I entered the wrong address",
        "I doubt I put the wrong address", "地址写错了吗", "是地址填错了吗？我看是对的", "明明填的新地址，却送到以前的地址", "送到以前的地址了，我下单是新地址",
        "单子上地址写错了，是你们的错", "面单地址写错了", "包裹上地址写错了",
    ],
    tags.REFUSED: [
        "商家拒收我的退货", "退货被拒收", "快递显示我拒收，我根本没有", "快递员说我拒收了", "没有拒收", "我想拒收", "不让拒收", "其中一箱拒收了", "忘记拒收了", "本来要拒收",
        "店家拒收了", "I refused the exchange", "They offered 10% and I refused it", "The seller refused my return", "the courier claims I refused the parcel",
        "I did not refuse the parcel", "I refused one of the parcels", "you refused the refund",
        "If it does not come I will refuse the parcel", "I wish I had refused the parcel", "I refused the package insurance", "I refused the delivery fee",
        "I did not accept the delivery charge", "my husband refused the parcel, then the courier left it anyway", "I did not accept the package because nobody rang",
        "I refused the parcel at first but then accepted it", "I refused the parcel last month, this is a new order that never came",
        "谁拒收的？我没收到电话", "快递直接给我点了拒收", "早知道就拒收了", "当时就该拒收", "差点拒收了", "如果不到我就拒收", "明天送来我就拒收", "我拒收赔偿",
        "拒收后快递又放门口了", "上次拒收的那个订单钱没退", "让我拒收，但是家人签收了",
    ],
    tags.UNSENT: [
        "赠品没发货", "没发货前我就申请退款，结果还是发了", "换的货还没发货", "没有发票", "少发一件一直没发货", "已收到，没发货单", "剩下的还没发货",
        "the charger was not sent", "the replacement has not been shipped", "it was not shipped in time and then it arrived", "the gift was never sent out",
        "The item was not shipped in its original box", "The refund has not been sent", "the message was never sent out", "是不是还没发货", "说没发货，其实发了",
        "没发出声音", "不发出任何声音", "灯没发出光", "种子一直没发芽", "面团还没发", "一直没发工资", "车都没发动起来", "退款一直没发", "激活码一直没发",
    ],
    tags.BY_FITTER: [
        "快递师傅摔坏了", "送货师傅把箱子弄破了", "安装师傅说柜子本来就是坏的", "安装师傅一直没来", "我自己装的时候弄坏了", "师傅装好两天就坏了", "安装师傅发现门板划伤",
        "不是安装师傅弄坏的", "The installer said it was cracked", "the technician found the panel damaged", "I broke it while fitting it",
        "the courier damaged the box", "the installer never came", "it was not damaged by the installer",
        "安装师傅很好，快递弄坏", "安装师傅开箱时门板已经碰坏", "安装师傅拒绝安装，因为损坏", "安装师傅鉴定为运输损坏", "安装师傅安装好后第二天漏水", "安装工具箱损坏",
        "the installer refused because it is damaged", "installer confirmed it came damaged", "the installer unpacked a cracked sink",
        "The installer fitted it and it broke after two weeks", "It was not broken by installation", "software installer broke",
    ],
    tags.DEAD_ANIMAL: [
        "吃了这个猫粮猫死了", "加热棒坏了，鱼都死了", "鱼缸漏水鱼死了", "电子宠物死机了", "毛绒狗丑死了", "狗死了，窝用不上了", "这鱼难吃死了", "仓鼠笼到了坏了", "鱼没死",
        "气死我了，狗粮发错了", "猫抓板味道熏死", "老鼠贴没用老鼠没死", "虾仁死咸", "the filter stopped and my fish died", "my cat died, I no longer need the bed", "The robot dog arrived dead",
        "Turtle Beach headset arrived dead", "dead pixel", "the wireless mouse arrived dead", "dog food, my dog died after eating it", "the fish did not die",
        "the cat tree is dead on arrival", "The fish finder arrived dead", "the pet camera died", "dog tracker arrived dead", "None of the fish died",
        "Hamster arrived alive, dead pixels on camera", "afraid the fish are dying", "猫爬架死重", "猫包拉链卡死", "狗链死扣", "怕鱼死了", "鱼要是死了怎么办", "咸鱼死咸",
        "冰鲜虾都是死的不新鲜", "鱼腥死了", "镜头有死角", "手机死机",
    ],
}  # fmt: skip


def story(text: str) -> int:
    found = analyse(text, reason_code="other", type="refund_only", claims_received=None)
    return found.story or 0


@pytest.mark.parametrize(("tag", "text"), [(t, one) for t, texts in TOLD.items() for one in texts])
def test_what_happened_is_read(tag: int, text: str) -> None:
    assert story(text) & tags.OCCURRENCES == tag


@pytest.mark.parametrize(
    ("tag", "text"), [(t, one) for t, texts in NOT_TOLD.items() for one in texts]
)
def test_words_of_something_else_are_not_read_so(tag: int, text: str) -> None:
    assert not story(text) & tag

"""Plain texts, as people write them, and what a reader of the trade takes from them.

Honest people write badly, briefly, angrily, in dialects and in other languages: none of it contradicts
the reason that was picked.
"""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from risk.text import analyse, tags
from risk.text.stories import is_unwanted_after_all

CHANGES_OF_MIND = """
Nothing wrong with it at all, but my wife already bought one, take it back
Nothing wrong, I ordered it twice
It works fine, we just have two now
works perfectly but I found it cheaper elsewhere
It's fine, I just don't need it anymore
there is nothing wrong with it, ordered by mistake
not broken, too big for the room
Nothing is wrong, I got one as a gift already
no defect, just don't like the colour
it is not faulty, I simply changed my mind
Perfect condition, no longer needed
everything is fine, plans changed
item is fine but the recipient already has one
nothing wrong w/ it but already have one
quality is good, just not my style
Works great, ordered wrong size
it's ok nothing wrong just regret buying it
no problem with it, bought too many
No issues with it, it just doesn't match my sofa
brand new, nothing wrong, on second thoughts I don't want it
there's nothing the matter with it, I no longer want it
not damaged at all, impulse buy
It isn't defective. My husband bought the same one yesterday.
nothing wrong, too large for our kitchen
Nothing wrong with the lamp, we have no use for it
没毛病，就是老婆已经买过了
东西没问题，买重了
没坏，家里已经有了
质量挺好的，就是颜色不喜欢
没有质量问题，拍错了
没问题，就是放不下，太大了
东西很好，别人送了一个，用不着了
没毛病，别家更便宜
商品没问题，重复下单了
好好的，就是不需要了
没什么问题，冲动消费，不想要了
没坏，老公也买了一个
质量没问题，不喜欢这个款式
一切正常，计划有变用不上了
没有任何问题，手滑拍多了
沒壞，就是不想要了
沒有問題，家裡已經有了
东西是好的，就是买多了
没瑕疵，就是后悔了
没有破损，单纯不喜欢
没啥毛病 就是不想要
冇壞，唔想要喇
There is absolutely nothing wrong with this jacket, I ended up getting the same one from my sister
It works as it should, I just don't have any use for it
not broken or anything, just ordered two accidentally
Perfectly fine product, I clicked twice by mistake
no damage, we bought the wrong colour
It's not faulty, just bought it on a whim and regret it
everything works fine, but the kids don't like it
nothing wrong, bought it for a trip that was cancelled
all good with it, just don't want it
item in perfect condition, simply not needed any more
Nothing wrong with the phone but I got the same phone for my birthday
quality is great but my mum already has the same
isn't broken, i just had second thoughts
works perfectly but we have no space for it
its fine but too small for my desk
No fault with the drill. Ordered the wrong model.
啥问题没有，就是不想要了
质量很好，可惜老婆不喜欢
商品完好，想退，因为买重复了
手机没问题，朋友送了我一个新的
没有问题，只是颜色选错了
东西没毛病，尺码买大了
裙子是好的，穿不着
无质量问题，七天无理由
鞋子没问题，不合脚
不是质量问题，就是后悔买了
没问题，用不上退了吧
機器沒問題，單純不想要
都挺好的，就是买了不想用
没坏没破，就是不喜欢了
""".strip().splitlines()
"""Nothing is wrong, and it is not wanted: whatever reason was picked."""

FAULTS = """
It's not that I don't want it, it is broken
I haven't changed my mind, the seam came apart
It no longer works
No longer charges after two days
It broke, I don't want it any more
I don't want a replacement, I want my money back
I do not want to wait any longer, it is dead
I don't need another one of these, bad quality
still waiting for your reply, the zip is gone
where is my refund, it does not switch on
never got an answer from the shop
I could not get it to work
nothing came out of the nozzle
The box is fine but it does not turn on, I don't want it
outside nothing wrong, inside it does not heat, don't want it
nothing wrong with the packaging, the lid won't close and I don't like it
it's rubbish, I regret buying it
regret buying, so bad
I don't like complaining but the handle came off
We no longer trust it, sparks came out
by mistake you packed a used one
I already had it repaired once
I have already bought new batteries and it still doesn't run
stopped by accident in the middle of each wash
works fine for ten minutes, then switches off, don't want it
the left one works fine, the right one is silent, I do not want them
不是不想要，是坏了
并不是我不喜欢，充不上电
不是买错，就是开不了机
质量差，不想要了
后悔买了，质量太差
不需要换货，我要退款
不想要优惠券，给我退款，坏了
没收到回复，灯不亮
还没收到退款
外观没问题，就是充不了电，不想要了
包装完好，里面漏水，不要了
我已经买了三个月了，一直修不好
左边没问题右边没声音，不想要了
坏了，不要了
用了两天就不行了，不喜欢
不要了
不想要了
垃圾，不要了
壞咗，唔要喇
没坏之前挺好的，现在不转了，不想要了
質量不好，不要了
ga work, rusak
barang rosak, tak nak dah
no funciona, no lo quiero
kaputt, will ich nicht
ça marche pas
its brok i dont want
brokn
👎
😡😡 broken
dis ting dont work innit
DOES NOT WORK!!!
it aint working no more
no longer holds charge
It came broken and I never got a reply
had to buy another by accident of fate, motor dead
I do like it but it leaks
Not what I want: the motor is dead
the motor hums but nothing happens
Stopped after a week. Money back please, I do not want repair
no good, dont want it no more
absolutely useless, not what I need
arrived with a dent, my wife doesn't like it like that
it switches itself off
I already own two of these and they work, this one does not
I already had to send one back, now this
keeps freezing
Battery drains in an hour
wont turn on
It never worked
never worked since i got it
Not working. Not as described. Don't want it.
I want to return it because it squeaks
Returned it already once, still waiting for a refund
The seller never replied
it arrived late and does not fit the socket, sparks
I need a working one, not this
got it as gift and it's broken
bought as a gift, mother says the lid is loose
changed the batteries, still dead
I changed the bulb but it flickers
can't change my mind about it being broken lol
no tengo sonido, está roto
rosak lah, x boleh on
habis bateri cepat
não liga
сломан, не включается
動かない
고장났어요
เสีย
ne marche plus du tout
geht nicht an
cassé à l'arrivée
it's cracked innit, dinnae want it
och its pure broke
y'all sent me junk
THIS THING IS DEAD!!!!
🤬🤬🤬
plz refund its bad
bad
meh
ok so it no work
why it no turn on
一开机就死机
不好用
坏的
次品
用了一次就坏了，根本不想再要
没法用
充电没反应，退了
老是断网，不想要了
和图片不一样不喜欢
东西不行，退货
这质量没谁了，不要了
声音忽大忽小
烂东西
屏幕有条线
买来就是坏的，后悔死了
我没有不喜欢，就是坏了
不是我不要，是真的用不了
别家的更便宜也没坏
用不上电
不需要维修了，直接退款
不喜欢你们的态度，货坏了
這台壞了
洗一次就缩水，不要了
没收到配件说明
客服没回复，机器没反应
啲嘢坏咗
嗰部机开唔到
机器瓦特了
这个东西搞不起
不得行，退
整不燃
瞎了眼买这个破玩意
孩子不喜欢坏的
""".strip().splitlines()
"""Something is wrong with it, or it is given up with no word of why."""

NEVER_CAME = """
When will my parcel arrive?
It should have arrived last week
was supposed to be delivered on Monday
This is taking too long
waited too long
delivered to the wrong address
it was delivered to my neighbour by mistake they say
arrived at depot and stuck
Arrived in my city, then nothing
the tracking page is broken
fake tracking number
fake delivery, nobody came
The locker was broken and empty
i aint received nothing
havent recieved it
dint receive
not yet receive
parcel belum received
never received
I never used it because it never came
If it arrives now I will send it back
would like to receive it or get money back
left at someone else's house
delivered but not to me
marked delivered, no parcel
the courier says he delivered it
photo shows a door that is not mine
my neighbor received it?
waiting for it to arrive
i want my package delivered
沒收到
還沒收到貨
沒有收到
冇收到
未收到貨
什么时候能收到
何时到货
应该昨天就收到的
时间太长了
等太长时间了
物流断了
物流信息是假的
虚假签收
快递柜坏了
手机显示签收，没收到
不是本人签收
别人签收了
驿站说没有
包裹不见了
没人送
快递员说放门口了，没有
等了好久
咋还没到
么得收到
莫收到
到现在都没有收到
系统显示已签收但是我没拿到
啥也没有
人呢
邻居签收了
被人拿走了
belum sampai
no ha llegado
nunca llegó el paquete
pas reçu
nicht angekommen
barang tak sampai lagi
where parcel??
no parcel
nada
？
货呢
no llego
parcel still not reach
haven't seen it
they say it was received by Bob, not me
I was told it arrived but no
it arrived at the post office and was returned
got a text that it arrived, nothing there
It was stolen from the porch
received only an email
收到短信说到了，柜子是空的
签收的不是我
说是到了，没看见
wheres my stuff
its been 2 weeks nothing
still hasnt come
No show
The app says delivered, I was home all day
parcel stolen?
i never got the parcel
My order hasn't turned up
Package was supposed to come on Friday
I've been waiting for it to be delivered since May
courier left it at the wrong door
They delivered it to number 12, I live at 21
I did not sign for anything
Somebody else signed for it
GPS shows it was delivered in another town
delivered to reception, reception has nothing
Your driver said he would deliver it tomorrow
It says received by J. Smith
was told it would arrive on 5 May
can you check where it is
will it ever come
please send it again, this one got lost
Item was returned to sender
Lost in post
Locker empty
I opened the locker and it was empty
code did not work at the locker
The tracking number is fake
still no sign of it
hasn't been received
had not arrived when I checked
I'd like my order or my money
no parcel arrived at my address
they sent a photo of a different house
not delivered
not recieved
ain't here
ain't come
no entregado
no lo he recibido
pas livré
nie przyszło
belum terima
barang belum sampai lagi
tak terima apa apa
未收
没有收
还没到手
快递没到
到哪了
物流三天不动了
卡在中转站
显示送达但没人联系我
快递说送到了邻居家，邻居说没有
丢了
快递丢了
快件丢失
一直在路上
等了半个月
没人打电话给我
我在家等了一天
包裹被退回了
发到别的城市去了
取件码不对，柜子打不开
签收人不是我
他说放门口了但没有
驿站找不到我的件
还冇到
唔见咗
貨到咗未呀
我的貨呢
幾時到貨
快遞顯示簽收，但我沒有收到
只收到一条短信
收到个通知，没货
说好昨天到货的
本来应该周一送达
能不能快点送到
人在外地，没法签收
代收点说没有收到过
快递员自己签收了
送错地方了
地址没错但没送来
太久了，不等了
等太久，不想要了
等了太久都没到，不要了
一直不发货，不想要了
""".strip().splitlines()
"""Nothing came to the customer."""

AS_PICKED = [
    ("wrong_item", "I don't want this colour, I ordered the blue one"),
    ("wrong_item", "you sent a medium by mistake"),
    ("wrong_item", "不想要这个，我买的是蓝色"),
    ("missing_item", "one left out by mistake"),
    ("missing_item", "don't want to pay for what is not there"),
    ("counterfeit", "I do not want a fake"),
    ("counterfeit", "假的，不想要"),
    ("damaged", "碎了，不要了"),
    ("not_as_described", "doesn't match the picture"),
    ("late", "too late, I no longer need it"),
    ("late", "太晚了，用不上了"),
    ("late", "来得太迟，已经买了别的"),
    ("damaged", "arrived smashed, where is my money"),
    ("wrong_item", "寄错了，不是我拍的"),
    ("not_as_described", "色差太大不喜欢"),
    ("wrong_item", "我没拍错，发来的是黑色"),
    ("wrong_item", "没有下错单，来的是另一个款式"),
    ("wrong_item", "商家发来的是别的，我下单没有选错"),
    ("wrong_item", "I didn't order by mistake, this is a red one"),
    ("wrong_item", "I never ordered this by mistake, it is simply another lamp"),
    ("defective", "I did not buy it on impulse. The motor hums and stops."),
    ("not_received", "开箱是空的"),
    ("not_received", "opened the parcel, nothing inside"),
    ("not_received", "I received an email that it arrived but it did not"),
]
"""Texts that agree with the reason."""

OTHERWISE = [
    ("defective", "I changed my mind"),
    ("damaged", "ordered by mistake"),
    ("defective", "found it cheaper elsewhere"),
    ("damaged", "my wife already has one"),
    ("defective", "拍错了"),
    ("damaged", "不喜欢，不想要了"),
    ("defective", "家里已经有了"),
    ("counterfeit", "买重了"),
    ("defective", "nothing wrong with it, don't want it"),
    ("defective", "没毛病，不想要了"),
    ("not_received", "I wore it once and it ripped"),
    ("not_received", "收到了但是尺码太小，穿了一次"),
    ("not_received", "It arrived and I tried it on, too small"),
    ("damaged", "never arrived"),
    ("damaged", "一直没收到货"),
    ("defective", "不需要了"),
    ("wrong_item", "I ordered the wrong size"),
    ("wrong_item", "我自己拍错了"),
    ("not_received", "拆开发现屏幕碎了"),
    ("not_received", "the zipper broke when I opened the box"),
    ("defective", "没收到货"),
    ("not_received", "收到貨了，太小"),
    ("defective", "買錯了"),
    ("not_received", "received it yesterday, colour is ugly"),
]
"""Texts that anybody sees to say otherwise than the reason."""


def read(text: str, reason: str) -> tuple[bool, bool]:
    """Whether it is read as a change of mind, and whether it contradicts the reason."""
    found = analyse(text, reason_code=reason, type="refund_only", claims_received=None)
    return is_unwanted_after_all(found.story or 0, reason), found.contradiction > 0


@pytest.mark.parametrize("text", CHANGES_OF_MIND)
def test_a_change_of_mind_is_read_as_one(text: str) -> None:
    assert read(text, "defective") == (True, True)


@pytest.mark.parametrize("text", [
    "不小心买重了", "拍重了，退一件", "计划有变", "冲动消费", "改主意了", "plans changed",
    "our trip was cancelled, so we do not need it any more", "I ordered two by accident",
])  # fmt: skip
def test_who_needs_none_whatever_it_is_like_changed_their_mind(text: str) -> None:
    assert read(text, "defective") == (True, True)
    assert read(text, "damaged") == (True, True)
    assert read(text, "not_as_described")[0] is False, "the description may be why"


@pytest.mark.parametrize("text", [
    "客服说我买重了，其实充不上电", "重复购买好几次了，这次一天就停", "老顾客，买了两次了，这次嗡嗡响",
    "I have ordered twice before and loved it, this one rattles", "someone gave it to me, it hums",
    "the seller says I changed my mind, but it hums", "bought too many, and one is dead",
    "已经买了别的", "already bought another one",
])  # fmt: skip
def test_who_bought_before_or_elsewhere_took_nothing_back(text: str) -> None:
    assert read(text, "defective")[0] is False


@pytest.mark.parametrize(("text", "own"), [
    ("真实原因是太小了，盒子破了", True), ("实际原因是尺码太大，包装破损", True),
    ("the real reason: too small, but the box was broken too", True),
    ("the box was crushed, the real reason is I don't like it", True),
    ("真实原因是太小，而且拉链断了", False), ("真实原因是大面积掉漆", False),
    ("客服说真实原因是我不想要", False), ("the real reason: the seam is torn, too small", False),
    ("the real reason: it does not fit and the seam is torn", False),
])  # fmt: skip
def test_the_real_reason_counts_and_a_broken_box_breaks_no_article(text: str, own: bool) -> None:
    assert read(text, "damaged")[0] is own


@pytest.mark.parametrize("text", FAULTS)
def test_who_names_a_fault_or_nothing_is_believed(text: str) -> None:
    assert read(text, "defective") == (False, False)


@pytest.mark.parametrize("text", NEVER_CAME)
def test_what_never_came_contradicts_nothing(text: str) -> None:
    assert read(text, "not_received") == (False, False)


@pytest.mark.parametrize(("reason", "text"), AS_PICKED)
def test_a_consequence_of_the_reason_is_no_other_reason(reason: str, text: str) -> None:
    assert read(text, reason) == (False, False)


@pytest.mark.parametrize(
    "text", ["没收到第二件", "I haven't received the second one", "the charger never arrived"]
)
def test_a_part_that_never_came_does_not_contradict_that_the_rest_did(text: str) -> None:
    found = analyse(text, reason_code="missing_item", type="refund_only", claims_received=True)
    assert found.contradiction == 0
    whole = analyse(text, reason_code="damaged", type="refund_only", claims_received=True)
    assert whole.contradiction > 0


@pytest.mark.parametrize(("reason", "text"), OTHERWISE)
def test_a_text_that_says_otherwise_is_seen(reason: str, text: str) -> None:
    assert read(text, reason)[1]


@pytest.mark.parametrize("text", [
    "少了一包螺丝", "螺丝少了一包", "充电器没发", "说明书和螺丝都没有", "盖子没了", "10个鸡蛋碎了3个",
    "其中两个坏了", "the charger is not in the box", "came without the charger",
    "5 of 10 bottles broken", "two of the six glasses broken",
])  # fmt: skip
def test_a_part_is_read_as_one(text: str) -> None:
    assert is_part(text)


@pytest.mark.parametrize("text", [
    "10个碎了10个", "全部碎了，10个都碎了", "一共3件，其中没有一件是好的", "all 10 of 10 broken", "1 of 1 broken",
    "有充电器，没有手机", "the case arrived without the phone", "phone missing, only the charger inside",
])  # fmt: skip
def test_all_of_it_and_the_article_itself_are_no_part(text: str) -> None:
    assert not is_part(text)


def is_part(text: str) -> bool:
    found = analyse(text, reason_code="damaged", type="refund_only", claims_received=True)
    return bool((found.story or 0) & tags.PART)

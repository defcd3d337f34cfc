"""Topics: the kinds of goods that a category names and that a word belongs to."""

from functools import lru_cache

_CATEGORIES = {
    "apparel": "apparel cloth dress shirt fashion women mens jacket coat underwear lingerie"
    " menswear 服装 女装 男装 内衣 衣 裙 外套 裤 服饰",
    "shoes": "shoe footwear sneaker boot 鞋 靴",
    "bags": "bag luggage suitcase handbag backpack 箱包 手袋 背包 女包 男包 皮具",
    "electronics": "electronic phone computer laptop tablet camera audio headphone earphone"
    " appliance gadget 手机 数码 电脑 家电 电器 耳机 相机 音响 3c",
    "food": "food grocer snack fruit beverage drink fresh 食品 零食 水果 生鲜 饮料 茶 酒 粮油 保健",
    "beauty": "beauty cosmetic makeup skincare perfume personal care 美妆 护肤 化妆 彩妆 香水 个护",
    "home": "home furniture kitchen bedding decor household 家居 家具 厨 床品 日用 家纺 家装",
    "toys": "toy baby kids game 玩具 母婴 儿童 婴 童",
    "jewelry": "jewel watch accessor 珠宝 首饰 手表 黄金 饰品 钟表",
    "books": "book stationery 图书 书籍 文具",
    "sports": "sport outdoor fitness bike 运动 户外 健身 自行车",
    "pets": "pet 宠物",
    "auto": "automotive car 汽车 车品",
}
_WORDS = (
    ("apparel", "collar waistband shrank shrunk pilling 袖子 袖口 领口 裤腿 腰围 起球 缩水"),
    ("apparel shoes bags jewelry", "blouse dress skirt jeans trousers hoodie sweater 衣服 裙子 裤子"
     " 毛衣"),
    ("apparel shoes bags home sports toys pets", "zipper seam seams fabric stitching 拉链 面料 线头"
     " 开线 脱线 布料"),
    ("shoes apparel sports", "laces insole outsole 鞋底 鞋面 鞋带 鞋跟 磨脚 鞋垫 开胶"),
    ("shoes apparel sports bags jewelry", "shoe shoes sneaker sneakers boots 鞋子"),
    ("bags sports", "handbag backpack suitcase 肩带 背包 行李箱 拉杆"),
    ("electronics toys home beauty sports auto jewelry", "battery charger charging bluetooth"
     " usb adapter 电池 充电 充电器 开机 蓝牙 充不进电 充不上电 不通电"),
    ("electronics toys auto jewelry home", "screen speaker wifi keyboard software"
     " pixel pixels firmware headphones earbuds headset laptop"
     " 屏幕 黑屏 死机 卡顿 耳机 按键 主板 镜头 像素"),
    ("food", "tasted taste stale mouldy moldy rotten spoiled flavor flavour edible"
     " 变质 腐烂 不新鲜 口感 难吃 保质期 好吃"),
    ("beauty", "lipstick foundation serum mascara perfume moisturizer"
     " 口红 面霜 粉底 精华 眼影 面膜"),
    ("home", "sofa mattress pillow curtain drawer shelf wardrobe 桌子 椅子 沙发 抽屉 床垫 枕头 台灯"
     " 窗帘 炒锅"),
    ("toys", "toy toys doll puzzle lego stroller diaper crib 玩具 积木 娃娃 拼图 婴儿车 尿不湿"),
    ("jewelry", "necklace bracelet earring earrings karat gemstone"
     " 戒指 项链 手链 耳环 掉钻"),
    ("jewelry electronics", "表盘 表带 手表"),
    ("books", "chapter hardcover paperback misprint 书页 缺页 装订 错别字"),
    ("sports", "tent treadmill racket dumbbell 帐篷 跑步机 球拍 哑铃"),
    ("sports auto", "pedal helmet 自行车 头盔"),
    ("pets", "leash kibble litter 狗粮 猫粮 猫砂 牵引绳"),
    ("auto", "bumper windshield tyre tire 刹车 轮胎 发动机 保险杠 车载"),
)  # fmt: skip
_BITS = {name: 1 << i for i, name in enumerate(_CATEGORIES)}
ELSEWHERE = 1 << 30
"""The bit of a text that mentions no goods at all: it matches no category."""


def _topic_words() -> dict[str, int]:
    table: dict[str, int] = {}
    for kinds, text in _WORDS:
        bits = sum(_BITS[kind] for kind in kinds.split())
        table.update({word: table.get(word, 0) | bits for word in text.split()})
    return table


TOPIC_WORDS = _topic_words()
"""From a word of a reason to the bits of the kinds of goods it may be said of.

Only words that settle the kind: a smell, a screw or a rash may come with anything.
"""
_NAMES = tuple((word, _BITS[kind]) for kind, text in _CATEGORIES.items() for word in text.split())


@lru_cache(maxsize=4_096)
def topics(category: str | None) -> int:
    """The kinds of goods a category's free text names, as bits; 0 if none is recognised.

    A Latin name must stand at the beginning of a word, a short one for the word or its plural:
    "petite" is no pet, "Footwear" is shoes.

    >>> topics("Footwear") == topics("女鞋") == topics("shoes")
    True
    >>> topics("petite"), topics(None)
    (0, 0)
    """
    if not category:
        return 0
    text = category[:200].casefold()
    latin = "".join([c if c.isalnum() else " " for c in f" {text} "])
    found = 0
    for name, bit in _NAMES:
        if not name.isascii():
            found |= bit if name in text else 0
        elif len(name) > 4:
            found |= bit if f" {name}" in latin else 0
        elif f" {name} " in latin or f" {name}s " in latin:
            found |= bit
    return found

"""Which kinds of goods a category names and a word belongs to."""

from functools import lru_cache

_TOPICS = (
    # category words | words of a reason
    (
        "apparel clothing clothes dress shirt fashion women men jacket coat 服装 女装 男装 衣服 裙 上衣 外套 内衣 裤",
        "sleeve zipper button seam fabric collar waist shrank shrunk pilling cotton dress shirt jacket coat"
        " 袖子 袖口 领口 拉链 纽扣 面料 起球 缩水 掉色 开线 线头 裤腿 腰围 衣服 裙子 裤子 外套",
    ),
    (
        "shoes footwear sneakers boots 鞋 靴",
        "sole heel toe laces shoe shoes sneaker sneakers boots 鞋底 鞋面 鞋带 鞋跟 磨脚 鞋子 鞋",
    ),
    (
        "electronics phone computer laptop digital tablet camera audio headphones appliance 手机 数码 电脑 家电 电器 耳机 相机",
        "battery screen charger charging charge cable speaker bluetooth wifi camera keyboard software pixel"
        " firmware usb motor 电池 屏幕 充电 充电器 开机 蓝牙 黑屏 死机 卡顿 耳机 按键 主板 镜头 手机",
    ),
    (
        "food grocery snack fruit beverage drinks tea fresh 食品 零食 水果 生鲜 饮料 茶 酒 粮油",
        "taste tasted rotten spoiled expired mold mouldy moldy stale flavor flavour sour ripe"
        " 味道 发霉 变质 过期 腐烂 烂了 不新鲜 口感 难吃 保质期",
    ),
    (
        "beauty cosmetics makeup skincare perfume 美妆 护肤 化妆品 彩妆 香水",
        "skin rash allergic allergy lipstick cream foundation serum perfume 过敏 皮肤 口红 面霜 粉底 精华 刺痛 红肿",
    ),
    (
        "home furniture kitchen bedding decor household 家居 家具 厨房 床品 日用 家纺",
        "table chair sofa drawer shelf hinge mattress pillow lamp curtain pan pot"
        " 桌子 椅子 沙发 抽屉 床垫 枕头 台灯 窗帘 锅 螺丝",
    ),
    (
        "toy toys baby kids game 玩具 母婴 儿童 婴儿 游戏",
        "toy doll puzzle lego stroller diaper crib 玩具 积木 娃娃 拼图 婴儿车 尿不湿",
    ),
    (
        "jewelry jewellery watch watches 珠宝 首饰 手表 黄金",
        "ring necklace bracelet earring clasp karat gemstone dial 戒指 项链 手链 耳环 表盘 表带 掉钻",
    ),
    (
        "book books stationery 图书 书籍 文具",
        "page pages cover chapter printing binding 书页 封面 缺页 印刷 装订 书",
    ),
    (
        "sport sports outdoor fitness bike 运动 户外 健身 自行车",
        "tent bike treadmill racket helmet pedal 帐篷 自行车 跑步机 球拍 头盔",
    ),
    ("pet pets 宠物", "dog cat leash litter kibble 狗粮 猫粮 猫砂 牵引绳"),
    (
        "auto car automotive 汽车 车品",
        "engine brake tire tyre bumper windshield 刹车 轮胎 发动机 保险杠 车载",
    ),
)


def _bits(column: int) -> dict[str, int]:
    table: dict[str, int] = {}
    for i, row in enumerate(_TOPICS):
        for word in row[column].split():
            table[word] = table.get(word, 0) | 1 << i
    return table


_CATEGORY_WORDS = _bits(0)
TOPIC_WORDS = _bits(1)
"""From a word of a reason to the bits of the kinds of goods it belongs to; 12 kinds."""


@lru_cache(maxsize=4_096)
def topics(category: str | None) -> int:
    """The kinds of goods a category's free text names, as bits; 0 if none is recognised."""
    if not category:
        return 0
    text = category.casefold()
    found = 0
    for word, bit in _CATEGORY_WORDS.items():
        found |= bit if word in text else 0
    return found


ELSEWHERE = 1 << 30
"""The bit of a text that speaks of no goods at all: it meets no category."""

"""Chinese addresses of a place in various spellings."""

from training.simulate.cities import load_places
from training.simulate.place_ids import HOME, LOCKER, OFFICE, ROOM, city_of, kind_of
from training.simulate.random_draws import Dice

DIGITS = "〇一二三四五六七八九"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
NOTES = (
    *(
        "（放门口）",
        "(放门口)",
        " 放快递柜",
        "请送货上门",
        "（到了打电话）",
        " 别放驿站",
        "，送前电联",
    ),
    *("(家里有狗，放门口即可)", "（工作日送）", " 放物业", "（轻拿轻放）", "麻烦放鞋柜"),
)
DISGUISES = (
    *(
        "转交",
        " A",
        "a",
        "（东门）",
        "旁边",
        " x",
        "超市对面",
        "（北门进）",
        "。",
        "1单",
        "二期",
        " vip",
    ),
    *("小卖部代收", "后门", " 收", "（新）"),
)


def write_chinese(place: int, spelling: int) -> str:
    """A Chinese address; the low two bits of `spelling` are its variation (0 plain, 3 most)."""
    fixed = Dice(place)
    hand = Dice(spelling >> 2)
    level = spelling & 3
    province, city, districts = load_places().chinese_cities[
        city_of(place) % len(load_places().chinese_cities)
    ]
    district = fixed.pick(districts)
    text = _region(hand, province, city, district) + _spot(place, fixed, hand)
    if hand.chance((0.06, 0.14, 0.25, 0.30)[level]):
        text += hand.pick(NOTES)
    if level >= 2 and hand.chance(0.3 * level - 0.2):
        text += hand.pick(DISGUISES)
    if level == 3 and hand.chance(0.25):
        text = text.translate(FULL_WIDTH)
    return text


def _region(hand: Dice, province: str, city: str, district: str) -> str:
    if province == city:
        return hand.pick((city + district, city + " " + district, city[:-1] + district, district))
    short = province[:-1] if province.endswith("省") else province
    return hand.pick(
        (
            province + city + district,
            province + city + district,
            province + " " + city + " " + district,
            short + city + district,
            city + district,
            city[:-1] + district,
        )
    )


def _spot(place: int, fixed: Dice, hand: Dice) -> str:
    kind = kind_of(place)
    road, number = fixed.pick(load_places().roads), 1 + fixed.below(1800)
    if kind == HOME:
        return _home(road, number, fixed, hand)
    building, room = 1 + fixed.below(24), (1 + fixed.below(6)) * 100 + 1 + fixed.below(32)
    if kind == OFFICE:
        tower, seat = fixed.pick(load_places().towers), "ABCD"[fixed.below(4)]
        tail = hand.pick(
            (f"{seat}座{room}室", f"{seat}座{room}", f"{seat}栋{room}", f"{seat}{room}")
        )
        return hand.pick((f"{road}{number}号{tower}{tail}", f"{tower}{tail}"))
    if kind == LOCKER:
        estate, box = (
            fixed.pick(load_places().estates),
            fixed.pick(("丰巢柜", "菜鸟驿站", "妈妈驿站", "快递柜")),
        )
        return hand.pick(
            (
                f"{road}{number}号{estate}{box}",
                f"{road}{number}号{estate} {box}",
                f"{estate}{box}（{road}{number}号）",
            )
        )
    campus = fixed.pick(load_places().campuses)
    if kind == ROOM:
        block = hand.pick((f"{building}号宿舍楼", f"{building}栋", f"学生公寓{building}号楼"))
        return f"{road}{number}号{campus}{block}{room}" + hand.pick(("", "室", "寝室"))
    return f"{road}{number}号{campus}" + hand.pick(("菜鸟驿站", "南门驿站", "快递服务中心"))


def _home(road: str, number: int, fixed: Dice, hand: Dice) -> str:
    estate = fixed.pick(load_places().estates)
    building, unit = 1 + fixed.below(32), 1 + fixed.below(4)
    room = (1 + fixed.below(28)) * 100 + 1 + fixed.below(6)
    street = hand.pick(
        (f"{road}{number}号{estate}", f"{road}{number}号{estate}", f"{road}{number}号")
    )
    return street + hand.pick(
        (
            f"{building}号楼{unit}单元{room}室",
            f"{building}号楼{unit}单元{room}",
            f"{building}栋{unit}单元{room}室",
            f"{building}幢{unit}单元{room}室",
            f"{building}-{unit}-{room}",
            f" {building}-{unit}-{room}",
            f"{building}#{unit}单元{room}",
            f"{numeral(building)}号楼{numeral(unit)}单元{room}",
            f"{building}座{unit}单元{room}房",
        )
    )


def numeral(number: int) -> str:
    """A number below 100 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return DIGITS[ones]
    head = "十" if tens == 1 else DIGITS[tens] + "十"
    return head + (DIGITS[ones] if ones else "")

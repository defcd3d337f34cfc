"""The door of a Chinese address: many spellings, one key; another number, another key."""

import string
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.identity import door_key

FULL = str.maketrans(string.digits, "０１２３４５６７８９")
TRADITIONAL = str.maketrans(
    "楼号单区东广门园湾龙阳华国长兴县镇乡苏滨宁", "樓號單區東廣門園灣龍陽華國長興縣鎮鄉蘇濱寧"
)
PLACES = [
    ("浙江省", "杭州市", "西湖区"),
    ("江苏省", "苏州市", "昆山市"),
    ("广东省", "深圳市", "南山区"),
    ("上海市", "上海市", "浦东新区"),
    ("北京市", "北京市", "朝阳区"),
    ("广西壮族自治区", "南宁市", "青秀区"),
    ("黑龙江省", "哈尔滨市", "道里区"),
    ("河北省", "石家庄市", "桥西区"),
    ("山东省", "青岛市", "市南区"),
    ("四川省", "绵阳市", "三台县"),
]
ROADS = """
文三路 中山一路 解放大道 南京西路 长江中路 建国门外大街 龙阳路 八一街 望江门巷 和平里大街
虎踞北路 五一路 学院路 三元里大道 北京东路 百花路 千山路 西湖路
""".split()
ESTATES = ["", "", "阳光花园", "万科城市花园", "绿地香颂", "华润橡树湾", "东方明珠苑", "康乐新村"]
NOTES = [
    "",
    "(放门口)",
    "（请送货上门）",
    " 麻烦放快递柜，谢谢",
    "，到了打电话13812345678",
    " 李先生收",
    "【放物业】",
]
SCALES = "零一二三四五六七八九"


def numeral(n: int) -> str:
    """三十六, 一百零八 are left out: people write long numbers digit by digit."""
    if n < 10:
        return SCALES[n]
    if n < 100:
        tens, ones = divmod(n, 10)
        return ("" if tens == 1 else SCALES[tens]) + "十" + (SCALES[ones] if ones else "")
    return "".join(SCALES[int(c)] for c in str(n))


@st.composite
def places(draw: st.DrawFn) -> tuple[tuple[str, str, str], str, int, int, int, int]:
    """(province, city, district), road, house, building, unit, room."""
    return (
        draw(st.sampled_from(PLACES)),
        draw(st.sampled_from(ROADS)),
        draw(st.integers(1, 1999)),
        draw(st.integers(1, 99)),
        draw(st.integers(1, 9)),
        draw(st.integers(1, 32)) * 100 + draw(st.integers(1, 16)),
    )


def write(draw: st.DrawFn, place: tuple[tuple[str, str, str], str, int, int, int, int]) -> str:
    """One way of writing a door down."""
    (province, city, district), road, house, building, unit, room = place
    spellings: list[Callable[[int], str]] = [str, str, numeral]
    number = draw(st.sampled_from(spellings))
    tail = draw(
        st.sampled_from(
            [
                f"{number(building)}号楼{number(unit)}单元{number(room)}室",
                f"{number(building)}栋{number(unit)}单元{number(room)}",
                f"{building}幢{unit}单元{room}室",
                f"{building}座{unit}单元{room}房",
                f"{building}#{unit}单元{room}",
                f"{building}#楼{unit}-{room}",
                f"{building}-{unit}-{room}",
                f"{building}—{unit}—{room}室",
                f" {building}号楼 {unit}单元 {room}",
                f"第{building}栋{unit}单元{room // 100}层{room}室",
                f"{building}号楼0{unit}单元{room}号",
            ]
        )
    )
    short = province.removesuffix("省").removesuffix("市").removesuffix("壮族自治区")
    where = draw(
        st.sampled_from(
            [
                province + city + district,
                f"{province} {city} {district} ",
                city + district,
                short + city.removesuffix("市") + district,
                city.removesuffix("市") + district,
                "",
            ]
        )
    )
    text = f"{where}{road}{number(house)}号{draw(st.sampled_from(ESTATES))}{tail}"
    text += draw(st.sampled_from(NOTES))
    style = draw(st.sampled_from(["plain", "plain", "full", "traditional", "contact"]))
    if style == "full":
        return text.translate(FULL)
    if style == "traditional":
        return text.translate(TRADITIONAL)
    return f"收货人：王小明 电话：13987654321 地址：{text}" if style == "contact" else text


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_every_spelling_of_a_door_has_its_key(data: st.DataObject) -> None:
    place = data.draw(places())
    one, other = (data.draw(st.composite(write)(place)) for _ in range(2))
    assert door_key(one) == door_key(other), (one, other)


@settings(max_examples=300, deadline=None)
@given(st.data(), st.integers(0, 3), st.integers(1, 60))
def test_another_number_is_another_door(data: st.DataObject, which: int, step: int) -> None:
    place = data.draw(places())
    where, road, *numbers = place
    numbers[which] += step
    house, building, unit, room = numbers
    one = data.draw(st.composite(write)(place))
    other = data.draw(st.composite(write)((where, road, house, building, unit, room)))
    assert door_key(one) != door_key(other), (one, other)


@given(st.data(), st.sampled_from(ROADS), st.sampled_from(ROADS))
def test_another_road_is_another_door(data: st.DataObject, road: str, other: str) -> None:
    place = data.draw(places())
    keys = {
        door_key(data.draw(st.composite(write)((place[0], r, *place[2:])))) for r in (road, other)
    }
    assert len(keys) == (1 if road == other else 2)


SAME = [
    ("阳光花园小区3号楼2单元501室", "阳光花园 3栋2单元501", "阳光花园3-2-501", "阳光花園3＃2-501"),
    (
        "上海市浦东新区张江镇碧波路690弄12号301室",
        "上海浦东碧波路690弄十二号301",
        "碧波路690弄12号3楼301室",
    ),
    ("北京市朝阳区望京街道阜通东大街6号院3号楼12层1205室", "北京朝阳阜通东大街六号院三号楼1205"),
    ("河南省滑县道口镇张家村12号", "滑县张家村十二号"),
    ("杭州市文三路90号A座1203室", "杭州文三路90号a座1203", "杭州市文三路90号A1203"),
    ("文一西路969号3号楼", "文一西路九六九号3栋", "文1西路969号三幢"),
    ("广州市天河区天河路385号太古汇一座23楼", "广州市天河路385号太古汇1座23层"),
    ("成都市武侯区天府大道中段688号2单元东户", "成都天府大道中段688号二单元东户(送货前电话联系)"),
    ("浙江省义乌市稠城街道城中北路78号2单元301", "义乌城中北路78号二单元301室"),
    ("北京市海淀区中关村南大街5号院6楼3门201", "北京海淀中关村南大街五号院6号楼3门201"),
    ("台北市信義區市府路45號89樓", "台北信义区市府路45号89楼"),
    ("天津市河西区站前路209号2-1-304", "河西区站前路209号2栋1单元304"),
    ("人民路5号叁栋贰单元伍零壹室", "人民路5号3栋2单元501"),
    ("湖北省武汉市武昌区中南路99号1栋2单元301室A", "武汉市武昌区中南路99号1栋2单元301"),
]
APART = [
    ("阳光花园3号楼2单元501", "阳光花园3号楼2单元502"),
    ("阳光花园3号楼2单元501", "阳光花园2号楼3单元501"),
    ("阳光花园11号楼2单元501", "阳光花园1号楼12单元501"),
    ("杭州市文三路90号", "杭州市文三路91号"),
    ("杭州市文三路90号", "杭州市文二路90号"),
    ("南京市中山东路5号", "南京市中山西路5号"),
    ("北京市东长安街1号", "北京市西长安街1号"),
    ("杭州市人民路88号", "宁波市人民路88号"),
    ("3号楼2单元501A室", "3号楼2单元501B室"),
    ("学院路5号2单元东户", "学院路5号2单元西户"),
    ("科技大厦A座1203", "科技大厦B座1203"),
    ("文三路90号3楼", "文三路90号4楼"),
    ("张家村12号", "李家村12号"),
    ("阳光花园一期3栋502", "阳光花园二期3栋502"),
]


@pytest.mark.parametrize("spellings", SAME)
def test_spellings_people_use(spellings: tuple[str, ...]) -> None:
    assert len({door_key(text) for text in spellings}) == 1, [door_key(text) for text in spellings]


@pytest.mark.parametrize(("one", "other"), APART)
def test_neighbours_stay_neighbours(one: str, other: str) -> None:
    assert door_key(one) != door_key(other)


@pytest.mark.parametrize("raw", ["", " ", "-", "无", "未知", "（）", "13812345678", "，，"])
def test_nothing_left_is_no_door(raw: str) -> None:
    assert door_key(raw) is None

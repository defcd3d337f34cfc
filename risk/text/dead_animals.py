"""Whether a text says that an animal that was bought came dead, or died soon after it came."""

from __future__ import annotations

import re

_ANIMAL_ZH = (
    "(?:仓鼠|金丝熊|龙猫|荷兰猪|豚鼠|兔子?|狗狗?|幼犬|猫咪?|幼猫|鹦鹉|鸟|鱼|锦鲤|乌龟|龟|蜥蜴|守宫|蛇|虾|螺"
    "|蛙|蚂蚁|蟋蟀|鸡苗|鸭苗|小鸡|小鸭|鹌鹑|宠物)"
)
_DEAD_ZH = (
    "(?:(?<![气吓爱烦急笑累丑难恨慢该想找吃熏臭香卡锁嫌腥咸快装])死(?![机板贵活缠角循心结党重沉慢咸臭腥丑味扣锁硬])|没活|断气|奄奄一息|翻肚|翻白"
    "|不行了)"
)
_TOLD_ZH = re.compile(
    f"{_ANIMAL_ZH}(?:(?!没|未|不会|怕|别|会不会|要是).){{0,12}}?{_DEAD_ZH}|死(?:了|的|掉|亡)?(?:[一二两三四五六七八九十几0-9]+[只条个])?的?{_ANIMAL_ZH}"
)
_NOT_IT_ZH = re.compile(
    "[狗猫鸟鱼龟虾]粮|饲料|罐头|冻干|零食|食品|笼|缸|猫砂|药|滤|[气水]泵|加热|玩具|窝|垫|牵引|项圈|电子|机器|毛绒|模型|玩偶|标本|手办"
    "|吃[了完过]|喂|用[了完]|传染|[我她他](?:养)?的[狗猫宠]|我家(?:的|里|原)|家里(?:的|原|其)|原来的|老鼠|蟑螂|没死|不需要|不想要|用不[上着]|没用"
    "|虾[仁滑条片]|鱼[片丸竿钩线饵具]|猫眼|狗牌|蛇皮|龟苓|冰鲜|冷冻|新鲜|如果|要是|万一|怕|快死|会死|会不会|爬架|抓板|链|包|灯|闹钟|摄像|不要了$|去世"
)
_ANIMAL_EN = (
    r"(?:fish|goldfish|bettas?|gupp(?:y|ies)|shrimps?|hamsters?|guinea pigs?|rabbits?|bunn(?:y|ies)"
    r"|kittens?|pupp(?:y|ies)|dog|cat|birds?|parrots?|budgies?|canar(?:y|ies)|turtles?|tortoises?"
    r"|geckos?|lizards?|snakes?|chicks?|ducklings?|snails?|frogs?|pet)"
)
_DEAD_EN = r"(?:dead|died|dying|dies|doa|lifeless|not alive|barely alive|passed away)"
_TOLD_EN = re.compile(
    rf"\b{_ANIMAL_EN}\b(?:(?! not\b| never\b| if\b| would\b| will\b| for\b| tastes?\b| alive\b)"
    r"[ \w'-]){0,40}? "
    rf"{_DEAD_EN}\b|\bdead {_ANIMAL_EN}\b"
)
_NOT_IT_EN = re.compile(
    r"\b(?:food|feed|feeding|tank|aquarium|cage|filter|heater|pump|litter|treats?|toys?|plush"
    r"|robot\w*|electronic|beds?|collar|leash|bowl|medicine|vaccine|ate|eating|poison\w*|wireless"
    r"|usb|beach|battery|batteries|trap|repellent|spray|costume|figure|model|hook|rod|lure|other"
    r"|finder|camera|cam|laser|tracker|feeder|clippers?|lights?|lamp|fountain|device|drain|cleaner"
    r"|vacuum|flap|tree|scratcher|door|clock|oil|capsules?|weight|pixels?|afraid|none|no|not needed"
    r"|neighbou?r|(?:my|our) (?:\w+ )?(?:dog|cat|pet)|no longer|anymore"
    r"|don't need|not need|did not die|didn't die)\b"
)


def tells_dead_animal(zh: str, en: str) -> bool:
    """Whether a text, its words joined and spaced, says that the animal is dead or dying, and names
    nothing that is bought for animals, such as food, a cage or a toy.

    >>> tells_dead_animal("仓鼠到了就死了", "")
    True
    >>> tells_dead_animal("吃了这个猫粮猫死了", "")
    False
    """
    if _TOLD_ZH.search(zh):
        return not _NOT_IT_ZH.search(zh)
    return bool(_TOLD_EN.search(en)) and not _NOT_IT_EN.search(en)

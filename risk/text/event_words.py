"""What a text plainly says happened to a purchase that no reason names: its price fell, its
customer gave another address or refused the parcel, nothing was sent yet, a fitter damaged it."""

from __future__ import annotations

import re

from risk.text import tags
from risk.text.dead_animals import tells_dead_animal
from risk.text.tokens import Tokens

_OTHERS_ZH = "(?:你们|商家|卖家|店家|老板|客服|平台|快递员?|物流|驿站|对方|仓库)"
_PRICE_ZH = re.compile(
    "(?<!运费)(?<!邮费)差价(?!格)|价保|价格保护|保价[期退差]|买贵了"
    "|(?<![不没])(?<!不是)(?:降价|跌价)了?|价格(?:又|就|已经)?(?:降|跌|低)了"
    "|忘(?:记|了)*(?:使?用|领|勾选|填)?.{0,3}(?:券|红包|优惠码|折扣码)"
    "|(?:券|红包|优惠码|折扣码)(?:忘|没有?|未)(?:记|了|能|给我?|有)*(?:使?用上|抵扣?|减|扣|生效)"
    "|没(?:有|能)?用上?(?:优惠|折扣|满减)?(?:券|红包|优惠码)"
)
_NO_PRICE_ZH = re.compile(
    "[别其]家|别的店|其他店|另一家|隔壁|实体店|专柜|换货|换[大小个成]|补发|发错|[没不]降价|运费差|质量|做工"
    "|(?:没有?|不|未|并没|从没|不是|会|要是|如果|假如|万一|等|说|涨).{0,2}(?:降|跌)价|降价.{0,2}不[降是]|[补拍]了?差价|差价链接|别人"
)
_PRICE_EN = re.compile(
    r"\bprice(?:s)? (?:has |have |had )?(?:just |already |since |now )?(?:dropped|fell|fallen"
    r"|went down|gone down|decreased|been (?:reduced|lowered|cut)|was (?:reduced|lowered|cut))\b"
    r"|\bprice (?:drop|protection|adjustment)\b|\bdifference in (?:the )?price\b"
    r"|\bprice difference\b|\b(?:went|is|is now|goes) on sale (?:the (?:next )?day|a day|two days)"
    r"|\bforgot (?:to (?:use|apply|enter|add) )?(?:my |the |a |your )?"
    r"(?:\w+ )?(?:coupon|discount|promo|voucher)\b"
    r"|\b(?:coupon|discount|promo)(?: code)? (?:was not|wasn't|did not|didn't|has not been"
    r"|hasn't been) (?:get )?(?:applied|used|apply|deducted)\b"
)
_NO_PRICE_EN = re.compile(
    r"\b(?:elsewhere|competitor|other (?:shop|store|site)s?|another (?:shop|store|site)|amazon"
    r"|wrong|not (?:a |the )?price|price (?:did not|didn't|never)|(?:if|has|have|when|will) the"
    r" prices?"
    r"|quality|drop means)\b"
)

_ADDRESS_ZH = re.compile(
    "地址[我]?(?:不小心)?(?:写|填|选|留|输|弄|搞)(?:错|成了?[旧老以之])"
    "|(?:写|填|选|留|输|弄|搞)错了?(?:收货|收件)?地址"
    "|地址(?:忘|没有?来得及|没)(?:记|了|有)?(?:改|换|更新|修改)|忘(?:记|了)+(?:改|换|修改|更新)(?:收货|收件)?地址"
    "|[送寄发]到了?(?:我)?(?:以前|之前|原来|旧|老)的?(?:住处|住址|地址|家|房子|公司|单位)"
)
_NO_ADDRESS_ZH = re.compile(
    f"{_OTHERS_ZH}(?:(?!我).){{0,6}}(?:地址|[写填选留输弄搞]错)|[没不](?:有|是|会)?(?:地址)?[写填选留输弄搞]错"
    f"|{_OTHERS_ZH}(?:说|讲|称|怪|告诉).{{0,3}}地址|[不没]是(?:因为)?我"
    "|地址(?:是|也|都)?(?:没有?错|没问题|对的|正确|写得)|(?:已经?|早就?)(?:改|换|修改|更新|通知|联系|备注|告诉)"
    "|[改换]过|改了地址|备注了|说好|[吗呢么]|是不是|(?:面单|快递单|运单|单子|包裹|箱子|标签)上?的?地址"
    "|(?:下单|填|写|选|留|用)的?(?:就|明明)?是?的?新"
)
_ADDRESS_EN = re.compile(
    r"\bi (?:(?:accidentally|mistakenly|stupidly|must have|may have|had|have|just|also) )*"
    r"(?:put|typed|entered|gave|wrote|used|selected|chose|filled in|had it sent to"
    r"|had it shipped to|sent it to|ordered it to) (?:in |down |it to )?(?:the |a |an |my )"
    r"(?:\w+ )?(?:wrong|old|previous|former|incorrect|outdated)(?: \w+)? address\b"
    r"|\bi forgot to (?:change|update|edit) (?:the |my )?(?:\w+ )?address\b"
    r"|\baddress i (?:gave|put|typed|entered|chose|selected) (?:was|is) (?:the |a |an |my )?"
    r"(?:wrong|old|incorrect|previous)\b"
)
_SAYS_EN = re.compile(
    r"\b(?:doubt|deny|pretend|pretends|suggests?|imply|implies|say|says|said|claim|claims|claimed|told|tells|think|thinks|insists?|if|whether|that"
    r"|not|never|did|because|seller|shop|store|courier|driver|carrier)(?: \w+){0,2} $"
)
"""Words before others' words or a denial."""

_REFUSED_ZH = re.compile("拒收|拒签")
_NO_REFUSED_ZH = re.compile(
    f"{_OTHERS_ZH}(?:(?!我).){{0,8}}拒[收签]|(?:系统|显示|信息|写着?|标[着记]?|说|被|退货|退回)我?(?:已|已经)?拒[收签]"
    "|(?:[没不](?:有|法|能|让|给|准|是|肯|许)?我?|未|无法|想|要|准备|打算|可以|能|忘(?:记|了)*|如果|会|来不及|本来|应该)(?:当场|直接)?拒[收签]"
    "|拒[收签]了?(?:我|退|换)|部分|其中|[一两几]件|另[一外]|一箱"
    "|(?:如果|要是|再|不到|不来|不送|明天|后天|到时|会|早知道?|后悔|该|差点|险些|谁|点了|擅自|私自|直接给|自动|被迫|[叫让劝]我?).{0,8}拒[收签]"
    "|拒[收签]了?(?:赔|补偿|红包|方案|运费|部分|的那个?订?单)|上次.{0,4}拒[收签]|拒[收签]后.{0,6}(?:又|还是|仍|放)"
    "|拒[收签](?:我|他|她)?(?:都|根本|从来)?没|[签]收了$"
)
_REFUSED_EN = re.compile(
    r"\b(?:i|we|my (?:wife|husband|mother|father|family|neighbour|neighbor|flatmate|roommate)) "
    r"(?:(?:have|had|already|just|simply|therefore|immediately) )*(?:refused|rejected"
    r"|turned away) (?:"
    r"(?:to (?:accept|take|sign for) )?(?:the |this |that |my |your )?(?:whole |damaged |crushed "
    r"|wet |open |opened )?(?:parcel|package|delivery|box|shipment)\b"
    r"(?! (?:insurance|fee|fees|charges?|costs?|date|slot|window|time|option|offer|of)\b)"
    r"|(?:to (?:accept|take|sign for) )?(?:it|them) (?:at (?:the |my )?door|at (?:the )?delivery"
    r"|on delivery|upon delivery|when (?:it|they|the (?:courier|driver)) (?:came|arrived)"
    r"|from the (?:courier|driver)))"
)
_NO_REFUSED_EN = re.compile(
    r"\b(?:one|part|some|half|other) (?:of|parcel|package|box)|\bif i\b|\bwish\b"
    r"|\b(?:but|then|and) (?:\w+ ){0,3}(?:accepted|took|left|received|got|signed|handed)\b"
    r"|\blast (?:time|week|month|year)\b|\bprevious (?:order|parcel)\b"
)

_UNSENT_ZH = re.compile(
    "(?:没有?|未|不)(?:给我?)?(?:发货|寄出|发出(?![任何各]*(?:声|响|音|光|亮|热|味|气|噪|铃|信号|提示|警|嗡|滴)))"
    "|迟迟[不没未]发(?![票芽])"
    "|(?:还|一直|都|至今|到现在)没有?发(?![票现给生光烧错热货芽育动短信工亮电起开面酵酸霜射挥布送过])"
)
_NO_UNSENT_ZH = re.compile(
    "赠|配件|少|漏|其中|另[一外]|剩|部分|有[一个几]|换|补发|补寄|重新|维修|收到|到了|签收|[还才又却](?:是|给)?发(?:了|来|过|出了)"
    "|后来|结果|前我?就|发票|不发货单|是不是|其实"
    "|(?:退款|红包|返现|赔偿|赔付|补偿|激活码|兑换码|验证码|短信|邮件|消息|信息|卡券|优惠券)(?:还|一直|都|至今|到现在)?没有?发"
    "|(?:面|面团|海参|木耳|酵母|声音?)(?:还|一直|都|至今|到现在)?没有?发(?!货|出)"
    "|音箱|喇叭"
)
_UNSENT_EN = re.compile(
    r"\b(?:has|have|had|was|is|were)(?: still| yet)? (?:not|never)(?: yet| even| been)* "
    r"(?:shipped|dispatched|sent out|been sent)\b"
    r"|\b(?:hasn't|haven't|wasn't|isn't)(?: yet| even| been)* (?:shipped|dispatched|sent out)\b"
    r"|\bnever (?:shipped|dispatched|sent out)\b|\bnot (?:yet )?been (?:shipped|dispatched|sent)\b"
    r"|\bhasn't been sent\b"
)
_NO_UNSENT_EN = re.compile(
    r"\b(?:replacement|refund|money|messages?|e-?mails?|texts?|link|original|box|properly|care"
    r"|charger|gift|part|parts|accessor\w+|arrived|came|received|got|then|missing"
    r"|exchange|one of|other|rest|invoice|receipt)\b"
)

_FITTER_ZH = re.compile(
    "(?<![快递送货])(?:(?:安装|装机|装胎|换胎|组装|装配|送装|上门|装空调|装柜子?|装门)(?:的|一体)*"
    "(?:师傅|工人|人员|工(?!具)|员|技师)|师傅(?:在|来|上门|给我?)*(?:安装|组装|装|打孔|换胎)(?:的时候|时|过程中)?)"
    "(?:(?!说|讲|告诉|发现|检查|看|没有?|未|不|自己|很好|态度|拒绝|鉴定|表示|认为|确认|判断|反映|快递|运输|打开|开箱|拆|走后|走了|[装好完]后).){0,12}?"
    "(?:[弄搞装打碰撞刮划磕钻压敲踩损摔拧]了?(?:坏|破|裂|花|伤|烂|歪|穿|断|漏)|损坏|磕碰|漏水)"
)
_FITTER_EN = re.compile(
    r"\b(?:installers?|fitters?|installation (?:team|crew|man|men|guys?|technician|people)"
    r"|assembly (?:team|crew|man|men|guys?|people)|(?:tyre|tire) (?:shop|fitters?)"
    r"|(?:the|your|a|his) technicians?) "
    r"(?:(?!said|says|say|saw|found|noticed|told|not|didn't|never|showed|pointed|thinks?|refused"
    r"|confirmed|reported|unpacked|opened|because|will|would|see|is|was|and|it's)"
    r"[\w']+ ){0,4}?(?:broke|cracked|scratched|damaged|dented|chipped|bent|tore|ruined)\b"
    r"|\b(?:broken|cracked|scratched|damaged|dented|chipped|bent) by (?:the |your |a |an )?"
    r"(?:installers?|fitters?|technicians?|installation|assembly|(?:tyre|tire) (?:shop|fitter))\b"
)
_NO_FITTER = re.compile(
    "不是(?:安装)?师傅|不怪师傅"
    r"|\bnot (?:\w+ )?(?:by )?(?:the )?(?:installer|installation|fitter|assembly)"
    r"|\bsoftware|\b(?:exe|app|setup)\b"
)

_WRONG = tags.FAULTS | tags.WRONG_ITEM | tags.MISSING
_CAME = _WRONG | tags.POOR | tags.RECEIVED | tags.USED | tags.FIT


def events(tokens: Tokens, asserted: int) -> int:
    """The bits of what a text says happened, which `asserted` as the rest of its story does not
    contradict: who has the goods gave no wrong address, and no price fell of what is broken.

    >>> from risk.text.tokens import tokenise
    >>> events(tokenise("刚买就降价了，退差价"), 0) == tags.PRICE_FELL
    True
    >>> events(tokenise("质量差价格还高"), 0)
    0
    """
    if not tokens.words:
        return 0
    zh, en = "".join(tokens.words), " ".join(tokens.words)
    found = tags.DEAD_ANIMAL if tells_dead_animal(zh, en) else 0
    if not asserted & (_WRONG | tags.NOT_RECEIVED) and _price(zh, en):
        found |= tags.PRICE_FELL
    if not asserted & _CAME:
        found |= tags.OWN_ADDRESS if _address(zh, en) else 0
        found |= tags.UNSENT if _unsent(zh, en) else 0
    if not asserted & (tags.USED | tags.FIT) and _refused(zh, en):
        found |= tags.REFUSED
    fitter = _FITTER_ZH.search(zh) or _FITTER_EN.search(en)
    return found | (tags.BY_FITTER if fitter and not _NO_FITTER.search(zh + " " + en) else 0)


def _price(zh: str, en: str) -> bool:
    told_zh = _PRICE_ZH.search(zh) and not _NO_PRICE_ZH.search(zh)
    return bool(told_zh or (_PRICE_EN.search(en) and not _NO_PRICE_EN.search(en)))


def _address(zh: str, en: str) -> bool:
    if _ADDRESS_ZH.search(zh):
        return not _NO_ADDRESS_ZH.search(zh)
    return _is_own(_ADDRESS_EN, en)


def _refused(zh: str, en: str) -> bool:
    if _REFUSED_ZH.search(zh):
        return not _NO_REFUSED_ZH.search(zh)
    return _is_own(_REFUSED_EN, en) and not _NO_REFUSED_EN.search(en)


def _unsent(zh: str, en: str) -> bool:
    if _UNSENT_ZH.search(zh):
        return not _NO_UNSENT_ZH.search(zh)
    return bool(_UNSENT_EN.search(en)) and not _NO_UNSENT_EN.search(en)


def _is_own(told: re.Pattern[str], text: str) -> bool:
    """Whether a text tells something that is neither denied nor somebody else's words."""
    return any(not _SAYS_EN.search(text[: found.start()]) for found in told.finditer(text))

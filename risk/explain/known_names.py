"""Free text that is often one of a few codes: couriers, and what shops call groups of customers."""

from __future__ import annotations

from risk.explain.label_table import table

COURIERS = table("""
    SF        | SF Express   | 顺丰
    ZTO       | ZTO          | 中通
    STO       | STO          | 申通
    YTO       | YTO          | 圆通
    YUNDA     | Yunda        | 韵达
    JTSD      | J&T          | 极兔
    JD        | JD           | 京东物流
    EMS       | EMS          | 邮政 EMS
    DBL       | Deppon       | 德邦
    UPS       | UPS          | UPS
    DHL       | DHL          | DHL
    DPD       | DPD          | DPD
    FEDEX     | FedEx        | 联邦快递
    HERMES    | Hermes       | Hermes
    ROYALMAIL | Royal Mail   | 皇家邮政
""")
CUSTOMER_GROUPS = table("""
    normal | Regular | 普通
    silver | Silver  | 银卡
    gold   | Gold    | 金卡
    vip    | VIP     | VIP
""")

"""Free text that is often one of a few codes: couriers, categories of goods, groups of
customers."""

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
CATEGORIES = table("""
    apparel       | Apparel       | 服饰
    clothing      | Clothing      | 服装
    shoes         | Shoes         | 鞋靴
    bags          | Bags          | 箱包
    phones        | Phones        | 手机
    electronics   | Electronics   | 数码电器
    home          | Home          | 家居
    kitchen       | Kitchen       | 厨具
    beauty        | Beauty        | 美妆
    fresh_food    | Fresh food    | 生鲜
    snacks        | Snacks        | 零食
    toys          | Toys          | 玩具
    jewellery     | Jewellery     | 珠宝
    custom_gift   | Custom gifts  | 定制礼品
    underwear     | Underwear     | 内衣
    digital       | Digital goods | 数字商品
    books         | Books         | 图书
    cosmetics     | Cosmetics     | 化妆品
    skincare      | Skincare      | 护肤品
    personal_care | Personal care | 个人护理
    hygiene       | Hygiene       | 卫生用品
    baby          | Baby          | 母婴
    pets          | Pets          | 宠物用品
    sports        | Sports        | 运动户外
    furniture     | Furniture     | 家具
    appliances    | Appliances    | 家电
    accessories   | Accessories   | 配饰
    watches       | Watches       | 手表
    food          | Food          | 食品
    fruit         | Fruit         | 水果
    flowers       | Flowers       | 鲜花
    stationery    | Stationery    | 文具
    garden        | Garden        | 园艺
    automotive    | Automotive    | 汽车用品
    health        | Health        | 健康用品
    swimwear      | Swimwear      | 泳装
    lingerie      | Lingerie      | 内衣
""")
CUSTOMER_GROUPS = table("""
    normal | Regular | 普通
    silver | Silver  | 银卡
    gold   | Gold    | 金卡
    vip    | VIP     | VIP
""")

"""Labels of the contract's fields, in both languages, as the timeline names what was corrected."""

from __future__ import annotations

from risk.explain.label_table import table
from risk.facts.localised import LocalisedText

FIELD_LABELS: dict[str, LocalisedText] = table("""
    order_id              | order                     | 订单
    line_id               | order line                | 订单行
    customer_id           | customer                  | 客户
    placed_at             | ordered at                | 下单时间
    amount                | amount                    | 金额
    currency              | currency                  | 币种
    quantity              | quantity                  | 数量
    sku                   | article                   | 货号
    category              | category                  | 类目
    merchant_id           | merchant                  | 商家
    channel               | channel                   | 渠道
    shipping_address      | address                   | 收货地址
    payment_instrument    | payment method            | 支付方式
    device_id             | device                    | 设备
    phone                 | phone                     | 手机
    ip                    | network address           | 网络地址
    account_created_at    | account made at           | 注册时间
    customer_tier         | customer tier             | 客户等级
    no_reason_return      | seven-day right           | 七天无理由
    delivery_amount       | delivery charge           | 运费
    expected_weight_g     | expected weight           | 预计重量
    refund_id             | request                   | 申请
    direction             | direction                 | 方向
    status                | status                    | 状态
    occurred_at           | happened at               | 发生时间
    courier               | courier                   | 快递公司
    tracking_no           | tracking number           | 运单号
    received_by           | received by               | 签收人
    weight_g              | weight                    | 重量
    packed_sku            | packed article            | 装箱货号
    packed_quantity       | packed quantity           | 装箱数量
    requested_at          | requested at              | 申请时间
    postage               | return postage            | 退货运费
    compensation          | compensation              | 赔偿
    type                  | type                      | 类型
    reason_code           | reason                    | 原因
    reason_text           | customer's text           | 客户描述
    claims_received       | says the goods arrived    | 称已收货
    payout_account        | payout account            | 收款账户
    respond_by            | deadline                  | 截止时间
    state                 | state                     | 申请状态
    forwarded_by          | passed on by              | 转来方
    evidence_id           | evidence                  | 凭证
    submitted_at          | submitted at              | 提交时间
    kind                  | kind                      | 种类
    submitted_by          | submitted by              | 提交方
    asked_at              | asked for at              | 要求时间
    content_hash          | file                      | 文件
    captured_at           | taken at                  | 拍摄时间
    inspected_at          | inspected at              | 验货时间
    condition             | condition                 | 验货结果
    inspected_by          | inspected by              | 验货方
    decided_at            | decided at                | 认定时间
    verdict               | verdict                   | 认定
    resolution            | resolution                | 处理结果
    decided_by            | decided by                | 认定方
    selected_by           | chosen for review by      | 抽查原因
    selection_probability | probability of the choice | 抽查概率
    note                  | note                      | 备注
    answered_at           | answered at               | 评价时间
    satisfaction          | satisfaction              | 满意度
    dispute_id            | dispute                   | 争议
    stage                 | stage                     | 阶段
    reason                | reason                    | 原因
""")

FACT_LABELS: dict[str, LocalisedText] = table("""
    orders           | order line      | 订单行
    shipments        | parcel          | 包裹
    refunds          | request         | 申请
    evidence         | evidence        | 凭证
    inspections      | inspection      | 验货
    outcomes         | verdict         | 认定
    feedback         | feedback        | 满意度
    payment_disputes | payment dispute | 支付争议
""")

TABLE_OF: dict[str, str] = {
    "channel": "channel",
    "courier": "courier",
    "customer_tier": "customer_tier",
    "direction": "direction",
    "status": "parcel",
    "received_by": "received_by",
    "type": "type",
    "reason_code": "reason",
    "state": "state",
    "forwarded_by": "decided_by",
    "kind": "evidence",
    "submitted_by": "from",
    "condition": "condition_found",
    "inspected_by": "inspected_by",
    "verdict": "verdict",
    "resolution": "resolution",
    "decided_by": "decided_by",
    "stage": "dispute",
}
"""The labels of the codes of a field."""

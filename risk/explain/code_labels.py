"""Labels of the contract's codes, in both languages."""

from __future__ import annotations

import re

from risk.errors import NotFound
from risk.explain.known_names import CATEGORIES, COURIERS, CUSTOMER_GROUPS
from risk.explain.label_table import table
from risk.facts.localised import LocalisedText

LABELS: dict[str, dict[str, LocalisedText]] = {
    "tier": table("""
        approve               | Approve          | 同意
        request_evidence      | Request evidence | 补充凭证
        platform_intervention | Manual review    | 人工审核
    """),
    "stage": table("""
        request    | At the request            | 申请时
        evidence   | After new evidence        | 补证后
        return     | After the return shipment | 退货后
        inspection | After the inspection      | 验货后
    """),
    "condition": table("""
        inspect_on_return | Inspect the returned goods  | 退回后验货
        merchant_consent  | With the merchant's consent | 须经商家同意
        courier_record    | After the courier's record  | 核对快递记录
        shop_record       | After the shop's record     | 核对商家发货记录
        amount_check      | Amount above what is left   | 金额超出可退余额
        order_record      | After the order's record    | 核对订单记录
    """),
    "reason": table("""
        not_received     | Not received     | 未收到货
        late             | Late             | 超时送达
        damaged          | Damaged          | 商品破损
        defective        | Defective        | 质量问题
        not_as_described | Not as described | 与描述不符
        wrong_item       | Wrong item       | 发错货
        missing_item     | Missing item     | 少件漏发
        counterfeit      | Counterfeit      | 疑似假货
        double_charge    | Charged twice    | 重复扣款
        unwanted         | Unwanted         | 不想要了
        other            | Other            | 其他
    """),
    "type": table("""
        refund_only       | Refund only       | 仅退款
        return_and_refund | Return and refund | 退货退款
        exchange          | Exchange          | 换货
        repair            | Repair            | 维修
        resend            | Resend            | 补发
        price_adjustment  | Price adjustment  | 退差价
    """),
    "verdict": table("""
        legitimate     | Legitimate        | 属实
        merchant_fault | Merchant at fault | 商家责任
        courier_fault  | Courier at fault  | 快递责任
        abuse          | Abuse             | 滥用
        fraud          | Fraud             | 欺诈
        undetermined   | Undetermined      | 无法认定
    """),
    "resolution": table("""
        refunded        | Refunded        | 已退款
        partly_refunded | Partly refunded | 部分退款
        refused         | Refused         | 未退款
        exchanged       | Exchanged       | 已换货
        withdrawn       | Withdrawn       | 已撤销
    """),
    "state": table("""
        open      | Open      | 处理中
        withdrawn | Withdrawn | 已撤回
    """),
    "closed_because": table("""
        finding   | Verdict        | 认定
        decision  | Later decision | 后续决定
        withdrawn | Withdrawn      | 已撤回
        retracted | Taken back     | 已作废
    """),
    "decided_by": table("""
        merchant | The merchant | 商家
        platform | The platform | 平台
        reviewer | A reviewer   | 审核员
        appeal   | An appeal    | 申诉复核
        system   | The system   | 系统
    """),
    "evidence": table("""
        photo          | Photo                   | 照片
        video          | Video                   | 视频
        document       | Document                | 文件
        chat           | Chat message            | 聊天记录
        declined       | Declined                | 拒绝提供
        unanswered     | No answer               | 未回应
        service_report | Service centre's report | 售后检测报告
    """),
    "from": table("""
        customer | Customer | 客户
        merchant | Merchant | 商家
        courier  | Courier  | 快递
    """),
    "inspected_by": table("""
        merchant    | The merchant  | 商家
        platform    | The platform  | 平台
        third_party | A third party | 第三方
    """),
    "dispute": table("""
        opened    | Opened               | 已发起
        won       | Won by the merchant  | 商家胜诉
        lost      | Lost by the merchant | 商家败诉
        withdrawn | Withdrawn            | 已撤回
    """),
    "condition_found": table("""
        as_sent             | As sent                 | 与发出时一致
        used                | Used                    | 已使用
        damaged_by_customer | Damaged by the customer | 人为损坏
        different_item      | Different item          | 非原商品
        counterfeit         | Counterfeit             | 假货
        empty               | Empty parcel            | 空包裹
        incomplete          | Incomplete              | 不完整
        seller_fault        | Seller's fault          | 商家问题
    """),
    "parcel": table("""
        shipped            | Shipped            | 已发出
        out_for_delivery   | Out for delivery   | 派送中
        delivered          | Delivered          | 已签收
        lost               | Lost               | 丢失
        returned_to_sender | Returned to sender | 退回寄件人
    """),
    "direction": table("""
        outbound | Outbound | 发往客户
        return   | Return   | 退回
    """),
    "received_by": table("""
        customer  | the customer     | 本人签收
        locker    | a locker         | 快递柜签收
        neighbour | a neighbour      | 邻居代收
        unknown   | somebody the record does not name | 签收人不明
    """),
    "channel": table("""
        live   | Live stream | 直播
        video  | Video       | 短视频
        shop   | Shop        | 店铺
        search | Search      | 搜索
        other  | Other       | 其他
    """),
    "family": table("""
        purchase_pattern | Purchases and requests | 购买与申请记录
        shared_identity  | Shared identity  | 关联身份
        reason           | Stated reason    | 退款理由
        evidence         | Evidence         | 凭证
        logistics        | Logistics        | 物流
        returned_goods   | Returned goods   | 退回商品
        order_context    | Order            | 订单情况
    """),
    "category": CATEGORIES,
    "courier": COURIERS,
    "customer_tier": CUSTOMER_GROUPS,
    "entity": table("""
        address | Address        | 地址
        door    | Building       | 门牌
        payment | Payment method | 支付方式
        device  | Device         | 设备
        phone   | Phone          | 手机
        payout  | Payout account | 收款账户
        ip       | Network address | 网络地址
        text     | Same text       | 相同文字
        photo    | Same picture    | 相同图片
        tracking | Parcel          | 运单
    """),
    "suggestion": table("""
        exchange       | Exchange       | 换货
        repair         | Repair         | 维修
        resend         | Resend         | 补发
        partial_refund | Partial refund | 部分退款
        voucher        | Voucher        | 优惠券
    """),
    "listing": table("""
        block     | Block list | 限制名单
        allow     | Allow list | 放行名单
        withdrawn | Removed    | 已移除
        appealed  | Appealed   | 申诉中
    """),
    "asks": table("""
        evidence   | Evidence   | 补充凭证
        prepayment | Prepayment | 预付
    """),
    "action": table("""
        claim    | Claimed the case        | 领取
        release  | Released the case       | 退回
        note     | Note                    | 备注
        ask      | Requested evidence      | 要求补证
        call     | Asked for a call        | 约定致电
        offer    | Made an offer           | 提出替代方案
        escalate | Escalated               | 上报
        appeal   | Opened an appeal        | 发起申诉
        finding  | Recorded a verdict      | 认定
        block    | Added to the block list | 加入限制名单
        allow    | Added to the allow list | 加入放行名单
        withdraw | Removed from the list   | 移出名单
        contest  | Appealed the list entry | 对登记提出申诉
        score    | Looked at the score     | 查看分数
        retract  | Took the request back   | 作废申请
        assign   | Handed the case over    | 转交
        correct  | Corrected the verdict   | 更正认定
        dropped  | The verdict was not stored | 认定未予记录
    """),
}

LABELS["found"] = LABELS["verdict"] | LABELS["condition_found"]
"""What stands as the finding of a request: a verdict, or what an inspection found."""


_PLAIN = re.compile("[a-z]+(?:_[a-z]+)*")
"""How shops write categories that no table knows: `garden_tools`."""


def label(table: str, code: str | None, language: str) -> str:
    """The label of a code; an empty code is a dash. Raises NotFound for an unknown table.

    >>> label("verdict", "courier_fault", "en")
    'Courier at fault'
    >>> label("category", "garden_tools", "en")
    'Garden tools'
    """
    if table not in LABELS:
        raise NotFound(f"no labels named {table}")
    if code is None or code == "":
        return "–"
    words = LABELS[table].get(code)
    if words is None and table == "category" and language == "en" and _PLAIN.fullmatch(code):
        return code.replace("_", " ").capitalize()
    return words[language] if words else code

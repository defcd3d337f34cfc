"""The queue and the list of decisions."""

from __future__ import annotations

from risk.cases.labels import table

WORDS = table("""
    queue_title       | Queue                           | 待办
    queue_open        | {count} open                    | {count} 件待处理
    queue_matching    | {count} match                   | 符合条件 {count} 件
    queue_next        | Take the next case              | 领取下一件
    queue_empty       | Nothing waits.                  | 没有待处理的案件。
    queue_empty_lead  | New cases appear here as decisions are made. | 新案件会随判定自动出现。
    queue_none        | No case matches these filters.  | 没有符合条件的案件。
    queue_clear       | Clear the filters               | 清除筛选
    queue_more        | More                            | 下一页
    queue_first       | From the start                  | 回到首页
    queue_nothing_free | Nobody waits for you: every case is taken or none matches. | 暂无可领取的案件。
    tab_all           | All                             | 全部
    tab_overdue       | Overdue                         | 已超时
    tab_soon          | Within 4 h                      | 4 小时内
    tab_day           | Within a day                    | 一天内
    tab_mine          | Mine                            | 我的
    tab_free          | Free                            | 未领取
    tab_appealed      | Appeals                         | 申诉
    tab_escalated     | Escalated                       | 已上报
    tab_closed        | Closed                          | 已结案
    tabs              | Which cases                     | 案件范围
    col_due           | Time                            | 时限
    col_amount        | Amount                          | 金额
    col_case          | Case                            | 案件
    col_why           | Why it is here                  | 入列原因
    col_risk          | Probability                     | 概率
    col_held          | With                            | 处理人
    col_found         | Finding                         | 认定
    held_free         | free                            | 未领取
    held_you          | you                             | 我
    mark_appeal       | Appeal                          | 申诉
    mark_escalated    | Escalated                       | 已上报
    mark_asked        | Evidence asked                  | 已要求补证
    filter            | Filter                          | 筛选
    filter_tier       | Tier                            | 处理等级
    filter_reason     | Reason                          | 理由
    filter_type       | Type                            | 类型
    filter_merchant   | Merchant                        | 商家
    filter_due        | Deadline                        | 时限
    filter_from       | Amount from                     | 金额不低于
    filter_to         | Amount to                       | 金额不高于
    filter_ring       | Linked customers, at least      | 关联客户不少于
    filter_audit      | Random audit                    | 随机抽检
    filter_held       | With                            | 处理人
    filter_order      | Sort by                         | 排序
    filter_any        | any                             | 不限
    filter_yes        | only these                      | 仅此类
    filter_no         | without these                   | 排除
    filter_apply      | Show                            | 查看
    order_rank        | money and time left             | 金额与剩余时间
    order_deadline    | deadline                        | 时限
    order_money       | money at stake                  | 涉及金额
    order_newest      | newest                          | 最新
    views             | Saved views                     | 常用筛选
    view_title        | Keep these filters as           | 将当前筛选保存为
    view_save         | Keep                            | 保存
    view_drop         | Forget {title}                  | 删除{title}
    decisions_title   | Decisions                       | 判定记录
    decisions_lead    | The latest decisions, with what spoke for and against. | 最新判定及其正反理由。
    decisions_empty   | No request has been decided yet. | 尚无判定。
    decisions_against | Against                         | 不利
    decisions_for     | For                             | 有利
    decided           | Decided                         | 判定时间
    col_tier          | Tier                            | 处理等级
    tier_all          | All tiers                       | 全部等级
""")

"""The case page and the dossier."""

from __future__ import annotations

from risk.cases.labels import table

WORDS = table("""
    case_title        | Case {refund}                   | 案件 {refund}
    case_closed       | Closed                          | 已结案
    case_none         | Never needed a person           | 无需人工处理
    case_undecided    | Not decided yet                 | 尚未判定
    case_probability  | Probability of abuse            | 滥用概率
    case_amount       | Asked back                      | 申请金额
    case_deadline     | Answer due                      | 答复时限
    case_held         | With                            | 处理人
    case_claim        | Claim                           | 领取
    case_release      | Give back                       | 退回
    case_held_by      | {who}, until {until}            | {who}，至 {until}
    case_yours        | You, until {until}              | 您，至 {until}
    case_why          | Why it is here                  | 入列原因
    case_tier_why     | How it was decided              | 判定依据
    case_against      | Speaks against the customer     | 对客户不利
    case_for          | Speaks for the customer         | 对客户有利
    case_nothing_against | Nothing found.               | 没有。
    case_nothing_for  | Nothing found.                  | 没有。
    case_all_reasons  | All {count} reasons             | 全部 {count} 条理由
    case_adds_up      | How the score adds up           | 分数构成
    case_adds_lead    | From an average request to this one, by family, in log-odds. | 从平均水平到本申请，按类别相加（对数几率）。
    case_base         | Average request                 | 平均申请
    case_score        | This request                    | 本申请
    case_off          | The parts do not add up to the score. | 各部分之和与分数不符。
    case_words        | In the customer's words         | 客户原话
    case_no_words     | The customer wrote nothing.     | 客户未填写说明。
    case_evidence     | Evidence                        | 凭证
    case_no_evidence  | Nothing was given.              | 暂无凭证。
    case_captured     | taken {time}                    | 拍摄于 {time}
    case_before_order | taken before the order was placed | 拍摄时间早于下单
    case_reused       | The same file in {count} other request(s): | 另有 {count} 个申请使用了同一文件：
    case_unused       | Seen nowhere else               | 未在别处出现
    case_required     | Still to be asked               | 待要求
    case_linked       | Linked accounts                 | 关联账号
    case_linked_lead  | {customers} customers within two steps, {refunds} requests, {fraud} confirmed. | 两步以内 {customers} 位客户，{refunds} 次申请，{fraud} 次被认定。
    case_linked_none  | Shares nothing with anybody.    | 未与他人共用任何信息。
    case_linked_more  | {count} more are not drawn.     | 另有 {count} 位未显示。
    case_linked_table | As a table                      | 表格形式
    case_hub          | {thing} is shared by {count} customers: a crowd, which links nobody. | {thing}有 {count} 位客户共用：属公共场所，不视为关联。
    case_hub_many     | {thing} is shared by {count} or more customers: a crowd, which links nobody. | {thing}有 {count} 位以上客户共用：属公共场所，不视为关联。
    case_this         | this customer                   | 本客户
    link_customer     | Customer                        | 客户
    link_shares       | Shares                          | 共用
    link_requests     | Requests                        | 申请
    link_found        | Found                           | 认定
    link_bad          | {count} abuse                   | {count} 次滥用
    link_good         | {count} in order                | {count} 次属实
    case_timeline     | This customer's history         | 客户历史
    case_timeline_lead | Filled marks belong to this case. | 实心标记属于本案。
    case_earlier      | {count} earlier                 | 更早的 {count} 条
    case_rules        | Rules applied                   | 适用规则
    case_no_rules     | No rule bore on this; cost alone decided. | 未触发规则，仅按成本判定。
    case_changes      | What changed between decisions  | 历次判定的变化
    case_model        | Model {model}, policy {policy}  | 模型 {model}，策略 {policy}
    case_message      | Message to the customer         | 致客户消息
    case_copy         | Copy                            | 复制
    case_copied       | Copied                          | 已复制
    case_message_en   | English                         | 英文
    case_message_zh   | Chinese                         | 中文
    case_suggestions  | Could be offered instead        | 可提供的替代方案
    case_back         | What would bring it to approve  | 怎样可转为同意
    case_notes        | What was done                   | 处理记录
    case_no_notes     | Nothing yet.                    | 暂无。
    case_dossier      | Dossier                         | 卷宗
    case_next         | Next case                       | 下一件
    case_listing      | {list}: {cause}                 | {list}：{cause}
    case_until        | until {time}, by {who}          | 至 {time}，{who} 登记
    case_stage        | Stage                           | 阶段
    case_lane         | Seven-day right: reason and proof do not count. | 七天无理由：理由与凭证不计入。
    act_title         | Act                             | 处理
    act_finding       | Finding                         | 认定
    act_appeal_finding | Finding on the appeal          | 申诉复核认定
    act_verdict       | What is it?                     | 认定结果
    act_resolution    | What is to be done?             | 如何处理
    act_amount        | Amount paid back                | 退款金额
    act_why           | Why                             | 说明
    act_record        | Record                          | 提交
    act_record_next   | Record, take the next           | 提交并领取下一件
    act_ask           | Ask for evidence                | 要求补证
    act_ask_kind      | What                            | 凭证类型
    act_ask_from      | Of whom                         | 提供方
    act_ask_text      | In words                        | 说明
    act_note          | Note                            | 备注
    act_note_text     | For whoever comes next          | 供后续处理人参考
    act_escalate      | Escalate                        | 上报
    act_escalate_hint | Puts the case ahead and gives it back for somebody more senior. | 提高优先级并退回，由更资深人员处理。
    act_cause         | Cause                           | 事由
    act_list          | Block or allow                  | 名单
    act_list_hint     | For a recorded cause, never for being difficult. It may ask for evidence or prepayment, never refuse. | 须有登记事由，不得因客户难缠而列入；名单仅可要求补证或预付，不得拒绝退款。
    act_list_kind     | List                            | 名单
    act_list_asks     | A block asks for                | 限制名单要求
    act_list_days     | For how many days               | 有效天数
    act_list_add      | Enter                           | 登记
    act_list_end      | End the entry                   | 撤销登记
    act_appeal        | Appeal                          | 申诉
    act_appeal_hint   | Opens the case again, for somebody other than who made the finding. | 重新打开案件，由原认定人以外的人复核。
    act_claim_first   | Claim the case to act on it.    | 领取后方可处理。
    act_other         | {who} is working on this case.  | {who} 正在处理本案。
    act_second        | You made the finding under appeal; somebody else must look at it now. | 原认定由您作出，须由他人复核。
    act_none          | –                               | –
    did_claim         | The case is yours.              | 已领取。
    did_release       | The case was given back.        | 已退回。
    did_finding       | The finding is recorded.        | 认定已记录。
    did_ask           | Written down that evidence was asked for. | 已记录补证要求。
    did_note          | The note is kept.               | 备注已保存。
    did_escalate      | The case was put ahead.         | 已上报。
    did_appeal        | The case is open again.         | 案件已重新打开。
    did_listing       | The list was changed.           | 名单已更新。
    did_withdraw      | The entry was ended.            | 名单登记已撤销。
    dossier_title     | Dossier on request {refund}     | 申请 {refund} 卷宗
    dossier_print     | Print                           | 打印
    dossier_back      | Back to the case                | 返回案件
    dossier_made      | Made {time} by {who}            | 由 {who} 于 {time} 生成
    dossier_subject   | What it is about                | 案由
    dossier_order     | Order                           | 订单
    dossier_merchant  | Merchant                        | 商家
    dossier_asked     | Asked                           | 诉求
    dossier_statement | Statement                       | 陈述
    dossier_facts     | Facts in time order             | 事实（按时间）
    dossier_evidence  | Evidence                        | 凭证
    dossier_rules     | Rules relied on                 | 依据规则
    dossier_links     | Linked facts                    | 关联事实
    dossier_findings  | Findings                        | 认定
    dossier_none      | None.                           | 无。
    dossier_account   | For the customer, on request    | 应客户要求的说明
""")

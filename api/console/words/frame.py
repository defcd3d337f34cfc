"""The frame around every page: navigation, login, errors, keys, people."""

from __future__ import annotations

from risk.cases.labels import table

WORDS = table("""
    product           | Refund risk                     | 退款风控
    skip              | Skip to the content             | 跳到正文
    nav               | Main                            | 主导航
    nav_queue         | Queue                           | 待办
    nav_decisions     | Decisions                       | 判定记录
    nav_overview      | Overview                        | 总览
    nav_people        | People                          | 人员
    nav_log           | Access log                      | 访问日志
    nav_keys          | Keys                            | 快捷键
    search            | Search                          | 搜索
    search_hint       | Request, order or customer      | 申请号、订单号或客户号
    language          | 中文                            | English
    language_label    | Show in Chinese                 | 切换为英文
    logout            | Log out                         | 退出登录
    login_title       | Log in                          | 登录
    login_lead        | For reviewers and administrators. | 供审核员与管理员使用。
    login_name        | Name                            | 账号
    login_password    | Password                        | 密码
    login_button      | Log in                          | 登录
    login_wrong       | That name and password do not belong together. | 账号与密码不匹配。
    login_many        | Too many attempts. Try again in a quarter of an hour. | 尝试次数过多，请在一刻钟后再试。
    login_over        | Your session has ended. Log in to go on where you were. | 会话已结束，请重新登录后继续。
    login_stale       | That form had grown old. Please try again. | 表单已过期，请重试。
    error_title       | That did not work               | 操作未成功
    error_404         | Nothing is here                 | 未找到
    error_404_lead    | There is no such page or request. | 没有这个页面或申请。
    error_403         | Not for you                     | 无权访问
    error_403_lead    | This is for somebody else to do or see. | 此操作或内容不在您的权限内。
    error_409         | Not possible any more           | 当前无法进行
    error_422         | Something is missing            | 内容不完整
    error_503         | Busy just now                   | 系统繁忙
    error_503_lead    | Please try again in a moment.   | 请稍后再试。
    error_500         | Something went wrong here       | 系统出错
    error_500_lead    | It was noted, and nothing was changed. | 已记录，数据未被更改。
    error_back        | Back to the queue               | 返回待办
    problem           | {field}: expected {expected}    | {field}：应为{expected}
    keys_title        | Keys                            | 快捷键
    keys_lead         | The whole console works by keyboard. | 全部操作均可用键盘完成。
    keys_queue        | In the queue                    | 在待办列表
    keys_case         | On a case                       | 在案件页
    keys_all          | Everywhere                      | 任意页面
    key_jk            | next and previous case          | 下一件、上一件
    key_enter         | open the case                   | 打开案件
    key_t             | take the next case              | 领取下一件
    key_c             | claim or give back              | 领取或退回
    key_f             | go to the finding               | 填写认定
    key_numbers       | choose the verdict, in order    | 依次选择认定结果
    key_e             | ask for evidence                | 要求补证
    key_n             | write a note                    | 写备注
    key_m             | copy the message                | 复制致客户消息
    key_p             | dossier to print                | 打印卷宗
    key_u             | back to the queue               | 返回待办
    key_submit        | send the form you are in        | 提交当前表单
    key_slash         | search                          | 搜索
    key_question      | these keys                      | 查看快捷键
    key_l             | the other language              | 切换语言
    key_escape        | leave a field                   | 离开输入框
    people_title      | People                          | 人员
    people_lead       | Who may log in.                 | 可登录的人员。
    people_name       | Login                           | 账号
    people_shown      | Name                            | 姓名
    people_role       | Role                            | 角色
    people_zone       | Time zone                       | 时区
    people_password   | Password                        | 密码
    people_new_password | New password                  | 新密码
    people_add        | Let somebody in                 | 新增人员
    people_dismiss    | Let in no more                  | 停用
    people_reset      | Give a new password             | 重设密码
    people_left       | left                            | 已停用
    people_hint       | At least 12 characters.         | 至少 12 个字符。
    role_reviewer     | Reviewer                        | 审核员
    role_administrator | Administrator                  | 管理员
    log_title         | Access log                      | 访问日志
    log_lead          | Who looked at which case, newest first. | 谁查看过哪些案件，最新在前。
    log_who           | Who                             | 人员
    log_when          | When                            | 时间
    log_page          | Page                            | 页面
    log_empty         | Nobody has looked yet.          | 暂无记录。
    page_case         | case                            | 案件
    page_dossier      | dossier                         | 卷宗
    case_word         | Case                            | 案件
    older             | Older                           | 更早
    newer             | Newest                          | 最新
    done_saved        | Saved.                          | 已保存。
""")

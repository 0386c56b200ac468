"""How a desk is told of its accounts on WeChat, with what the judges sign and encrypt by."""

from tests.judges.wechat import KEY, OWNER, TOKEN

_NO_TELEGRAM = {"DESK_TELEGRAM_TOKEN": ""}
ACCOUNTS = {
    "wechat": _NO_TELEGRAM | {"DESK_WECHAT_APP_ID": OWNER, "DESK_WECHAT_TOKEN": TOKEN, "DESK_WECHAT_AES_KEY": KEY},
    "wecom": _NO_TELEGRAM
    | {
        "DESK_WECOM_CORP_ID": OWNER,
        "DESK_WECOM_TOKEN": TOKEN,
        "DESK_WECOM_AES_KEY": KEY,
        "DESK_WECOM_AGENT_ID": "1000002",
    },
}

from bot.settings import Settings
from bot.wechat_accounts import WeChatAccounts


def test_who_starts_the_desk_is_told_which_settings_would_turn_the_accounts_on(tmp_path):
    accounts = WeChatAccounts(Settings(home=tmp_path, _env_file=None), None, None, None)

    assert list(accounts.greeting("http://desk")) == [
        "  wechat is off: DESK_WECHAT_APP_ID is empty",
        "  wecom is off: DESK_WECOM_CORP_ID is empty",
    ]

import pytest

from knowledge.people import Introduction, People, read_introduction, read_people, takes_back


@pytest.mark.parametrize(
    ("language", "text", "people"),
    [
        ("en", "two of us for the boat please", People(2)),
        ("en", "Put me on the cruise at 19:00 on day 2", People()),
        ("en", "put -2 people on the cruise list", People(-2)),
        ("en", "add one more person", People(more=1)),
        ("en", "just me", People(1)),
        ("en", "my wife and I, so a party of 2", People(2)),
        ("de", "eine Person, Duisburg", People(1)),
        ("de", "wir sind zu dritt", People(3)),
        ("fr", "Finalement nous serons trois.", People(3)),
        ("es", "somos cuatro", People(4)),
        ("ru", "нас двое", People(2)),
        ("zh", "我想报名夜游长江,一个人", People(1)),
        ("zh", "两个人报名", People(2)),
        ("ja", "3名でお願いします", People(3)),
        ("ko", "두 명 신청할게요", People(2)),
        ("th", "ขอลงทะเบียนล่องเรือกลางคืน 1 คน", People(1)),
        ("ar", "شخص واحد", People(1)),
        ("tr", "iki kişi geliyoruz", People(2)),
        ("en", "with my wife and my son", People(3)),
        ("en", "I'll come with my colleagues", People(is_plural=True)),
        ("nl", "samen met twee collega's", People(3)),
        ("pl", "mnie i żonę", People(2)),
        ("tr", "iki arkadaşımla", People(3)),
        ("ar", "أنا وثلاثة زملاء", People(4)),
        ("zh", "我和同事想参加夜游", People(2)),
        ("it", "siamo in due: io e Carla Rossi", People(2)),
        ("it", "io e due colleghi", People(3)),
        ("zh", "同事和我都去", People(2)),
        ("ja", "私と同僚二人で", People(3)),
        ("ja", "妻も一緒です", People(2)),
        ("ja", "一緒に行きたい", People()),
        ("ko", "동료 두 명과 같이", People(3)),
        ("th", "ฉันกับเพื่อนร่วมงานสองคน", People(3)),
    ],
)
def test_people_are_counted(language, text, people):
    assert read_people(text, language) == people


@pytest.mark.parametrize(
    ("language", "text", "introduction"),
    [
        (
            "en",
            "My name is Robert'); DROP TABLE rsvp;-- and I want to join, Manchester",
            Introduction("Robert", "Manchester"),
        ),
        ("en", "Sign me up, I'm Anna Schmidt from Duisburg", Introduction("Anna Schmidt", "Duisburg")),
        ("de", "eine Person, Duisburg", Introduction("", "Duisburg")),
        ("zh", "我叫周敏，来自波尔多", Introduction("周敏", "Bordeaux")),
        ("zh", "周敏 敬上", Introduction("周敏")),
        ("zh", "我叫张和平", Introduction("张和平")),
        ("zh", "我叫周敏想报名", Introduction("周敏")),
        ("zh", "我叫周敏和王强", Introduction()),
        ("ja", "私は鈴木花子と申します", Introduction("鈴木花子")),
        ("ko", "제 이름은 김민수입니다", Introduction("김민수")),
        ("ar", "اسمي أحمد علي من القاهرة", Introduction("أحمد علي")),
        ("en", "When is the cruise?", Introduction()),
    ],
)
def test_name_and_city_are_read(language, text, introduction):
    assert read_introduction(text, language) == introduction


@pytest.mark.parametrize("text", ["Jean Martin, Bordeaux", "Jean Martin - Bordeaux"])
def test_a_line_of_name_and_city_is_read_where_it_was_asked_for(text):
    assert read_introduction(text, "en", is_expected=True) == Introduction("Jean Martin", "Bordeaux")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ben Oduya, Kyiv", "tr"),
        ("Oita, Ben Oduya", "en"),
        ("Ben Oduya from Kyiv", "en"),
        ("Ben Oduya aus Kyiv.", "de"),
    ],
)
def test_a_name_and_a_city_alone_introduce_somebody(text, language):
    told = read_introduction(text, language)

    assert (told.name, told.city in text) == ("Ben Oduya", True)
    assert told.city


@pytest.mark.parametrize("text", ["Night Cruise", "Day 2, Lunch", "two, please", "Yes, Two People"])
def test_other_short_messages_introduce_nobody(text):
    assert read_introduction(text, "en").name == ""


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "我想参加明天晚上的游船"),
        ("zh", "我是团长，想报名夜游"),
        ("ja", "レセプションに二人で参加したいです"),
        ("ja", "二人です"),
        ("ja", "東京より参加します"),
        ("ar", "أنا أريد التسجيل في الرحلة"),
        ("ko", "크루즈 두 명인데요"),
    ],
)
def test_no_wish_is_taken_for_a_name(language, text):
    assert read_introduction(text, language).name == ""


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("zh", "我是周敏，来自杭州", "周敏"),
        ("ja", "大分市の田中です", "田中"),
        ("ko", "저는 김민수입니다", "김민수"),
        ("ar", "أنا أحمد من القاهرة", "أحمد"),
    ],
)
def test_i_am_stands_before_a_name_where_one_was_asked_for(language, text, name):
    assert read_introduction(text, language, is_expected=True).name == name


@pytest.mark.parametrize(
    ("language", "text", "others"),
    [
        ("en", "actually my deputy can't come", 1),
        ("en", "I'm the deputy mayor, I can't come", 0),
        ("en", "my wife and I can't come", 0),
        ("de", "mein Kollege kann leider nicht", 1),
        ("tr", "eşim gelemiyor", 1),
        ("zh", "我同事来不了", 1),
        ("ja", "同僚が行けなくなりました", 1),
        ("ar", "زميلي لا يستطيع الحضور", 1),
    ],
)
def test_who_is_named_for_themselves_does_not_come_along(language, text, others):
    assert read_people(text, language).others == others


@pytest.mark.parametrize(
    ("language", "text", "is_taken_back"),
    [
        ("it", "Annulla!", True),
        ("it", "annulla tutto", False),
        ("tr", "iptal et", True),
        ("tr", "kaydımı iptal et", False),
        ("fr", "annuler la croisière", False),
        ("ja", "クルーズを取り消して", False),
        ("en", "please undo that", True),
    ],
)
def test_a_word_that_also_cancels_takes_back_only_alone(language, text, is_taken_back):
    assert takes_back(text, language) is is_taken_back

from datetime import time

import pytest

from knowledge.languages import LANGUAGES
from knowledge.months import months
from knowledge.slots import PartOfDay, Slots, read_slots
from knowledge.topics import catalogue


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "What happens on the second conference day?", 2),
        ("en", "what's on day 3", 3),
        ("en", "day2 programme", 2),
        ("en", "programme for day two please", 2),
        ("en", "is the last day free", -1),
        ("en", "Good morning, what is on the last day?", -1),
        ("en", "the dinner on day 2 at 7", 2),
        ("en", "day one is just for arriving, right?", 1),
        ("en", "on the first or second day", 1),
        ("en", "which session closes the second day 3 pm or later", 2),
        ("de", "Was ist am 2. Tag?", 2),
        ("de", "Programm zweiter Konferenztag", 2),
        ("de", "was passiert am letzten Tag", -1),
        ("fr", "le programme du 2e jour", 2),
        ("fr", "jour 3, 10h", 3),
        ("fr", "que fait-on le dernier jour ?", -1),
        ("es", "¿Qué hay el día 2?", 2),
        ("es", "el cuarto día", 4),
        ("es", "el día segundo a las 10", 2),
        ("it", "il secondo giorno", 2),
        ("it", "giorno primo", 1),
        ("it", "cosa c'è l'ultimo giorno", -1),
        ("nl", "wat gebeurt er op de 2e dag", 2),
        ("nl", "dag 3", 3),
        ("pl", "co jest 2. dnia", 2),
        ("pl", "drugiego dnia", 2),
        ("pl", "dzień trzeci", 3),
        ("pt", "o quarto dia", 4),
        ("pt", "no 2º dia", 2),
        ("pt", "dia 3 de manhã", 3),
        ("ru", "что во второй день?", 2),
        ("ru", "программа на 2-й день", 2),
        ("ru", "день третий", 3),
        ("ru", "в последний день", -1),
        ("tr", "2. gün ne var", 2),
        ("tr", "ikinci günün programı", 2),
        ("tr", "son gün", -1),
        ("ar", "ما برنامج اليوم الثاني؟", 2),
        ("ar", "اليوم ٢", 2),
        ("ar", "اليوم الأخير", -1),
        ("ja", "2日目15時", 2),
        ("ja", "初日の予定", 1),
        ("ja", "最終日は何がありますか", -1),
        ("ko", "2일차 3시", 2),
        ("ko", "첫날에 뭐 해요", 1),
        ("ko", "마지막 날 일정", -1),
        ("ko", "두 번째 날 일정", 2),
        ("th", "วันที่ 2 มีอะไร", 2),
        ("th", "วันแรกทำอะไร", 1),
        ("th", "วันสุดท้าย", -1),
        ("zh", "第2天3点", 2),
        ("zh", "第二天晚上", 2),
        ("zh", "最后一天有什么安排", -1),
        ("zh-TW", "第三天下午", 3),
        ("zh-TW", "Day 2 的議程", 2),
    ],
)
def test_day_is_read_from_ordinal_number_and_last(language, text, day):
    assert read_slots(text, language).day == day


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "is it three days long"),
        ("en", "3 days 2 nights"),
        ("en", "a visit of 2 days"),
        ("en", "the last session of the day"),
        ("en", "does it start on 2 September"),
        ("en", "Have a nice day! 2 of us are coming"),
        ("de", "drei Tage"),
        ("de", "Guten Tag, 2 Fragen"),
        ("de", "am 2. September"),
        ("fr", "dernière session du jour"),
        ("fr", "trois jours"),
        ("es", "última sesión del día"),
        ("es", "el día 15 de septiembre"),
        ("it", "il giorno 15"),
        ("it", "buona giornata"),
        ("pt", "no dia 15"),
        ("pt", "segunda-feira"),
        ("pt", "bom dia, 2 perguntas"),
        ("nl", "twee dagen"),
        ("pl", "trzy dni"),
        ("ru", "во второй половине дня"),
        ("ru", "программа на 3 дня"),
        ("ru", "добрый день, второй вопрос"),
        ("tr", "3 gün mü sürüyor"),
        ("tr", "iyi günler 2 kişiyiz"),
        ("ar", "ثلاثة أيام"),
        ("ja", "3日間ですか"),
        ("ko", "3일 동안"),
        ("th", "วันที่ 15 กันยายน"),
        ("zh", "一共三天吗"),
        ("zh", "今天几点"),
        ("zh-TW", "9月15日"),
    ],
)
def test_no_day_where_none_is_counted(language, text):
    assert read_slots(text, language).day is None


@pytest.mark.parametrize(
    ("language", "text", "numbers"),
    [
        ("en", "What is subtheme 2 about?", (2,)),
        ("en", "dialogues 1 and 3", (1, 3)),
        ("en", "session no. 2", (2,)),
        ("en", "Subtheme III", (3,)),
        ("en", "subthemes 1-3", (1, 2, 3)),
        ("en", "and the second one?", (2,)),
        ("en", "dialogue two starts when", (2,)),
        ("en", "when is dialogue 2 on day 3", (2,)),
        ("de", "Wann ist der 2. Dialog?", (2,)),
        ("de", "Unterthema drei", (3,)),
        ("de", "der 1. und 2. Dialog", (1, 2)),
        ("fr", "le sous-thème n° 2", (2,)),
        ("fr", "la 2e table ronde", (2,)),
        ("fr", "et le troisième ?", (3,)),
        ("es", "subtemas 1 y 2", (1, 2)),
        ("es", "el cuarto diálogo", (4,)),
        ("it", "il secondo dialogo", (2,)),
        ("it", "sottotema 3", (3,)),
        ("nl", "de 3e dialoog", (3,)),
        ("nl", "deelthema 2", (2,)),
        ("pl", "2. dialog", (2,)),
        ("pl", "podtemat trzeci", (3,)),
        ("pt", "o quarto painel", (4,)),
        ("pt", "subtema 2", (2,)),
        ("ru", "подтема № 2", (2,)),
        ("ru", "когда третий диалог", (3,)),
        ("tr", "2. oturum", (2,)),
        ("tr", "alt tema 3", (3,)),
        ("tr", "diyalog 3 saati", (3,)),
        ("it", "dialogo 2 ore 15", (2,)),
        ("ar", "حوار ٢ الساعة كم", (2,)),
        ("ar", "المحور الثاني", (2,)),
        ("ar", "الحوار رقم ٣", (3,)),
        ("ja", "サブテーマ2は何ですか", (2,)),
        ("ja", "第三セッション", (3,)),
        ("ko", "소주제 2", (2,)),
        ("ko", "세 번째 대화", (3,)),
        ("th", "หัวข้อย่อยที่ 2", (2,)),
        ("th", "รอบที่สอง", (2,)),
        ("zh", "子议题二是什么", (2,)),
        ("zh", "第一场对话几点", (1,)),
        ("zh-TW", "子題3的內容", (3,)),
    ],
)
def test_numbers_of_items_are_read(language, text, numbers):
    assert read_slots(text, language).numbers == numbers


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "all three subthemes"),
        ("en", "the conference in 2026"),
        ("en", "does it start at 12.30?"),
        ("en", "first of all, thank you for the dialogue"),
        ("en", "which session one can attend"),
        ("en", "on September 2nd"),
        ("en", "is the dialogue at 2 pm"),
        ("de", "alle drei Unterthemen"),
        ("de", "am 2. Oktober"),
        ("fr", "les trois sous-thèmes"),
        ("fr", "c'est ma première fois"),
        ("es", "los tres subtemas"),
        ("it", "secondo il programma"),
        ("it", "secondo voi"),
        ("nl", "de sessie een uur later"),
        ("pl", "po pierwsze, dziękuję"),
        ("pt", "o quarto do hotel"),
        ("pt", "na segunda-feira"),
        ("ru", "во второй половине дня"),
        ("tr", "üç alt tema"),
        ("ar", "المحاور الثلاثة"),
        ("ja", "サブテーマ3つ"),
        ("ko", "소주제 3개"),
        ("th", "หัวข้อย่อย 3 หัวข้อ"),
        ("zh", "第一次来武汉"),
        ("zh", "对话一共几场"),
        ("zh", "三个子议题"),
        ("zh", "一早有对话吗"),
        ("zh", "第2天3点"),
        ("zh-TW", "總共有幾個子題"),
    ],
)
def test_no_number_where_none_is_meant(language, text):
    assert read_slots(text, language).numbers == ()


@pytest.mark.parametrize(
    ("language", "text", "moment"),
    [
        ("en", "What's on at 10:30?", time(10, 30)),
        ("en", "at 7 pm", time(19)),
        ("en", "at 7 in the evening", time(19)),
        ("en", "is there something at 11?", time(11)),
        ("en", "half past ten", time(10, 30)),
        ("en", "quarter to eleven", time(10, 45)),
        ("en", "seven o'clock in the evening", time(19)),
        ("en", "at 3:30 in the afternoon", time(15, 30)),
        ("en", "9.30 am", time(9, 30)),
        ("en", "at 12 noon", time(12)),
        ("en", "we land at midnight", time(0)),
        ("en", "is the night cruise at 7:30 pm", time(19, 30)),
        ("de", "wir landen nachts um zwei", time(2)),
        ("de", "um 19 Uhr", time(19)),
        ("de", "was ist um 9 geplant", time(9)),
        ("de", "um 10 Uhr 30", time(10, 30)),
        ("de", "halb elf", time(10, 30)),
        ("de", "um sieben Uhr abends", time(19)),
        ("fr", "que se passe-t-il à 19 h ?", time(19)),
        ("fr", "à 19 heures", time(19)),
        ("fr", "à 10h30", time(10, 30)),
        ("fr", "3h30 de l'après-midi", time(15, 30)),
        ("fr", "à dix heures et demie", time(10, 30)),
        ("es", "¿qué hay a las 19?", time(19)),
        ("es", "a las siete y media de la tarde", time(19, 30)),
        ("es", "a las 9 de la mañana", time(9)),
        ("it", "cosa c'è alle 19?", time(19)),
        ("it", "ore 19", time(19)),
        ("it", "alle sette e mezza di sera", time(19, 30)),
        ("nl", "om 19 uur", time(19)),
        ("nl", "om half elf", time(10, 30)),
        ("nl", "wat is er om 10.30?", time(10, 30)),
        ("pl", "co jest o 19?", time(19)),
        ("pl", "o godz. 10:30", time(10, 30)),
        ("pl", "o siódmej wieczorem", time(19)),
        ("pl", "wpół do jedenastej", time(10, 30)),
        ("pt", "o que há às 19?", time(19)),
        ("pt", "às 10h30", time(10, 30)),
        ("pt", "às sete e meia da noite", time(19, 30)),
        ("ru", "что будет в 19?", time(19)),
        ("ru", "в 7 часов вечера", time(19)),
        ("ru", "в 3 часа дня", time(15)),
        ("ru", "в половине восьмого вечера", time(19, 30)),
        ("tr", "saat 19'da ne var", time(19)),
        ("tr", "akşam 7'de", time(19)),
        ("tr", "öğleden sonra üçte ne oluyor", time(15)),
        ("tr", "saat on buçukta", time(10, 30)),
        ("ar", "الساعة 7 مساء", time(19)),
        ("ar", "الساعة السابعة والنصف مساءً", time(19, 30)),
        ("ar", "الساعة ١٠:٣٠", time(10, 30)),
        ("ja", "19時に何がありますか", time(19)),
        ("ja", "午後3時半", time(15, 30)),
        ("ja", "2日目15時", time(15)),
        ("ko", "오후 7시", time(19)),
        ("ko", "저녁 일곱 시 반", time(19, 30)),
        ("ko", "10시 30분에", time(10, 30)),
        ("th", "1 ทุ่ม", time(19)),
        ("th", "สองทุ่มครึ่ง", time(20, 30)),
        ("th", "14.30 น.", time(14, 30)),
        ("th", "บ่าย 2 โมง", time(14)),
        ("th", "9 โมงเช้า", time(9)),
        ("th", "หกโมงเย็น", time(18)),
        ("th", "บ่ายโมง", time(13)),
        ("zh", "晚上七点半", time(19, 30)),
        ("zh", "第2天3点", time(15)),
        ("zh", "上午10点30分", time(10, 30)),
        ("zh", "领导堵车，九点半到", time(9, 30)),
        ("zh", "下午一点五十的电话", time(13, 50)),
        ("zh-TW", "下午三點", time(15)),
        ("zh-TW", "19時", time(19)),
    ],
)
def test_clock_times_are_read_as_each_language_writes_them(language, text, moment):
    assert read_slots(text, language).times == (moment,)


@pytest.mark.parametrize("language", LANGUAGES)
def test_times_in_digits_are_read_in_every_language(language):
    assert read_slots("10:30-10:45", language).times == (time(10, 30), time(10, 45))


@pytest.mark.parametrize(
    ("language", "text", "times"),
    [
        ("en", "from 2 to 4 pm", (time(14), time(16))),
        ("en", "from 9 in the morning to 3 in the afternoon", (time(9), time(15))),
        ("de", "von 10 bis 12 Uhr", (time(10), time(12))),
        ("fr", "entre 10h et 12h", (time(10), time(12))),
        ("it", "dalle 10 alle 12?", (time(10), time(12))),
        ("ru", "с 10 до 12 часов", (time(10), time(12))),
        ("ja", "10時から12時", (time(10), time(12))),
        ("zh", "10点到12点", (time(10), time(12))),
    ],
)
def test_both_ends_of_a_span_are_times(language, text, times):
    assert read_slots(text, language).times == times


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "visits at 3 sites"),
        ("en", "12.50 euro"),
        ("en", "2 delegates from 2 cities"),
        ("en", "what is dialogue 2"),
        ("en", "in 2026"),
        ("de", "für 2 Personen"),
        ("de", "am 15.09. oder später"),
        ("fr", "un vol de 2 heures"),
        ("fr", "à 2 km"),
        ("es", "dura 2 horas"),
        ("it", "2 ore e mezza"),
        ("nl", "duurt 2 uur"),
        ("pl", "trwa 2 godziny"),
        ("pt", "as 3 sessões"),
        ("ru", "программа на 3 дня"),
        ("ru", "максимум на три ночи"),
        ("es", "unió a las dos ciudades"),
        ("fr", "on vient à quatre"),
        ("nl", "waar gaat nummer twee precies over"),
        ("tr", "2 saat sürüyor"),
        ("ar", "الجلسة الثالثة"),
        ("ja", "3時間"),
        ("ko", "3시간"),
        ("th", "3 ชั่วโมง"),
        ("zh", "两个小时"),
        ("zh", "早一点可以吗"),
        ("zh", "是否在同一时段"),
        ("zh-TW", "穿休閒一點可以嗎"),
        ("zh-TW", "3小時"),
    ],
)
def test_durations_prices_and_counts_are_no_times(language, text):
    assert read_slots(text, language).times == ()


@pytest.mark.parametrize(
    ("language", "text", "part"),
    [
        ("en", "in the afternoon of day 2", PartOfDay.AFTERNOON),
        ("en", "tomorrow evening", PartOfDay.EVENING),
        ("de", "am Vormittag", PartOfDay.MORNING),
        ("fr", "dans l'après-midi", PartOfDay.AFTERNOON),
        ("es", "después del mediodía", PartOfDay.AFTERNOON),
        ("es", "por la mañana", PartOfDay.MORNING),
        ("it", "nel pomeriggio", PartOfDay.AFTERNOON),
        ("nl", "'s middags", PartOfDay.AFTERNOON),
        ("pl", "po południu", PartOfDay.AFTERNOON),
        ("pt", "à tarde", PartOfDay.AFTERNOON),
        ("ru", "во второй половине дня", PartOfDay.AFTERNOON),
        ("ru", "после обеда", PartOfDay.AFTERNOON),
        ("tr", "öğleden sonra", PartOfDay.AFTERNOON),
        ("ar", "بعد الظهر", PartOfDay.AFTERNOON),
        ("ar", "قبل الظهر", PartOfDay.MORNING),
        ("ja", "午前中", PartOfDay.MORNING),
        ("ko", "저녁에", PartOfDay.EVENING),
        ("th", "ตอนเย็น", PartOfDay.EVENING),
        ("zh", "中午", PartOfDay.NOON),
        ("zh-TW", "晚上", PartOfDay.EVENING),
    ],
)
def test_part_of_day_is_read_and_asks_for_nothing_before_or_after(language, text, part):
    slots = read_slots(text, language)

    assert (slots.part, slots.asks_next, slots.asks_previous) == (part, False, False)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Good morning, where is it?"),
        ("es", "¿y mañana?"),
        ("es", "Buenas tardes"),
        ("fr", "Bonsoir et bonne soirée"),
        ("de", "Guten Morgen, was kostet es morgen?"),
        ("ru", "Доброе утро"),
        ("zh", "早上好"),
        ("ar", "صباح الخير"),
    ],
)
def test_greetings_and_tomorrow_name_no_part_of_day(language, text):
    assert read_slots(text, language).part is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "what comes after the opening"),
        ("de", "was kommt danach"),
        ("fr", "et ensuite ?"),
        ("es", "¿y después?"),
        ("ru", "что потом"),
        ("zh", "接下来是什么"),
        ("ar", "ماذا بعد الافتتاح"),
    ],
)
def test_next_is_asked(language, text):
    assert read_slots(text, language) == Slots(asks_next=True)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "what comes before the opening"),
        ("de", "was war davor"),
        ("fr", "et avant ?"),
        ("it", "cosa c'è prima del ricevimento"),
        ("ru", "что перед открытием"),
        ("zh", "合影之前是什么"),
    ],
)
def test_previous_is_asked(language, text):
    assert read_slots(text, language) == Slots(asks_previous=True)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "compare Harbin and Wuhan"),
        ("de", "Unterschied zwischen Harbin und Wuhan"),
        ("fr", "quelle différence avec Harbin"),
        ("zh", "和哈尔滨相比"),
    ],
)
def test_comparison_is_asked(language, text):
    assert read_slots(text, language) == Slots(compares=True)


def test_all_slots_of_a_question_are_read_together():
    slots = read_slots("What comes after dialogue 2 on day 2 at 3:30 in the afternoon?", "en")

    assert slots == Slots(day=2, numbers=(2,), times=(time(15, 30),), part=PartOfDay.AFTERNOON, asks_next=True)


def test_capitals_and_accents_make_no_difference():
    assert read_slots("QUE SE PASSE-T-IL A 19 HEURES LE DEUXIEME JOUR", "fr") == Slots(day=2, times=(time(19),))


def test_text_without_slots_has_none():
    assert not read_slots("Where do I collect my badge?", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sample_can_be_read(language):
    texts = [sample.text for sample in catalogue().samples if sample.language == language]

    slots = [read_slots(text, language) for text in texts]

    assert all(1 <= number <= 99 for slot in slots for number in slot.numbers)


@pytest.mark.parametrize(
    ("text", "is_may"),
    [("in may", True), ("on 3 may", True), ("may 3", True), ("mid-may", True), ("how long may a mayor speak", False)],
)
def test_may_is_a_month_only_where_a_date_stands(text, is_may):
    assert (months("en")[5].search(text) is not None) == is_may

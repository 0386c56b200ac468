import re
from collections import Counter
from collections.abc import Iterable

import pytest

from knowledge.languages import LANGUAGES, LATIN, LanguageDetector, ProfilesOutdated, base_language
from knowledge.topics import Sample, catalogue, texts_by_language

_FOLDS = 5
_WITHOUT_SPACES = ("ja", "th", "zh", "zh-TW")


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return LanguageDetector.load(digest=catalogue().digest)


def test_profiles_of_another_catalogue_are_refused(tmp_path):
    LanguageDetector.learnt({"de": ["Wann legt das Schiff ab?"]}).save(tmp_path / "languages.npz", "old")

    with pytest.raises(ProfilesOutdated, match="desk calibrate"):
        LanguageDetector.load(tmp_path / "languages.npz", digest="new")


def left_out(fold: int) -> tuple[LanguageDetector, list[Sample]]:
    samples = [sample for sample in catalogue().samples if is_long(sample)]
    learnt = (sample for place, sample in enumerate(samples) if place % _FOLDS != fold)
    return LanguageDetector.learnt(texts_by_language(learnt)), samples[fold::_FOLDS]


def is_long(sample: Sample) -> bool:
    needed = 6 if sample.language in _WITHOUT_SPACES else 3
    found = r"[^\W\d_]" if sample.language in _WITHOUT_SPACES else r"[^\W\d_]+"
    return len(re.findall(found, sample.text)) >= needed


def shares(samples: Iterable[Sample], detector: LanguageDetector, fallback: str) -> dict[str, float]:
    """Return for each language the share of its samples that are detected."""
    asked, right = Counter[str](), Counter[str]()
    for sample in samples:
        asked[sample.language] += 1
        right[sample.language] += detector.detect(sample.text, fallback=fallback) == sample.language
    return {language: right[language] / asked[language] for language in asked}


@pytest.mark.parametrize("fallback", ["en", "pl"])
def test_questions_not_seen_before_are_detected_in_every_language(fallback):
    detector, samples = left_out(0)

    found = shares(samples, detector, fallback)

    assert {language: share for language, share in found.items() if share < 0.97} == {}
    assert set(found) == set(LANGUAGES)


def test_capitals_make_no_difference(detector):
    samples = [sample for sample in catalogue().samples if sample.language in LATIN and "ß" not in sample.text][::40]

    plain = [detector.detect(sample.text) for sample in samples]

    assert [detector.detect(sample.text.upper()) for sample in samples] == plain


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ou est l hotel", "fr"),
        ("wo ist dsa hotl", "de"),
        ("¿A qué hora empieza?", "es"),
        ("quand commence la cérémonie d'ouverture", "fr"),
        ("öğle yemeği nerede", "tr"),
        ("ogle yemegi nerede", "tr"),
        ("gdzie jest hotel", "pl"),
        ("Merci", "fr"),
        ("¿Lema?", "es"),
        ("grazie mille", "it"),
        ("obrigado", "pt"),
        ("Wann?", "de"),
        ("Где гостиница?", "ru"),
        ("WiFi есть?", "ru"),
        ("أين الفندق؟", "ar"),
        ("호텔이 어디예요", "ko"),
        ("ホテルはどこですか", "ja"),
        ("โรงแรมอยู่ที่ไหน", "th"),
        ("酒店在哪里", "zh"),
        ("飯店在哪裡", "zh-TW"),
        ("coffee break几点", "zh"),
        ("What does 友好城市 mean here?", "en"),
        ("What is ありがとう", "ja"),
    ],
)
def test_language_is_detected(detector, text, language):
    assert detector.detect(text) == language


@pytest.mark.parametrize(
    ("text", "fallback"),
    [
        ("WiFi?", "fr"),
        ("WiFi?", "ru"),
        ("visa", "de"),
        ("Programme", "fr"),
        ("ok", "tr"),
        ("7?", "it"),
        ("👍", "ar"),
        ("", "nl"),
        ("会議場所", "ja"),
        ("日程", "ja"),
        ("日程", "zh-TW"),
    ],
)
def test_fallback_speaks_where_text_could_be_in_either(detector, text, fallback):
    assert detector.detect(text, fallback=fallback) == fallback


@pytest.mark.parametrize(
    ("text", "fallback", "language"),
    [
        ("日程", "en", "zh"),
        ("会议地点", "ja", "zh"),
        ("會議地點", "zh", "zh-TW"),
        ("会议地点", "zh-TW", "zh"),
        ("会議場所", "zh", "zh-TW"),
        ("会議場所", "en", "ja"),
        ("駅前", "en", "ja"),
    ],
)
def test_han_characters_tell_chinese_and_japanese_apart(detector, text, fallback, language):
    assert detector.detect(text, fallback=fallback) == language


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("pt-BR", "pt"),
        ("EN_us", "en"),
        ("zh_Hant", "zh-TW"),
        ("zh-HK", "zh-TW"),
        ("zh-CN", "zh"),
        ("sv", None),
        ("", None),
    ],
)
def test_tags_of_platforms_name_a_language_of_the_desk(tag, language):
    assert base_language(tag) == language


@pytest.mark.parametrize(
    ("text", "own"), [("wen is teh wuhan conferense", "en"), ("a q ora es la apertura", "es"), ("wat time", "en")]
)
def test_misspelled_words_are_in_the_language_that_the_person_speaks(text, own, detector):
    assert detector.detect(text, fallback=own) == own


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We nominate Dora Klein", "en"),
        ("We name Eva Klein and Otto von Thal", "en"),
        ("Iscrivi Giulia Bianchi alla crociera", "it"),
        ("Wann beginnt die Nachtfahrt?", "de"),
    ],
)
def test_names_in_a_message_do_not_sway_its_language(detector, text, language):
    assert detector.detect(text) == language


@pytest.mark.parametrize("fallback", ["en", "fr", "zh"])
def test_a_name_and_a_city_are_of_no_language(detector, fallback):
    assert detector.detect("Ben Oduya, Kyiv", fallback=fallback) == fallback

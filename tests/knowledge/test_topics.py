import pytest

from knowledge.languages import LANGUAGES
from knowledge.topics import Catalogue, Kind, Sample, catalogue, texts_by_language

TOPICS = """
event.dates: {kind: fact, about: when}
event.venue: {kind: gap, subject: venue, near: event.dates, about: where}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "topics.yaml").write_text(TOPICS, encoding="utf-8")
    (tmp_path / "samples").mkdir()
    return tmp_path


def test_samples_are_read_with_topic_and_language(folder):
    (folder / "samples" / "fr.txt").write_text("# event.dates\nquand ?\n\n# event.venue\noù ?\n", encoding="utf-8")

    assert Catalogue.load(folder).samples == (
        Sample("event.dates", "fr", "quand ?"),
        Sample("event.venue", "fr", "où ?"),
    )


def test_sample_of_an_unknown_topic_is_refused(folder):
    (folder / "samples" / "en.txt").write_text("# event.dinner\nwhat is for dinner\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"event\.dinner"):
        Catalogue.load(folder)


def test_digest_depends_on_samples_but_not_on_their_order(folder):
    path = folder / "samples" / "en.txt"
    digests = []
    for lines in ("when\nwhat day", "what day\nwhen", "when"):
        path.write_text(f"# event.dates\n{lines}\n", encoding="utf-8")
        digests.append(Catalogue.load(folder).digest)

    assert digests[0] == digests[1] != digests[2]


def test_family_is_the_part_before_the_dot():
    assert catalogue().topics["event.dates"].family == "event"


def test_texts_are_grouped_by_language():
    samples = [Sample("a", "en", "x"), Sample("b", "fr", "y"), Sample("b", "en", "z")]

    assert texts_by_language(samples) == {"en": ["x", "z"], "fr": ["y"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_samples_of_every_topic(language):
    sampled = {sample.topic for sample in catalogue().samples if sample.language == language}

    assert sampled == set(catalogue().topics)


def test_topics_refer_to_topics_that_exist():
    topics = catalogue().topics
    named = {other for topic in topics.values() for other in (*topic.near, *filter(None, [topic.unsaid]))}

    assert named <= set(topics)


def test_every_gap_names_what_is_not_stated():
    gaps = [topic for topic in catalogue().topics.values() if topic.kind is Kind.GAP]

    assert [topic.id for topic in gaps if not topic.subject] == []


def test_evidence_is_found_in_folded_text():
    topic = catalogue().topics["event.award"]

    assert (topic.is_evidenced_by("The AWARDS ceremony"), topic.is_evidenced_by("The opening")) == (True, False)

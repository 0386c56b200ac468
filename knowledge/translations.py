"""Leave out translations of passages that have changed since: they tell what the text no longer says."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from knowledge.names import Names
from knowledge.passages import Passage

# Passage key -> language -> (digest of the translation, digest of the text that it was made for).
Approvals = Mapping[str, Mapping[str, Sequence[str]]]


def approvals(names: Names, passages: Sequence[Passage], before: Approvals) -> Approvals:
    """Return which text each translation in names was made for.

    A translation that is as it was before was made for the same text as before; one that is new, or has been
    changed, was made for the text that the passage has now.
    """
    texts = _texts_by_key(passages)
    return {
        key: {
            language: _approval(translation, texts[key], before.get(key, {}).get(language, ()))
            for language, translation in translations.items()
        }
        for key, translations in names.passages.items()
        if key in texts
    }


def without_outdated(names: Names, passages: Sequence[Passage], approved: Approvals) -> Names:
    """Return names without the translations that were made for another text than the passage has now."""
    texts = _texts_by_key(passages)
    kept = {
        key: {
            language: translation
            for language, translation in translations.items()
            if key not in approved or approved[key][language][1] == _digest(texts[key])
        }
        for key, translations in names.passages.items()
    }
    return replace(names, passages=kept)


def merged(before: Names, given: Names) -> Names:
    """Return the names of before and those given; where both have one, the given one."""
    official = {key: {**before.official.get(key, {}), **by_language} for key, by_language in given.official.items()}
    passages = {key: {**before.passages.get(key, {}), **by_language} for key, by_language in given.passages.items()}
    return Names(
        official={**before.official, **official},
        aliases={**before.aliases, **given.aliases},
        passages={**before.passages, **passages},
    )


def _approval(translation: str, text: str, before: Sequence[str]) -> tuple[str, str]:
    digest = _digest(translation)
    return (digest, before[1]) if before and before[0] == digest else (digest, _digest(text))


def _texts_by_key(passages: Sequence[Passage]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for passage in passages:
        texts[passage.key] = f"{texts.get(passage.key, '')}\n{passage.text}"
    return texts


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]

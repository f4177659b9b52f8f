"""What each step of the preparation is worth: one simple learner, and one thing changed at a time."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC
from underthesea import text_normalize, word_tokenize
from underthesea_core import TextPreprocessor, TfIdfVectorizer

from models.crossval import Split
from models.domain_scores import accepts
from models.learning import Learnable
from models.report.baselines import CHARACTERS, usual

Prepare = Callable[[str], str]
_TIMED = 400


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to prepare a text, and what it is cut into: settings of TF-IDF vectorisers whose columns stand together."""

    name: str
    prepare: Prepare
    cuts: Sequence[Mapping[str, Any]]
    rust: bool = False


@dataclass(frozen=True, slots=True)
class Ablated:
    """Accuracy of the domain on unseen writers, and how many texts a second are prepared, cut and judged."""

    name: str
    domain: float
    texts_per_second: float


def variants() -> list[Variant]:
    """From bare syllables on; `word_tokenize` joins the syllables of a word."""
    rust = TextPreprocessor(negation_words=[])
    return [
        Variant("syllables", usual, [_words(1)]),
        Variant("syllables and pairs", usual, [_words(2)]),
        Variant("syllables, pairs and triples", usual, [_words(3)]),
        Variant("pairs, the same by underthesea_core's vectoriser", usual, [_words(2)], rust=True),
        Variant("pairs, text as it was typed", str.casefold, [_words(2)]),
        Variant("pairs after underthesea's text_normalize", lambda text: usual(text_normalize(text)), [_words(2)]),
        Variant("pairs after underthesea_core's preprocessor", lambda text: str(rust.transform(text)), [_words(2)]),
        Variant("words and pairs by underthesea's word_tokenize", _tokenized, [_words(2)]),
        Variant("characters, 2 to 5", usual, [CHARACTERS]),
        Variant("syllables, pairs and characters", usual, [_words(2), CHARACTERS]),
    ]


def ablate(data: Learnable, splits: Iterable[Split]) -> list[Ablated]:
    """Every variant on the same folds by writer."""
    found = list(splits)
    return [_ablate(variant, data, found) for variant in variants()]


def _ablate(variant: Variant, data: Learnable, splits: Sequence[Split]) -> Ablated:
    texts = [variant.prepare(row.text) for row in data.rows]
    right = count = 0
    for learn, judge in splits:
        guess = _fit(variant, [texts[row] for row in learn], [data.rows[row].domain for row in learn])
        guesses = guess([texts[row] for row in judge])
        right += sum(accepts(data.rows[row], one) for row, one in zip(judge, guesses, strict=True))
        count += len(judge)
    sample = [row.text for row in data.rows[:_TIMED]]
    start = time.perf_counter()
    guess([variant.prepare(text) for text in sample])
    return Ablated(variant.name, right / count, len(sample) / (time.perf_counter() - start))


def _fit(variant: Variant, texts: Sequence[str], domains: Sequence[str]) -> Callable[[Sequence[str]], list[str]]:
    cuts = [_rust(texts, cut) if variant.rust else _sklearn(texts, cut) for cut in variant.cuts]

    def matrix(texts: Sequence[str]) -> csr_matrix:
        return hstack([cut(texts) for cut in cuts]).tocsr()

    machine = LinearSVC(random_state=0).fit(matrix(texts), domains)
    return lambda texts: [str(guess) for guess in machine.predict(matrix(texts))]


def _words(longest: int) -> dict[str, Any]:
    return {"token_pattern": r"\S+", "ngram_range": (1, longest)}


def _tokenized(text: str) -> str:
    return " ".join(word.replace(" ", "_") for word in word_tokenize(usual(text)))


def _sklearn(texts: Sequence[str], cut: Mapping[str, Any]) -> Callable[[Sequence[str]], csr_matrix]:
    return TfidfVectorizer(min_df=2, sublinear_tf=True, lowercase=False, **cut).fit(texts).transform  # type: ignore[no-any-return]


def _rust(texts: Sequence[str], cut: Mapping[str, Any]) -> Callable[[Sequence[str]], csr_matrix]:
    vectoriser = TfIdfVectorizer(
        min_df=2, sublinear_tf=True, lowercase=False, min_token_length=1, ngram_range=cut["ngram_range"]
    )
    vectoriser.fit(list(texts))
    width = len(vectoriser.get_feature_names())

    def matrix(texts: Sequence[str]) -> csr_matrix:
        rows = [vectoriser.transform(text) for text in texts]
        starts = np.cumsum([0, *map(len, rows)])
        pairs = [pair for row in rows for pair in row]
        columns, weights = [column for column, _ in pairs], [weight for _, weight in pairs]
        return csr_matrix((weights, columns, starts), shape=(len(rows), width))

    return matrix

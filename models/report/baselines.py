"""What simpler methods reach on the same rows: each is fitted on all of the corpus and asked for the domain."""

import importlib.util
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from models.corpus_rows import Row
from models.hints import domain_hints
from models.text import read, without_diacritics

Guess = Callable[[Sequence[str]], list[str]]
Fit = Callable[[Sequence[Row]], Guess]
WORDS: Mapping[str, Any] = {"token_pattern": r"\S+", "ngram_range": (1, 2)}
CHARACTERS: Mapping[str, Any] = {"analyzer": "char_wb", "ngram_range": (2, 5)}
_LABEL = "__label__"
_FASTTEXT = {"epoch": 40, "lr": 0.5, "wordNgrams": 2, "dim": 100, "minCount": 2, "thread": 1, "seed": 1, "verbose": 0}


def baselines() -> dict[str, Fit]:
    """By name, those that can be run here: fasttext only where its wheel is installed."""
    found: dict[str, Fit] = {
        "majority": _majority,
        "keyword rules (lexicon alone)": _lexicon,
        "words only, linear SVM": lambda rows: linear(rows, WORDS),
        "characters only, linear SVM": lambda rows: linear(rows, CHARACTERS),
    }
    return found | ({"fasttext supervised": _fasttext} if importlib.util.find_spec("fasttext") else {})


def usual(text: str) -> str:
    """Syllables in their usual spelling, joined by blanks."""
    return read(text).usual


def linear(rows: Sequence[Row], vectoriser: Mapping[str, Any]) -> Guess:
    """TF-IDF of one kind and a linear SVM: no lexicon, no view without diacritics, no second labels."""
    model = make_pipeline(
        TfidfVectorizer(min_df=2, sublinear_tf=True, lowercase=False, **vectoriser), LinearSVC(random_state=0)
    )
    model.fit([usual(row.text) for row in rows], [row.domain for row in rows])
    return lambda texts: [str(guess) for guess in model.predict([usual(text) for text in texts])]


def _majority(rows: Sequence[Row]) -> Guess:
    commonest = _commonest(rows)
    return lambda texts: [commonest for _ in texts]


def _commonest(rows: Sequence[Row]) -> str:
    return Counter(row.domain for row in rows).most_common(1)[0][0]


def _lexicon(rows: Sequence[Row]) -> Guess:
    """The domain with most words of its lexicon in the text; the commonest one where there is none."""
    hints = domain_hints()
    heaviest = max(hint.weight for hint in hints)  # the lexicon's: names of procedures weigh less
    terms = [(f" {usual(hint.text)} ", hint.domain) for hint in hints if hint.weight == heaviest]
    terms += [(without_diacritics(term), domain) for term, domain in terms]
    commonest = _commonest(rows)

    def guess(text: str) -> str:
        padded = f" {usual(text)} "
        found: Counter[str] = Counter()
        for term, domain in terms:
            found[domain] += term.count(" ") * (term in padded)
        domain, count = found.most_common(1)[0]
        return domain if count else commonest

    return lambda texts: [guess(text) for text in texts]


def _fasttext(rows: Sequence[Row]) -> Guess:
    """Joulin et al. 2017, on syllables and pairs of them."""
    import fasttext  # noqa: PLC0415 - not installed everywhere

    with TemporaryDirectory() as folder:
        path = Path(folder, "train.txt")
        path.write_text("\n".join(f"{_LABEL}{row.domain} {usual(row.text)}" for row in rows), encoding="utf-8")
        model = fasttext.train_supervised(str(path), **_FASTTEXT)
    # its own `predict` fails with NumPy 2
    return lambda texts: [
        model.f.predict(f"{usual(text)}\n", 1, 0.0, "strict")[0][1].removeprefix(_LABEL) for text in texts
    ]

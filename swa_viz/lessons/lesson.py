"""What a lesson is: one question, the words around one lab, and what that lab needs.

A lesson knows no host.  The pages of the server and the static pages show the same one.
"""

import inspect
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pkgutil import resolve_name

from swa_viz.answers import LIMITS
from swa_viz.answers.request_plan import RequestPlan
from swa_viz.web.knobs import Knob

# The model that came with the lab.
DEFAULT_MODEL = "tiny-swa"


@dataclass(frozen=True)
class Card:
    """How the first page leads to a lesson: one sentence, and a small picture.

    `picture` is one of the names in `home/pictures.js`.
    """

    sentence: str
    picture: str


@dataclass(frozen=True)
class LightFile:
    """Which knobs a file without the model offers beside the window.

    `whole` are those that it offers over their whole range, so it holds an answer for each value;
    `views` are those that need no answer.
    """

    whole: tuple[str, ...] = ()
    views: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lesson:
    """One question, the lab that answers it, and the words below.

    `name` is that of the folder, of the lab and of the page's address; `title` is the question.
    `lead`, `paragraphs` and `sources` are Markdown, and a paragraph may name facts of the model in
    braces; `formula` is LaTeX, a line per line.  `code` names what "Show me the code" shows, as
    "package.module:function".

    `knobs` are the lesson's controls by their names in the URL.  `requests` plans what the lab asks
    of `model`, for whatever values its knobs have; a lab that asks nothing needs no model.  `extra`
    is further plain data for the lab, and `later` more of it, by name, which a page fetches when a
    visitor first needs it.

    `card` is what the first page shows of it, `static` whether there is a page without a server,
    `light` what a file without the model offers, if there is such a file.  `panel` names the module
    of `swa_viz.ui` that draws what the words stand around; "lab" is the folder's `lab.js` alone.
    `menu` is what a menu calls it, where that is not its name.
    """

    name: str
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    formula: str
    code: tuple[str, ...]
    sources: tuple[str, ...]
    knobs: Mapping[str, Knob]
    card: Card | None = None
    requests: tuple[RequestPlan, ...] = ()
    model: str = DEFAULT_MODEL
    extra: Mapping[str, object] = field(default_factory=dict)
    later: Mapping[str, object] = field(default_factory=dict)
    static: bool = True
    light: LightFile | None = None
    panel: str = "lab"
    menu: str = ""

    @property
    def label(self) -> str:
        """What a menu calls it."""
        return self.menu or self.name.capitalize()

    @property
    def tab_title(self) -> str:
        """What the browser's tab and its history call it."""
        return f"{self.label}: {self.title[0].lower()}{self.title[1:]} · swa_viz"

    def knobs_for(
        self, model: Mapping[str, object], models: Mapping[str, str] | None = None
    ) -> dict[str, Knob]:
        """The knobs with the limits that the model's facts and the length of a text give them.

        `models` says what the models are that this host has, by their names.
        """
        facts = {**LIMITS, **model, "models": models or {}}
        return {name: knob.bounded(facts) for name, knob in self.knobs.items()}

    def about(self, model: str) -> "Lesson":
        """The same lesson about a model of that name.

        It has no examples: what there is to see in them was found with the lesson's own model.  A
        lesson in which nobody chooses a model stays as it is.
        """
        if model == self.model or "model" not in self.knobs:
            return self
        extra = {name: more for name, more in self.extra.items() if name != "examples"}
        return replace(self, model=model, extra=extra)

    def paragraphs_for(self, model: Mapping[str, object]) -> list[str]:
        """The paragraphs with the model's facts in them."""
        return [paragraph.format(**model) for paragraph in self.paragraphs]


def real_code(lesson: Lesson) -> list[tuple[str, str]]:
    """The name and the source of each function shown, read from the running program.

    So the page shows what it ran, and cannot drift from it.  What cannot be imported here, as a
    kernel without numba, does not run here and is left out.
    """
    found = []
    for name in lesson.code:
        with suppress(ImportError):
            found.append((name.replace(":", "."), inspect.getsource(resolve_name(name))))
    return found

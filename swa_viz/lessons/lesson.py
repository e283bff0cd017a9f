"""What a lesson is: the words around one lab, and what that lab needs before it is asked.

A lesson knows no host.  The pages of the server and the static pages show the same one.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Lesson:
    """One question, the lab that answers it, and the words below.

    `name` is that of the file, of the lab and of the page's address.  `lead`, `paragraphs` and
    `sources` are Markdown; `formula` is LaTeX, a line per line.  `code` is what "Show me the code"
    shows.  `first_requests(values, model)` lists what the lab will ask of the model before anybody
    has touched it, where `values` are those of the knobs; a lab without it needs no model.
    `extra` is further plain data for the lab.
    """

    name: str
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    formula: str
    code: tuple[Callable, ...]
    sources: tuple[str, ...]
    first_requests: Callable[[dict, dict], list[dict]] | None = None
    extra: Mapping[str, object] = field(default_factory=dict)


def real_code(lesson: Lesson) -> list[tuple[str, str]]:
    """The name and the source of each function shown, read from the running program.

    So the page shows what it ran, and cannot drift from it.
    """
    return [
        (f"{inspect.getmodule(function).__name__}.{function.__name__}", inspect.getsource(function))
        for function in lesson.code
    ]

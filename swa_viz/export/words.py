"""The words of a lesson as HTML: Markdown, formulas as MathML, code in colours.

Everything here was written by us, and is turned into markup when the files are made.  What a
visitor or a teacher types goes into a page as data only, and never comes here.
"""

from functools import cache
from html import escape

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from swa_viz.lessons.lesson import Lesson, real_code

MARKDOWN = MarkdownIt("commonmark", {"html": False})
BESIDE = 'target="_blank" rel="noopener"'
# The converter takes the arrow for a name and infinity for an operator, and so spaces both wrongly.
MISTAKEN = {"<mi>&#x027FA;</mi>": "<mo>&#x027FA;</mo>", "<mo>&#x0221E;</mo>": "<mi>&#x0221E;</mi>"}


def inline(text: str) -> str:
    """One line of Markdown.  Its links open beside our page, as those of Streamlit do.

    >>> inline("*age* < W in `tiny-swa`")
    '<em>age</em> &lt; W in <code>tiny-swa</code>'
    >>> print(inline("[A paper](https://arxiv.org/abs/1706.03762)"))
    <a target="_blank" rel="noopener" href="https://arxiv.org/abs/1706.03762">A paper</a>
    """
    return MARKDOWN.renderInline(text).replace("<a ", f"<a {BESIDE} ")


def formula(line: str) -> str:
    """One line of LaTeX as MathML, which browsers draw by themselves."""
    mathml = convert(line, display="block")
    for wrong, right in MISTAKEN.items():
        mathml = mathml.replace(wrong, right)
    return mathml


@cache  # a lesson has a page for each model, and all of them show the same functions
def code(name: str, source: str) -> str:
    """The source of one function, with its name above it."""
    coloured = highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))
    caption = f"<code>{escape(name)}</code>, as it runs here"
    return f'<p class="quiet">{caption}</p><pre tabindex="0"><code>{coloured}</code></pre>'


def words(lesson: Lesson, model: dict) -> str:
    """What stands below the picture: short paragraphs, the formula, the code, the sources.

    `model` holds the facts that the paragraphs tell of the model.
    """
    formulas = "".join(
        f'<p class="math">{formula(line)}</p>' for line in lesson.formula.splitlines()
    )
    return "\n".join(
        [
            *(f"<p>{inline(paragraph)}</p>" for paragraph in lesson.paragraphs_for(model)),
            formulas,
            "<details><summary>Show me the code</summary>",
            *(code(name, source) for name, source in real_code(lesson)),
            "</details>",
            "<details><summary>Sources</summary><ul>",
            *(f"<li>{inline(source)}</li>" for source in lesson.sources),
            "</ul></details>",
        ]
    )

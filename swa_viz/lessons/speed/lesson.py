"""Is sliding-window attention really faster?  Time the real kernels here and now."""

from swa_viz.lessons.lesson import Card, Lesson
from swa_viz.web.knobs import ChoiceKnob, NumberKnob


def words(*choices: str) -> dict[str, str]:
    """Choices whose word in the URL is the word on screen."""
    return {word: word for word in choices}


def powers_of_two(*exponents: int) -> dict[str, str]:
    """The same of numbers."""
    return words(*(str(2**exponent) for exponent in exponents))


LESSON = Lesson(
    name="speed",
    title="Is it really faster?",
    lead="Time the real kernels on the server of this page. Each must first give the right result. "
    "If the server is busy, the page says so.",
    paragraphs=(
        "A text of N tokens has about N²/2 pairs of a query and an earlier key. A window keeps at "
        "most W keys for each query, so a long text has about N × W pairs. A text twice as long "
        "then takes twice the work, not four times. Against full attention that is N / (2W) times "
        "fewer pairs, not N / W, because full causal attention reads only half of the square.",
        "Fewer pairs save time only if the kernel **skips** the rest. A mask alone scores every "
        "pair and then throws most of them away. Kernels that skip work in tiles and pay for whole "
        "tiles, so a small window stays further below the line than a large one.",
        "Counting limits a kernel against **itself**: E = 1 means that every pair saved is time "
        "saved. Against another kernel there is no such limit. Ours may be faster than torch's "
        "even without a window, and then both factors multiply; so the light blue line starts from "
        "our own kernel's full attention.",
        "A **training step** also runs backward, with about 2.5 times the work of the forward "
        "pass. Our kernel has no gradients, so the window of a training step is computed by "
        "torch's own attention, cut into blocks. Both times of this comparison are torch's.",
    ),
    formula=r"\mathrm{pairs} = N W - \frac{W (W - 1)}{2} \quad (N \ge W)"
    "\n"
    r"\mathrm{pairs}_{\mathrm{full}} = \frac{N (N + 1)}{2}"
    "\n"
    r"E = \frac{t_{\mathrm{full}}}{t} \Big/ "
    r"\frac{\mathrm{pairs}_{\mathrm{full}}}{\mathrm{pairs}}",
    code=(
        "swa_viz.kernels.band_numba_loop:attend_tile",
        "swa_viz.kernels.band_torch:near_keys",
        "swa_viz.kernels.band_torch:attend_stretch",
    ),
    sources=(
        "Window of 4,096 at 16,384 tokens, about 2 times faster: "
        "[Mistral 7B, arXiv 2310.06825](https://arxiv.org/abs/2310.06825)",
        "Full attention as timed here: [`torch.nn.functional.scaled_dot_product_attention`]"
        "(https://docs.pytorch.org/docs/stable/generated/"
        "torch.nn.functional.scaled_dot_product_attention.html)",
        "How a kernel walks tiles of keys: "
        "[FlashAttention, arXiv 2205.14135](https://arxiv.org/abs/2205.14135)",
    ),
    card=Card("Full attention and the window, timed here and now.", "growth"),
    knobs={
        "preset": ChoiceKnob("How large", "phone-sized", words("phone-sized", "Mistral", "own")),
        "step": ChoiceKnob(
            "What is computed", "forward pass", words("forward pass", "training step")
        ),
        "sweep": ChoiceKnob("Sweep over", "text length", words("text length", "window")),
        "show": ChoiceKnob(
            "The picture shows",
            "times faster",
            words("times faster", "milliseconds", "score pairs", "memory"),
        ),
        "tokens": ChoiceKnob("Longest text N", "4096", powers_of_two(*range(9, 15))),
        "window": ChoiceKnob("Window W", "256", powers_of_two(*range(4, 13))),
        "repeats": NumberKnob("Repeats", 5, 3, 15),
    },
    panel="speed_panel",
    static=False,  # it times the machine that serves the page
)

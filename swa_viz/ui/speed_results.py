"""What a timing found, on the page: a few large numbers, sentences, doubts, and the table.

The one idea: large numbers only where they can be trusted; a busy server is told first.
"""

import re
from collections.abc import Callable

import streamlit as st

from swa_viz.timing.findings import (
    counted_limit,
    crossover,
    efficiency,
    most_telling,
    speed_ups,
    timed,
    trusted,
)
from swa_viz.timing.report import machine
from swa_viz.timing.stored import StoredRun
from swa_viz.timing.sweep import SweepPlan
from swa_viz.timing.timing import Points
from swa_viz.ui.speed_table import as_csv, as_markdown, conditions, rows
from swa_viz.ui.speed_words import busy, doubts, found, from_where, milliseconds, tokens

CARD = 268  # pixels: one below the other beside the picture, and on a phone below it


def times(speed_up: float | None) -> str:
    """A ratio as a large number.

    >>> times(14.23), times(0.5), times(None)
    ('14×', '0.50×', 'not timed')
    """
    if speed_up is None:
        return "not timed"
    return f"{speed_up:.{0 if speed_up >= 10 else 1 if speed_up >= 1 else 2}f}×"


def large_numbers(plan: SweepPlan, points: Points) -> list[tuple[str, str, str]]:
    """Label, number and remark, each of which answers one question."""
    race = plan.race
    size = most_telling(points, race.window, race.rival)
    if size is None or counted_limit(size) == 1:
        return []
    window, full = (timed(points, name)[size].median_ms for name in (race.window, race.rival))
    remark = f"{milliseconds(window)} instead of {milliseconds(full)}"
    numbers = [("Against torch's full attention", times(full / window), remark)]
    parts = efficiency(points, race.window, race.own_full)
    if size in parts:
        like = speed_ups(points, race.window, race.own_full)[size]
        remark = f"of {times(counted_limit(size))} counted, E {parts[size]:.2f}"
        numbers.append(("Like for like, the same kernel", times(like), remark))
    masked = most_telling(points, race.mask, race.rival)
    if masked:
        alone = speed_ups(points, race.mask, race.rival)[masked]
        remark = "it saves nothing" if alone < 1.05 else "it saves some time"
        numbers.append(("A mask alone", times(alone), remark))
    if not plan.over_windows:
        where = crossover(points, race.window, race.rival)
        remark = "every length beyond W" if where and where.always else "where the lines cross"
        shown = tokens(where) if where else "nowhere"
        numbers.append(("Faster than torch from", shown, remark if where else from_where(None)))
    return numbers


def show_answer(plan: SweepPlan, points: Points) -> None:
    """The answer in one sentence and a few large numbers, or that there is none to be trusted."""
    if not points:
        return
    good, disturbance = trusted(points), busy(points)
    sentences = found(plan, good)
    if disturbance:
        st.warning(disturbance)
    if sentences:
        alone = " Only points that were not disturbed count here." if disturbance else ""
        st.info(f"{sentences[0]}{alone}")
    elif not disturbance:
        st.info("No window kernel could be timed.")


def show_stored(plan: SweepPlan, stored: StoredRun) -> None:
    """The answer of a run that was not timed here, with the machine on which it was."""
    st.info(
        f"**Not timed on this server yet.** A stored run ({plain(stored.machine)}) shows: "
        + "".join(found(plan, trusted(stored.points))[:1])
    )


def show_large_numbers(plan: SweepPlan, points: Points) -> None:
    """A few large numbers, from points that can be trusted."""
    with st.container(horizontal=True):
        for label, number, remark in large_numbers(plan, trusted(points)):
            look = {"delta_color": "off", "delta_arrow": "off", "border": True, "width": CARD}
            st.metric(label, number, remark, **look)


def show_reasons(plan: SweepPlan, points: Points) -> None:
    """What stands behind the answer, and what against it."""
    if not points:
        return
    against = doubts(plan.race, points)
    missing = len(plan.sizes) - len({point.size for point in points})
    if missing:
        against.append(f"Stopped before the last {missing} of {len(plan.sizes)} sizes.")
    st.markdown("\n".join(f"- {sentence}" for sentence in found(plan, trusted(points))[1:]))
    if against:
        st.warning(" ".join(against))


def plain(text: str) -> str:
    """Text of another maker's, such as a processor's name, that Markdown shall not read."""
    return re.sub(r"([^\w\s,;.])", r"\\\1", text)


def show_machine(plan: SweepPlan) -> None:
    """What is timed, and on what."""
    here = plain(machine(plan.race.device))
    st.markdown(
        f"Here: {here}. {conditions(plan)}. Points are medians; the first call of each kernel is "
        "checked, not timed. A round beside which the server was busy is done again."
    )


def show_table(plan: SweepPlan, points: Points, page: Callable[[], str]) -> None:
    """All points as a table, and the same to take along; `page` makes the picture's own page."""
    if not points:
        return
    alt = "All times, as drawn above"
    st.dataframe(rows(plan, points), hide_index=True, placeholder="", alt=alt)
    texts = {
        "Markdown": (
            as_markdown(plan, points, found(plan, trusted(points))),
            "md",
            "text/markdown",
        ),
        "CSV": (as_csv(plan, points), "csv", "text/csv"),
    }
    with st.container(horizontal=True):
        for name, (text, ending, mime) in texts.items():
            file = {"file_name": f"swa_viz_speed.{ending}", "mime": mime}
            st.download_button(f"Download {name}", text, on_click="ignore", **file)
        file = {"file_name": "swa_viz_speed.html", "mime": "text/html"}
        st.download_button("Download HTML", page, on_click="ignore", **file)
    with st.expander("Copy the table"):
        for name, (text, _, _) in texts.items():
            st.caption(f"{name}; the button in the corner copies it")
            st.code(text, language=None, height=160)

"""A pattern with one more key before all others, which every query reads: see `sink_logit.py`."""

from dataclasses import dataclass

from swa_viz.patterns import KeyRange, Pattern


@dataclass(frozen=True)
class BehindSink(Pattern):
    """The rule of `pattern`, one place further on: the key at place 0 is read by everybody."""

    pattern: Pattern

    def visible(self, query_pos, key_pos):
        return (key_pos == 0) | ((key_pos > 0) & self.pattern.visible(query_pos - 1, key_pos - 1))

    def key_ranges(self, query_pos, kv_len):
        inner = self.pattern.key_ranges(query_pos - 1, kv_len - 1)
        moved = (KeyRange(start + 1, stop + 1, step) for start, stop, step in inner)
        return (KeyRange(0 * query_pos, 0 * query_pos + 1), *moved)

    @property
    def span(self):
        return self.pattern.span

    @property
    def n_pinned(self):
        return self.pattern.n_pinned + 1

    @property
    def period(self):
        return self.pattern.period

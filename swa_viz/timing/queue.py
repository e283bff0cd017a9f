"""Who times next: two timings at once would measure each other."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class TimingQueue:
    """One timing at a time, first come, first served.

    A ticket is a place in a list, and leaves the list with its `with` block, whatever ends that:
    a visitor who closes the page holds nobody up.
    """

    def __init__(self):
        self._tickets: list[object] = []
        self._lock = threading.Lock()

    @contextmanager
    def ticket(self) -> Iterator[Callable[[], int]]:
        """Queue up; gives a function that tells how many are still before this ticket."""
        ticket = object()
        with self._lock:
            self._tickets.append(ticket)
        try:
            yield lambda: self._tickets.index(ticket)
        finally:
            with self._lock:
                self._tickets.remove(ticket)


QUEUE = TimingQueue()

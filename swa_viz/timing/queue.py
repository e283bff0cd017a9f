"""Whose turn it is: first come, first served, and a place in the queue is given back by leaving."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial


class QueueFull(RuntimeError):
    """Nobody may queue up now: too many do already."""


class Queue:
    """One at a time, in the order in which they came.

    A ticket is a place in a list, and leaves the list with its `with` block, whatever ends that:
    a visitor who closes the page holds nobody up.
    """

    def __init__(self, at_most: int | None = None):
        self._at_most = at_most
        self._tickets: list[threading.Event] = []  # set when its turn has come
        self._lock = threading.Lock()

    @contextmanager
    def ticket(self) -> Iterator[Callable[..., int]]:
        """Queue up; gives a function `before(wait_s)` that tells how many are before this ticket.

        If somebody is, it waits for its turn first, so long.  Raises QueueFull if `at_most` tickets
        are out.
        """
        ticket = threading.Event()
        with self._lock:
            if self._at_most is not None and len(self._tickets) >= self._at_most:
                raise QueueFull(f"{self._at_most} others are waiting: try again in a minute")
            self._tickets.append(ticket)
            self._tickets[0].set()
        try:
            yield partial(self._before, ticket)
        finally:
            with self._lock:
                self._tickets.remove(ticket)
                if self._tickets:
                    self._tickets[0].set()

    def _before(self, ticket: threading.Event, wait_s: float = 0.0) -> int:
        ticket.wait(wait_s)
        with self._lock:
            return self._tickets.index(ticket)


# Two timings at once would measure each other.
TIMINGS = Queue()

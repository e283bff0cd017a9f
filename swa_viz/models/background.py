"""A model that is fetched while a server goes on: begun by somebody, and seen by everybody."""

import threading
from contextlib import closing

from swa_viz.models.fetching import Progress, fetch
from swa_viz.models.table import ModelEntry


class BackgroundFetch:
    """The fetch of one model in a thread of its own; at most one runs at a time.

    `progress` is None while none runs, and `failure` is the sentence with which the last one ended
    badly, or "".
    """

    def __init__(self, entry: ModelEntry):
        self.entry = entry
        self.progress: Progress | None = None
        self.failure = ""
        self._stop = threading.Event()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin, unless it has begun already."""
        with self._lock:
            if self.progress is not None:
                return
            self.progress, self.failure = Progress("beginning", 0.0), ""
            self._stop.clear()
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """End it soon; nothing half done stays."""
        self._stop.set()

    def _run(self) -> None:
        try:
            with closing(fetch(self.entry)) as steps:
                for progress in steps:
                    self.progress = progress
                    if self._stop.is_set():
                        break
        except (OSError, ValueError) as error:
            self.failure = str(error)
        finally:
            self.progress = None

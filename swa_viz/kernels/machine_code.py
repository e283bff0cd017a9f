"""Is there machine code, or why is there none?  Made, or read from the disk, when first asked for.

The one idea: whatever goes wrong with a compiler (it is missing, switched off, or has no folder to
keep its results in) is a reason to refuse, so that another kernel can compute.
"""

import logging
import os
import threading
from collections.abc import Callable

from swa_viz.kernels.threads import PROCESSOR

LOG = logging.getLogger(__name__)


class MachineCode:
    """Compiled loops.  `run_once` compiles them by using them; `forget_disk` keeps none of it."""

    def __init__(self, run_once: Callable[[], object], forget_disk: Callable[[], None]):
        self.run_once, self.forget_disk = run_once, forget_disk
        self.asked, self.problem, self.maker = False, None, None
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.begin_as_child)

    def missing(self) -> str | None:
        """The reason why there is none, or None: it is ready.  The first call takes seconds."""
        if not self.asked:
            with PROCESSOR:
                if not self.asked:
                    self.maker = threading.get_ident()
                    self.problem = self.make()
                    self.asked, self.maker = True, None
        return self.problem

    def make(self) -> str | None:
        """Compile, and return what went wrong."""
        try:
            import numba

            if numba.config.DISABLE_JIT:
                return "numba's compiler is switched off (NUMBA_DISABLE_JIT)"
            try:
                self.run_once()
            except OSError as error:  # the disk is full, say: the code itself may be fine
                LOG.warning("machine code cannot be kept on the disk (%s), so it is not", error)
                self.forget_disk()
                self.run_once()
        except Exception as error:
            LOG.warning("no machine code can be made here", exc_info=True)
            return f"its machine code could not be made here: {type(error).__name__}: {error}"
        return None

    def begin_as_child(self) -> None:
        """A forked process cannot finish what another thread was compiling."""
        if self.maker not in (None, threading.get_ident()):
            self.asked, self.maker = True, None
            self.problem = "the process was forked while its machine code was being made"

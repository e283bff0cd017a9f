"""Tickets: threads share jobs by drawing the next number, as people do who wait for a counter.

The one idea: a thread that is done draws again.  Cut into equal halves beforehand, the work would
last as long as the slower thread needs, and cores are seldom equally fast: some are built smaller,
and others have something else to do.
"""

from llvmlite import ir
from numba import types
from numba.core.extending import intrinsic
from numba.np.arrayobj import make_array


@intrinsic
def draw(typing, tickets):
    """The number in `tickets` [1] of int64; who draws next, on any thread, gets the next one."""

    def generate(context, builder, signature, args):
        drawn = make_array(signature.args[0])(context, builder, args[0]).data
        return builder.atomic_rmw("add", drawn, ir.Constant(ir.IntType(64), 1), "monotonic")

    return types.int64(tickets), generate

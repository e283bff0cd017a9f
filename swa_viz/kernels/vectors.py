"""Vectors of float32 for compiled loops: one name, one machine instruction.

numba compiles loops over numbers and leaves it to the compiler to find vectors in them.  That works
for simple loops, but not for a product whose sums must stay in registers.  Here a value may be a
whole vector: `fma(spread(x), load(row, 0), sums)` multiplies LANES numbers by x and adds them to
LANES sums.  What the processor lacks in width, the compiler makes of several instructions.

numba's cache does not see a change of this file: after one, delete `__pycache__`.
"""

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.registry import cpu_target
from numba.extending import intrinsic, models, register_model
from numpy.polynomial import Chebyshev, Polynomial

WIDTHS = {"+avx512f": 16, "+avx2": 8}


def lanes_of(features: str) -> int:
    """Numbers in a vector register of a processor with these features; 4 if nothing is known.

    >>> lanes_of("+avx,+avx2,+avx512f"), lanes_of("+avx,+avx2,-avx512f"), lanes_of("+neon")
    (16, 8, 4)
    """
    known = features.split(",")
    return next((width for name, width in WIDTHS.items() if name in known), 4)


# What numba compiles for: this processor, or the one that NUMBA_CPU_FEATURES names.
*_, FEATURES = cpu_target.target_context.codegen().magic_tuple()
LANES = lanes_of(FEATURES)
FLOATS = ir.VectorType(ir.FloatType(), LANES)
WHOLES = ir.VectorType(ir.IntType(32), LANES)
SCALAR = ir.IntType(32)
NOTHING = ir.Constant(FLOATS, ir.Undefined)


def climb(x: np.ndarray) -> np.ndarray:
    """(2^x - 1) / x, and its limit log 2 at 0."""
    x = x + 1e-30  # moves nothing but 0
    return np.expm1(np.log(2) * x) / x


# 2^x for x <= 0: split x into a whole number, which is the exponent of the float, and a fraction
# of at most 1/2, for which a polynomial of degree 5 is exact to a float32.  It is 1 + x climb(x),
# so 2^0 is exactly 1: totals are multiplied by it once per tile, and would fade over a long text.
CLIMB = Chebyshev.interpolate(climb, 4, domain=[-0.5, 0.5]).convert(kind=Polynomial)
FRACTION = (1.0, *CLIMB.coef)
ROUND = 1.5 * 2**23  # adding it leaves no bits below one: rounds, and the low bits are the number
LOWEST = -126.0  # the exponent of the smallest normal float32


class Vector(types.Type):
    """The type of a vector in compiled code."""

    def __init__(self):
        super().__init__(name=f"float32x{LANES}")


VECTOR = Vector()


@register_model(Vector)
class VectorModel(models.PrimitiveModel):
    """A vector is one value of the machine, not a structure."""

    def __init__(self, manager, kind):
        super().__init__(manager, kind, FLOATS)


def same(number) -> ir.Constant:
    """A constant vector."""
    return ir.Constant(FLOATS, [float(number)] * LANES)


def splat(builder, number):
    """A number in every lane."""
    first = builder.insert_element(NOTHING, number, ir.Constant(SCALAR, 0))
    return builder.shuffle_vector(first, NOTHING, ir.Constant(WHOLES, [0] * LANES))


def place(context, builder, array_type, array, index):
    """The address of `array[index]` as that of a vector."""
    data = context.make_array(array_type)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [index]), FLOATS.as_pointer())


def fused(builder, a, b, c):
    """The call of a * b + c, in one instruction where the processor has it."""
    kind = ir.FunctionType(FLOATS, [FLOATS] * 3)
    name = f"llvm.fmuladd.v{LANES}f32"
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), [a, b, c])


@intrinsic
def load(typing, array, index):
    """LANES numbers of a one-dimensional array, from `index` on."""

    def generate(context, builder, signature, args):
        vector = builder.load(place(context, builder, signature.args[0], *args))
        vector.align = 4
        return vector

    return VECTOR(array, types.intp), generate


@intrinsic
def store(typing, array, index, vector):
    """Write a vector to a one-dimensional array, from `index` on."""

    def generate(context, builder, signature, args):
        done = builder.store(args[2], place(context, builder, signature.args[0], *args[:2]))
        done.align = 4
        return context.get_dummy_value()

    return types.void(array, types.intp, VECTOR), generate


@intrinsic
def spread(typing, number):
    """One number in every lane."""
    return VECTOR(types.float32), lambda context, builder, signature, args: splat(builder, *args)


@intrinsic
def fma(typing, a, b, c):
    """The sum of a * b and c."""
    return VECTOR(a, b, c), lambda context, builder, signature, args: fused(builder, *args)


@intrinsic
def add(typing, a, b):
    """The sum."""
    return VECTOR(a, b), lambda context, builder, signature, args: builder.fadd(*args)


@intrinsic
def subtract(typing, a, b):
    """The difference."""
    return VECTOR(a, b), lambda context, builder, signature, args: builder.fsub(*args)


@intrinsic
def multiply(typing, a, b):
    """The product."""
    return VECTOR(a, b), lambda context, builder, signature, args: builder.fmul(*args)


@intrinsic
def larger(typing, a, b):
    """The larger of a and b; b where either is no number."""

    def generate(context, builder, signature, args):
        return builder.select(builder.fcmp_ordered(">", *args), *args)

    return VECTOR(a, b), generate


@intrinsic
def within(typing, column, first, last, inside, outside):
    """`inside` in the lanes where first <= column < last, else `outside`."""

    def generate(context, builder, signature, args):
        column, first, last, inside, outside = args
        column = splat(builder, column)
        begun = builder.fcmp_ordered(">=", column, first)
        open_ = builder.fcmp_ordered("<", column, last)
        return builder.select(builder.and_(begun, open_), inside, outside)

    return VECTOR(types.float32, *[VECTOR] * 4), generate


def exchanged(builder, a, b, half):
    """Two rows after one step of a transposition: their blocks of `half` lanes crosswise."""
    upper = [lane & half for lane in range(LANES)]
    first = [LANES + lane - half if up else lane for lane, up in enumerate(upper)]
    second = [LANES + lane if up else lane + half for lane, up in enumerate(upper)]
    return [builder.shuffle_vector(a, b, ir.Constant(WHOLES, lanes)) for lanes in (first, second)]


@intrinsic
def transpose(typing, source, start, stride, target, first, pitch):
    """Turn a block of LANES x LANES numbers: row i of the source is column i of the target.

    Row i begins at `start + i * stride` in the source, at `first + i * pitch` in the target.
    """

    def generate(context, builder, signature, args):
        source, start, stride, target, first, pitch = args
        from_type, *_, to_type, _, _ = signature.args

        def address(kind, array, begin, step, row):
            offset = builder.mul(step, ir.Constant(step.type, row))
            return place(context, builder, kind, array, builder.add(begin, offset))

        rows = []
        for row in range(LANES):
            rows.append(builder.load(address(from_type, source, start, stride, row)))
            rows[-1].align = 4
        half = LANES // 2
        while half:
            for i in (i for i in range(LANES) if not i & half):
                rows[i], rows[i + half] = exchanged(builder, rows[i], rows[i + half], half)
            half //= 2
        for row in range(LANES):
            builder.store(rows[row], address(to_type, target, first, pitch, row)).align = 4
        return context.get_dummy_value()

    places = [types.intp] * 2
    return types.void(source, *places, target, *places), generate


@intrinsic
def power_of_two(typing, x):
    """2^x for x <= 0, exactly 0 below 2^-126; what is no number stays none."""

    def generate(context, builder, signature, args):
        kept = builder.fcmp_unordered(">=", args[0], same(LOWEST))
        x = builder.select(kept, args[0], same(LOWEST))
        shifted = builder.fadd(x, same(ROUND))
        fraction = builder.fsub(x, builder.fsub(shifted, same(ROUND)))
        *lower, power = (same(c) for c in FRACTION)
        for coefficient in reversed(lower):
            power = fused(builder, power, fraction, coefficient)
        exponent = builder.shl(builder.bitcast(shifted, WHOLES), ir.Constant(WHOLES, [23] * LANES))
        exponent = builder.add(exponent, ir.Constant(WHOLES, [127 << 23] * LANES))
        power = builder.fmul(power, builder.bitcast(exponent, FLOATS))
        return builder.select(kept, power, same(0))

    return VECTOR(x), generate

"""Timing: how long real kernels take, here and now, each with its result checked first.

To read it: a contender is what is timed, check says whether it is right, turns and yardstick how
one call is timed, race times everyone at one shape, sweep at several, findings says what follows.
"""

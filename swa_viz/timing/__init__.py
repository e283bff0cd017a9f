"""Timing: how long real kernels take, here and now, each with its result checked first."""

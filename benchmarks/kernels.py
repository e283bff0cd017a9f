"""Time our kernels against everyone else's, with one command, and write down what was found.

    make bench                                    everyone who can be installed; long
    python -m benchmarks.kernels --quick          a first look, some minutes
    python -m benchmarks.kernels --only targets linear --contenders band_numba sdpa_full

Leave the machine alone while it runs: the report says so if it was busy.
"""

import argparse
import logging
import sys
import warnings
from pathlib import Path

from benchmarks import machine, report
from benchmarks.contenders import CONTENDERS
from benchmarks.races import FULL_EFFORT, QUICK_EFFORT, Run
from benchmarks.suites import SUITES
from swa_viz.kernels.threads import set_threads


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="few rounds, nothing beyond 4,096")
    parser.add_argument("--only", nargs="+", choices=SUITES, default=list(SUITES), help="suites")
    parser.add_argument("--contenders", nargs="+", choices=CONTENDERS, default=list(CONTENDERS))
    parser.add_argument("--threads", type=int, help="as many as there are cores, if left out")
    parser.add_argument("--out", type=Path, default=Path("build/bench"))
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> None:
    """Run the suites one after another, and write the report after each of them."""
    given = options(arguments)
    try:
        set_threads(given.threads)
    except ValueError as error:
        sys.exit(str(error))
    warnings.filterwarnings("ignore", module="torch")  # FlexAttention regrets that NATTEN is slow
    logging.getLogger("natten").setLevel(logging.ERROR)
    effort = QUICK_EFFORT if given.quick else FULL_EFFORT
    chosen = [CONTENDERS[name] for name in given.contenders]
    run = Run(chosen, effort, given.quick, lambda line: print(line, file=sys.stderr))
    about, sections = machine.describe(), []
    here = machine.describe_contenders()
    for name in given.only:
        sections.append(SUITES[name](run))
        files = report.write(given.out, about, here, sections)
    print("\n".join(map(str, files)))


if __name__ == "__main__":
    main()

"""Medians, ratios and how they are printed."""

import os
from statistics import median, quantiles


class Comparison:
    """The same work on two databases (or in two ways): lists of costs, base first, in the order measured."""

    def __init__(self, base, other):
        self.base, self.other = base, other

    @property
    def count(self):
        return len(self.base)

    @property
    def ratio(self):
        """The median of the pairs, each measured one right after the other: a busy moment slows both."""
        pairs = zip(self.base, self.other, strict=True)
        return median(other["seconds"] / base["seconds"] for base, other in pairs)

    @property
    def cpu_ratio(self):
        """Of the sums: the clock of other processes ticks in hundredths of a second only."""
        return _total(self.other, "cpu") / _total(self.base, "cpu")

    @property
    def extra_queries(self):
        return _median(self.other, "queries") - _median(self.base, "queries")

    def cells(self):
        return [
            *(f"{1000 * _median(costs, 'seconds'):.1f}" for costs in (self.base, self.other)),
            f"{self.ratio:.3f}",
            f"{self.cpu_ratio:.3f}",
            *(f"{100 * spread(costs):.0f}" for costs in (self.base, self.other)),
            *(f"{_median(costs, 'queries'):g}" for costs in (self.base, self.other)),
            f"{self.extra_queries:+g}",
            str(self.count),
        ]


HEAD = ["", "without ms", "with ms", "ratio", "CPU ratio", "spread %", "spread %", "queries", "queries", "more", "n"]


def machine():
    """How busy the machine is: on a busy one wall time is noise, and the CPU ratio tells more."""
    load, processors = os.getloadavg()[0], os.cpu_count()
    warning = ": too busy to trust wall time" if load > processors else ""
    return f"load {load:.1f} on {processors} processors{warning}"


def spread(costs):
    """Half of the samples lie within this share of the median."""
    values = [cost["seconds"] for cost in costs]
    if len(values) < 2:
        return 0.0
    lower, middle, upper = quantiles(values, n=4)
    return (upper - lower) / middle


def table(rows, head=HEAD):
    lines = [head, *([name, *comparison.cells()] for name, comparison in rows)]
    first, *widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join([name.ljust(first), *(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))])
        for name, *cells in lines
    )


def verdict(name, value, limit, form):
    """One line: the figure, its target, and whether it is met."""
    result = "PASS" if value <= limit else "FAIL"
    print(f"target {result}: {name}: {value:{form}} (at most {limit:{form}})")


def _median(costs, name):
    return median(cost[name] for cost in costs)


def _total(costs, name):
    return sum(cost[name] for cost in costs)

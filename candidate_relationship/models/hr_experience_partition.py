"""How answers become blocks: groups that are large enough, of which each answer is in exactly one.

Plain Python on counts of answers by facts: nothing here knows an answer.
"""

from collections import defaultdict, namedtuple

# In this order: what is asked for most is told apart first.
DIMENSIONS = ('department_id', 'outcome', 'stage_group', 'family_id')

# answers that have the same facts; month: first day; facts: in the order of DIMENSIONS, None is unknown
Cell = namedtuple('Cell', ['month', 'facts', 'count', 'promoters', 'detractors'], defaults=(0, 0))
# facts: None is several, or unknown
Block = namedtuple('Block', ['month', 'facts', 'cells'])


def make_blocks(cells, threshold, period=1, may_wait=False):
    """Blocks of at least threshold answers; none where there are fewer in all.

    :param cells: list of ``Cell``, no two with the same month and facts
    :param period: how many months are not told apart: 1, or 3 for the quarters of the year
    :param may_wait: whether departments that are too few together are left out, instead of joining a large one
    :rtype: list of ``Block``
    """
    if _count(cells) < threshold:
        return []
    return [
        Block(month, facts, block)
        for month, group in _join_months(cells, threshold, period)
        for facts, block in _split(group, threshold, may_wait=may_wait)
    ]


def _join_months(cells, threshold, period):
    """A period with too few goes with the next one, the last one with the one before; their last month names them.

    :rtype: list of (month, cells)
    """
    by_period = defaultdict(list)
    for cell in cells:
        by_period[cell.month.year, (cell.month.month - 1) // period].append(cell)
    groups, waiting = [], []
    for key in sorted(by_period):
        waiting = waiting + by_period[key]
        if _count(waiting) >= threshold:
            groups.append(waiting)
            waiting = []
    if waiting:
        groups.append(groups.pop() + waiting)
    return [(max(cell.month for cell in group), group) for group in groups]


def _split(cells, threshold, facts=(), may_wait=False):
    """What is large enough stands by itself, the rest is pooled, and takes in the smallest if it is too small.

    :rtype: list of (facts, cells)
    """
    place = len(facts)
    if place == len(DIMENSIONS):
        return [(facts, cells)]
    standing, pool = _group(cells, place, threshold)
    if _count(pool) < threshold and may_wait:
        pool = []
    if pool and _count(pool) < threshold:
        smallest = min(standing, key=lambda value: (_count(standing[value]), str(value)))
        pool = pool + standing.pop(smallest)
    blocks = [block for value, group in standing.items() for block in _split(group, threshold, (*facts, value))]
    return blocks + (_split(pool, threshold, (*facts, None)) if pool else [])


def _group(cells, place, threshold):
    """:return: cells by value, those that are large enough; and the others"""
    groups, pool = defaultdict(list), []
    for cell in cells:
        groups[cell.facts[place]].append(cell)
    for value in [value for value, group in groups.items() if value is None or _count(group) < threshold]:
        pool += groups.pop(value)
    return groups, pool


def find_block(blocks, month, facts):
    """Where somebody who was asked belongs: as deep as the blocks go, and in one of them in any case.

    :param blocks: list of ``Block``, not empty
    """
    later = [block for block in blocks if block.month >= month] or blocks
    edge = min if later is not blocks else max
    month = edge(block.month for block in later)
    found = [block for block in blocks if block.month == month]
    for place, value in enumerate(facts):
        same = [block for block in found if value is not None and block.facts[place] == value]
        found = same or [block for block in found if block.facts[place] is None] or found
    return found[0]


def _count(cells):
    return sum(cell.count for cell in cells)

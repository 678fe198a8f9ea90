"""Which figures of groups would give a municipality away, alone or by their difference with another group.

Somebody who sees the mean of twelve municipalities and that of eleven of them knows the twelfth. So figures are shown
of a group only when what is hidden from the reader in it counts at least `FEWEST` values, and differs from what is
hidden in every other group they may see by none or by at least as many.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

# Fewer values than this outside one's own circle are not summed up: one could work out whose they are.
FEWEST = 5
# So many hidden members may weigh the same before the weighted mean is withheld.
MOST_EVEN = 2


def too_few(values: Floats, *, inside: Bools) -> Bools:
    """Say per year whether a group has too few values, some of them from outside the reader's own circle.

    Args:
        values: M × Y values of the members, NaN for the others and the missing.
        inside: M, whether a municipality is in the reader's own circle.
    """
    import numpy as np

    known = ~np.isnan(values)
    outsiders = (known & ~inside[:, None]).any(axis=0)
    return np.asarray(outsiders & (known.sum(axis=0) < FEWEST))


def accepted(views: Sequence[Bools], perspectives: Sequence[Bools], *, already: Sequence[Bools] = ()) -> list[Bools]:
    """Say per view and year whether it may be shown beside those that came before it.

    The order decides: an earlier view stays, a later one that differs too little from it goes. It is the same for
    everybody and at every moment, so asking again in another order brings nothing.

    Args:
        views: V sets of values, M × Y each: those that go into the figures of a group.
        perspectives: P sets, M × Y each: the known values that somebody may not see by name. A view must be safe for
            each of them, because who sees it may be any of them.
        already: for the first views, whether they are shown (Y each); only the others are decided.

    Returns:
        V × Y truth values.
    """
    import numpy as np

    if not views:
        return []
    stack = np.stack(list(views)).transpose(2, 0, 1)  # Y × V × M
    years, count = stack.shape[:2]
    safe: Bools = np.full((years, count), True)
    clash: Bools = np.full((years, count, count), False)
    for perspective in perspectives:
        hidden = np.flatnonzero(perspective.any(axis=1))
        unseen = (stack[:, :, hidden] & perspective.T[:, None, hidden]).astype(np.float32)
        sizes = unseen.sum(axis=2)
        apart = sizes[:, :, None] + sizes[:, None, :] - 2 * (unseen @ unseen.transpose(0, 2, 1))
        safe = safe & _enough(sizes)
        clash = clash | ~_enough(apart)
    shown: Bools = np.full((years, count), False)
    for at in range(count):
        beside = (clash[:, at, :at] & shown[:, :at]).any(axis=1)
        shown[:, at] = already[at] if at < len(already) else safe[:, at] & ~beside
    return list(shown.T)


def _enough(counts: NDArray[np.float32]) -> Bools:
    import numpy as np

    return np.asarray((counts == 0) | (counts >= FEWEST))


def even_weights(hidden: Bools, weights: Floats) -> Bools:
    """Say per year whether a weighted mean could give away one hidden value, beside the plain one.

    The difference of the two means is a sum in which those of one particular weight have no part. When more than two
    of the hidden weigh the same, that could leave one; with at most two it leaves several, also between two groups.

    Args:
        hidden: M × Y, the values of the group that the reader may not see.
        weights: M × Y inhabitants, NaN where unknown.
    """
    import numpy as np

    found = np.zeros(hidden.shape[1], dtype=bool)
    for at in np.flatnonzero(hidden.any(axis=0)):
        found[at] = np.unique(weights[hidden[:, at], at], return_counts=True)[1].max() > MOST_EVEN
    return found

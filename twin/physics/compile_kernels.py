"""How the kernels of this room are compiled.

They make no arrays, they only look into those that they get; so Numba need not count who holds which. Without
`_nrt=False` it counts at every look into a tuple of arrays, with atomic instructions, and transport takes five times as
long. The option is Numba's own but not of its manual; without it everything works the same, slower.
"""

from twin import compiled

compiled.prepare()

from typing import Any

import numba as nb


def _options() -> dict[str, Any]:
    """Division as in NumPy, a cache, and no counting of references where Numba can do without."""
    options: dict[str, Any] = {"error_model": "numpy", "cache": True}
    try:
        nb.njit(**(options | {"_nrt": False}))
    except KeyError:  # a Numba that no longer has the option
        return options
    return options | {"_nrt": False}


#: A function that a kernel calls: it becomes part of the caller.
inlined = nb.njit(forceinline=True, **_options())
#: A function that kernels call and that stays one, because it is long.
called = nb.njit(**_options())
#: A function that Python calls, beside other threads.
kernel = nb.njit(nogil=True, **_options())

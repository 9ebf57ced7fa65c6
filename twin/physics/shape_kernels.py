"""Compiled: where a straight line meets a box, an elliptic cylinder along z, an ellipsoid. Metres.

A body is a shape, its centre and its three half widths; positions are relative to the centre.
"""

import math

from twin.physics.compile_kernels import inlined

BOX, CYLINDER, ELLIPSOID = 0, 1, 2


@inlined
def contains(bodies, body, x, y, z):
    """Whether a point is inside a body."""
    a = (x - bodies.centre_m[body, 0]) * bodies.per_half_m[body, 0]
    b = (y - bodies.centre_m[body, 1]) * bodies.per_half_m[body, 1]
    c = (z - bodies.centre_m[body, 2]) * bodies.per_half_m[body, 2]
    if bodies.shape[body] == BOX:
        return abs(a) <= 1.0 and abs(b) <= 1.0 and abs(c) <= 1.0
    if bodies.shape[body] == CYLINDER:
        return abs(c) <= 1.0 and a * a + b * b <= 1.0
    return a * a + b * b + c * c <= 1.0


@inlined
def crossing(bodies, body, x, y, z, u, v, w):
    """Distances along a line at which it enters and leaves a body; leaving before entering means that it misses."""
    i, j, k = bodies.per_half_m[body, 0], bodies.per_half_m[body, 1], bodies.per_half_m[body, 2]
    a, b, c = u * i, v * j, w * k
    x = (x - bodies.centre_m[body, 0]) * i
    y = (y - bodies.centre_m[body, 1]) * j
    z = (z - bodies.centre_m[body, 2]) * k
    if bodies.shape[body] == ELLIPSOID:
        return _round(x * x + y * y + z * z, x * a + y * b + z * c, a * a + b * b + c * c)
    bottom, top = _between(z, c)
    if bodies.shape[body] == CYLINDER:
        near, far = _round(x * x + y * y, x * a + y * b, a * a + b * b)
        return max(near, bottom), min(far, top)
    near0, far0 = _between(x, a)
    near1, far1 = _between(y, b)
    return max(near0, near1, bottom), min(far0, far1, top)


@inlined
def _between(at, along):
    """Where at + t along is between -1 and 1."""
    if along == 0.0:
        return (-math.inf, math.inf) if abs(at) <= 1.0 else (math.inf, -math.inf)
    one, other = (-1.0 - at) / along, (1.0 - at) / along
    return min(one, other), max(one, other)


@inlined
def _round(square, product, along):
    """Where |position + t direction| is below 1, from the three scalar products of the two."""
    if along == 0.0:
        return (-math.inf, math.inf) if square <= 1.0 else (math.inf, -math.inf)
    root2 = product * product - along * (square - 1.0)
    if root2 < 0.0:
        return math.inf, -math.inf
    root = math.sqrt(root2)
    return (-product - root) / along, (root - product) / along

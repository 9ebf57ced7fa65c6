"""``twin physics``: single questions of physics, one module a command."""

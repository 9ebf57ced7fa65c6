"""The process that plays runs: one order as a JSON line in, lines of progress and one answer out.

It ends when its input does, so that no worker outlives its server. Nothing that goes wrong in a run ends it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import IO, Any, TypeAlias

from dashboard.jobs import answers

Tell: TypeAlias = Callable[[Mapping[str, Any]], None]

COMMAND = ("twin", "dashboard")
DAY_S = 86400.0
#: Least clock time between two lines of progress [s].
OFTEN_S = 0.1
#: How long a run may take to stop when its server is gone [s].
GRACE_S = 1.0
#: Who shares the machine with a person should not slow the person down.
NICENESS = 5
#: From 0 to 1000: how readily the kernel ends us when memory runs out.
OOM_SCORE = 800


def main() -> None:
    """Play what is ordered until the input ends."""
    tell = _teller()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is the server's business, which ends us
    os.nice(NICENESS)
    _go_first()
    orders: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin, orders), daemon=True).start()
    _leave_cleanly()
    warm()
    tell({"ready": os.getpid()})
    while True:
        order = json.loads(orders.get())
        tell({"heard": True})
        tell(answer(order, tell))


def _leave_cleanly() -> None:
    """From now on there may be something to clean up; while the twin is loaded, whoever is asked to end just ends."""
    from twin import api

    api.leave_when_asked()


def _go_first() -> None:
    """When memory runs out, the kernel should end a run, and not the server or somebody's desktop."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(OOM_SCORE), encoding="ascii")


def _teller() -> Tell:
    """Where answers go; what a library prints goes to the errors, so that it is never taken for an answer."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def tell(said: Mapping[str, Any]) -> None:
        out.write(json.dumps(said) + "\n")
        out.flush()

    return tell


def _listen(stream: IO[str], orders: SimpleQueue[str]) -> None:
    """Hand orders on; when there will be none any more, the process ends, cleanly if it can."""
    for line in stream:
        orders.put(line)
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(GRACE_S)
    os._exit(128 + signal.SIGTERM)


def warm() -> None:
    """Load and compile all that a run needs, by playing one that nobody keeps."""
    from twin import api

    with TemporaryDirectory() as folder:
        api.simulate(api.load("baseline", days=1)).save(store=folder)


def answer(order: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Play an order; the answer is ``done`` or ``failed``."""
    from twin import api

    try:
        return {"done": _played(order, tell)}
    except api.ScenarioError as error:
        problems = [{"path": problem.path, "message": _sentence(problem)} for problem in error.problems]
        return {"failed": {"message": str(error), "problems": problems}}
    except api.TwinError as error:
        return {"failed": {"message": str(error), "problems": []}}
    except MemoryError:
        return {"failed": {"message": "The run needs more memory than there is; simulate fewer days.", "problems": []}}
    except Exception as error:  # noqa: BLE001 - the last net: a run that fails must not end the worker
        traceback.print_exc()
        said = f"This is a fault of ours, not of your scenario: {type(error).__name__}: {str(error)[:300]}"
        return {"failed": {"message": said, "problems": []}}


def _sentence(problem: Any) -> str:
    """What is wrong, for a place beside the field: without file and line."""
    return str(problem).removeprefix(f"{problem.where}: ")


def _played(order: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """The name of the run folder, and when it was written if it was there already; of an experiment neither."""
    if order["experiment"] is not None:
        answers.played(order, _counting(tell))
        return {"run": "", "reused": None}
    from twin import api

    store = Path(order["store"])
    own = order["variants"][0]
    chosen = {key: order[key] for key in ("seed", "days") if order[key] is not None}
    resolved = api.patched(own["source"], own["patch"], order["base"], **chosen)
    if (kept := api.kept(resolved, store)) is not None:
        return {"run": kept.name, "reused": api.open(kept).written.isoformat()}
    result = api.simulate(resolved, progress=_reporter(tell))
    return {"run": result.save(store=store, command=COMMAND).name, "reused": None}


def _reporter(tell: Tell) -> Callable[[float, float], None]:
    """Tells how far a run is, not too often."""
    sometimes = _sometimes(tell)
    return lambda now_s, whole_s: sometimes({"day": now_s / DAY_S, "days": whole_s / DAY_S})


def _counting(tell: Tell) -> Callable[[int, int], None]:
    """Tells how many runs an experiment has, not too often."""
    sometimes = _sometimes(tell)
    return lambda done, of: sometimes({"runs": done, "of": of})


def _sometimes(tell: Tell) -> Tell:
    last = 0.0

    def told(said: Mapping[str, Any]) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= OFTEN_S:
            last = now
            tell(said)

    return told


if __name__ == "__main__":
    main()

"""An interrupt that arrives in a library's callback, where Python drops it, ends the command without a traceback."""

import signal
import subprocess
import sys

import pytest

CALLED_BACK = """
import ctypes, signal, sys, time
from twin.interrupts import listen

listen()
heard = ctypes.CFUNCTYPE(None)(lambda: signal.raise_signal({number}))
try:
    heard()
    time.sleep(30)
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_in_a_callback_is_heard(number, code):
    said = subprocess.run(
        [sys.executable, "-c", CALLED_BACK.format(number=int(number))], capture_output=True, text=True, timeout=25
    )
    assert (said.returncode, said.stdout, said.stderr) == (code, "", "")


def test_what_else_is_lost_is_still_told():
    lost = CALLED_BACK.format(number="int('x')").replace("time.sleep(30)", "")
    said = subprocess.run([sys.executable, "-c", lost], capture_output=True, text=True, timeout=25)
    assert (said.returncode, "ValueError" in said.stderr) == (0, True)


def test_who_leaves_is_left_in_peace():
    """A second request does not break off the cleaning up that the first has begun."""
    cleaning = (
        CALLED_BACK.split("heard =", maxsplit=1)[0]
        + """
try:
    signal.raise_signal(signal.SIGTERM)
finally:
    signal.raise_signal(signal.SIGTERM)
    print("clean")
"""
    )
    said = subprocess.run([sys.executable, "-c", cleaning], capture_output=True, text=True, timeout=25)
    assert (said.returncode, said.stdout, said.stderr) == (143, "clean\n", "")

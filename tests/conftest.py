"""What holds for all tests."""

import signal

from hypothesis import settings

# No test asserts a time: a machine that is busy is no fault.
settings.register_profile("newsletter", deadline=None)
settings.load_profile("newsletter")
# One PostgreSQL a worker, for all rooms that need one.
pytest_plugins = ("tests.store.databases",)
# Tests that run in the background (`make test &`) ignore these, and so would each program that a
# test starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

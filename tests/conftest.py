"""What holds for all tests."""

from hypothesis import settings

# No test asserts a time: a machine that is busy is no fault.
settings.register_profile("newsletter", deadline=None)
settings.load_profile("newsletter")

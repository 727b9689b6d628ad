"""The tests. A property has no deadline: machines that build many things at once are slow, and no test is timed."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

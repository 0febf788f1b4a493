"""Settings for every test."""

import os

from hypothesis import settings

# No test may fail because a machine is slow; and a run that must be judged must repeat itself.
settings.register_profile("course", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("course")

"""For all tests: what hypothesis draws is the same each time, and may take as long as a machine with other work needs.

``pytest --hypothesis-profile default`` draws anew.
"""

from hypothesis import HealthCheck, settings

settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

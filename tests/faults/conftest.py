"""What the tests about faults share: `scripted.py`, the server, and `world.py`, a newsletter."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

# SPDX-License-Identifier: GPL-2.0-only
"""Where the source is, and where built things are kept."""

import os
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dax-owner"
# What runs in the guest, and the modules for it
GUEST = TOP / "tests/vm/guest"
KMOD = TOP / "tests/vm/kmod"
SCENARIOS = TOP / "tests/vm/scenarios"

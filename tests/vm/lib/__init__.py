# SPDX-License-Identifier: GPL-2.0-only
"""The VM test harness: see tests/vm/README.md."""

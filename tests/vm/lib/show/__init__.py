# SPDX-License-Identifier: GPL-2.0-only
"""What a reader gets to see."""

# SPDX-License-Identifier: GPL-2.0-only
"""Boots what was asked for, several machines at a time."""

# SPDX-License-Identifier: GPL-2.0-only
"""Compares what a boot has shown with what its scenario expects."""

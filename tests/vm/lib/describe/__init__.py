# SPDX-License-Identifier: GPL-2.0-only
"""What a scenario and a server's boots are: read from files and checked. Runs nothing."""

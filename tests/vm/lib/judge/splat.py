# SPDX-License-Identifier: GPL-2.0-only
"""How the kernel complains of itself: one pattern, for Python as for grep -E in the guest."""

SPLAT = ("WARNING:|BUG:|refcount_t|possible circular|possible recursive|Call Trace:|UBSAN|KASAN|Oops|"
         "[Kk]ernel panic|general protection|suspicious RCU|INFO: task .* blocked")

# SPDX-License-Identifier: GPL-2.0-only
"""What a boot needs: kernels, disk images, initramfs files."""

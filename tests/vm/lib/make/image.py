# SPDX-License-Identifier: GPL-2.0-only
"""The guest's disk image in three variants, and the initramfs files that boot it.

"reference" has the kernels' own drivers; "ours" has the project's modules, installed
through DKMS in the guest root as an operator would; "debug" has them built for the debug
kernels. Each variant is a trimmed copy of the guest root ("tree") and an ext4 image of
that copy, kept until what it was made of changes. Knows nothing of scenarios.
"""

import json
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Iterator

from ..describe.scenario import Scenario
from ..places import CACHE, KMOD, TOP
from .cache import tree_hash
from .commands import discard, lock, run
from .cpio import Archive
from .initramfs import Initramfs
from .install import USERSPACE, add_debug_kernel, add_test_modules, dkms_install, make_install, meson_install
from .kernels import Target, own_kernel, targets
from .trim import trim

KEEP = 2        # older images kept
LABELS = ("lts", "newest")


@contextmanager
def _scratch_root(root: Path, work: Path) -> Iterator[Path]:
    """A writable view of the root that leaves the root itself as it is."""
    discard(work)
    for name in ("upper", "work", "merged"):
        (work / name).mkdir(parents=True)
    merged = work / "merged"
    run("mount", "-t", "overlay", "overlay", "-o",
         f"lowerdir={root},upperdir={work}/upper,workdir={work}/work", merged)
    try:
        for name in ("proc", "dev"):        # objtool reads /proc, DKMS wants /dev/null
            run("mount", "--bind", f"/{name}", merged / name)
        yield merged
    finally:
        discard(work)


class Image:
    """One variant of the guest: a tree of files and a disk image of it."""

    def __init__(self, variant: str, root: Path, progress: Callable[[str], None], labels: tuple[str, ...] = LABELS) -> None:
        """labels: the kernels to be booted; only a debug kernel is worth leaving out."""
        self.variant = variant
        self.root = root
        # The firmware stage runs on the distribution's kernel whatever comes after it.
        self.firmware_kernel = targets(root)["lts"]
        sources = [*(Path(__file__).with_name(name) for name in ("image.py", "install.py", "trim.py")), KMOD, root.parent / "root.key"]
        if variant == "debug":
            self.kernels = {label: own_kernel("debug", label) for label in labels}
            sources += [target.headers.parent / "complete" for target in self.kernels.values()]
        else:
            self.kernels = {label: targets(root)[label] for label in LABELS}
        self.booted = [target.version for target in self.kernels.values()]
        if variant != "reference":
            sources.append(TOP / "kernel")
        sources += [TOP / name for name in USERSPACE if name != "docs"] + [TOP / "docs/schema"]
        name = "-".join(("debug", *labels)) if variant == "debug" else variant
        self.base = CACHE / "image" / f"{name}-{tree_hash(sources)}"
        self.tree = self.base / "tree"
        self.disk = self.base / "disk.ext4"
        self.initramfs = Initramfs(self.tree)
        # label -> why, of kernels without our modules, because these refuse them
        self.refused: dict[str, str] = {}
        with lock(f"image-{variant}"):
            if not (self.base / "complete").exists():
                self._build(progress)
            self.refused = json.loads((self.base / "refused.json").read_text(encoding="utf-8"))

    def _build(self, progress: Callable[[str], None]) -> None:
        # Another run may still be booting the last ones.
        old = sorted(self.base.parent.glob(self.base.name.rpartition("-")[0] + "-*"), key=lambda path: path.stat().st_mtime)
        for path in [path for path in old if path != self.base][:-KEEP] + [self.base] * self.base.exists():
            discard(path)
        self.base.mkdir(parents=True)
        kept = {*self.booted, self.firmware_kernel.version}
        others = {path.name for path in (self.root / "usr/lib/modules").iterdir()} - kept
        booted = self.kernels.values()
        with _scratch_root(self.root, self.base / "scratch") as merged:
            meson_install(merged, self.base / "meson.log")
            if self.variant == "ours":
                progress("building the modules through DKMS for " + ", ".join(self.booted))
                self.refused = dkms_install(merged, booted, self.base / "dkms.log")
            elif self.variant == "debug":
                progress("building the modules for " + ", ".join(self.booted))
                for target in booted:
                    add_debug_kernel(merged, target)
                    why = make_install(merged, target, self.base / "built" / target.label, self.base / "make.log")
                    if why:
                        self.refused[target.label] = why
            add_test_modules(merged, booted, progress, self.base / "kmod.log")
            trim(merged, self.tree, sorted(kept), others)
        progress(f"making the disk image ({self.variant})")
        used = int(run("du", "-sm", self.tree).split()[0])
        run("mke2fs", "-q", "-t", "ext4", "-O", "^has_journal", "-E", "lazy_itable_init=1,root_owner=0:0",
             "-d", self.tree, self.disk, f"{used * 5 // 4 + 256}M")
        (self.base / "refused.json").write_text(json.dumps(self.refused), encoding="utf-8")
        (self.base / "complete").touch()

    def firmware(self, kernel: str) -> bytes:
        """The initramfs of the firmware stage."""
        return self.initramfs.firmware(kernel)

    def initrd(self, scenario: Scenario, target: Target, files: Archive) -> bytes:
        """The initramfs of the kernel under test, with the scenario's modules and files."""
        return self.initramfs.kernel_under_test(scenario, target, files)

    # guest/root-init prints a mark when a boot begins
    start_patience = 1

    def again(self) -> None:
        """Nothing is left of a boot that is to be tried again."""

    @property
    def drive(self) -> str:
        """Options of QEMU's -drive: the disk stays as it is, for others to boot from as well."""
        return f"file={self.disk},format=raw,snapshot=on,cache=unsafe,file.locking=off"

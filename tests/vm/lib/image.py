# SPDX-License-Identifier: GPL-2.0-only
"""The guest's disk image in three variants, and the initramfs files that boot it.

"reference" has the kernels' own drivers; "ours" has the project's modules, installed
through DKMS in the guest root as an operator would; "debug" has them built for the debug
kernels. Each variant is a trimmed copy of the guest root ("tree") and an ext4 image of
that copy, kept until what it was made of changes. Knows nothing of scenarios.
"""

import fcntl
import json
import lzma
import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from .cache import BUILT, CACHE, TOP, own_kernel, targets, tree_hash
from .cpio import Archive
from .refused import is_tested, reason

GUEST = TOP / "tests/vm/guest"
KMOD = TOP / "tests/vm/kmod"

# What the booted guest never reads: compilers, sources, documentation.
TRIM = ("./boot", "./dev/*", "./proc/*", "./sys/*", "./run/*", "./tmp/*", "./usr/src", "./usr/include",
        "./usr/lib/gcc", "./usr/libexec/gcc", "./usr/lib/linux-kbuild-*", "./usr/share/doc",
        "./usr/share/man", "./usr/share/locale", "./usr/share/i18n", "./usr/share/perl",
        "./usr/lib/x86_64-linux-gnu/perl*", "./usr/lib/x86_64-linux-gnu/*.a", "./usr/share/info",
        "./usr/lib/python3*", "./var/cache", "./var/lib/apt", "./var/lib/dkms", "./usr/bin/*gcc*", "./usr/bin/*cpp*")

# Modules the emulated server can have a use for. Coldplug under software emulation is
# slow enough without a driver for every other piece of its chipset.
MODULES = ("drivers/acpi", "drivers/block/virtio_blk", "drivers/cxl", "drivers/dax", "drivers/nvdimm",
           "drivers/virtio", "drivers/perf", "fs/ext4", "fs/jbd2", "fs/mbcache", "fs/fuse", "crypto", "lib",
           "mm", "virt/lib")

# Units of no use to a scenario that would lengthen every boot; systemd, udev, journald,
# tmpfiles and modules-load stay as they are.
MASK = ("apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer",
        "e2scrub_reap.service", "fstrim.timer", "systemd-tmpfiles-clean.timer", "getty.target",
        "systemd-random-seed.service", "systemd-pcrphase.service", "systemd-update-utmp.service",
        "systemd-update-utmp-runlevel.service", "kexec.service", "kexec-load.service",
        "systemd-hwdb-update.service", "systemd-journal-catalog-update.service",
        "systemd-binfmt.service", "proc-sys-fs-binfmt_misc.automount", "systemd-logind.service",
        "systemd-user-sessions.service", "ldconfig.service", "systemd-tpm2-setup.service",
        "systemd-tpm2-setup-early.service", "systemd-pstore.service", "systemd-machine-id-commit.service",
        "modprobe@configfs.service", "modprobe@drm.service", "modprobe@efi_pstore.service",
        "modprobe@fuse.service", "modprobe@dm_mod.service", "modprobe@loop.service",
        "dev-hugepages.mount", "dev-mqueue.mount", "run-lock.mount", "sys-fs-fuse-connections.mount",
        "sys-kernel-config.mount", "sys-kernel-debug.mount", "sys-kernel-tracing.mount", "tmp.mount",
        "systemd-udev-load-credentials.service", "systemd-journal-flush.service",
        "systemd-remount-fs.service", "systemd-sysctl.service", "systemd-sysusers.service",
        "systemd-ask-password-console.path", "systemd-ask-password-wall.path", "systemd-initctl.socket",
        "systemd-creds.socket", "systemd-pcrextend.socket", "systemd-pcrlock.socket",
        "systemd-sysext.socket", "systemd-hostnamed.socket", "systemd-importd.socket",
        "systemd-mute-console.socket", "dbus.socket", "dbus.service", "procps.service",
        "hwclock.service", "keyboard-setup.service", "console-setup.service")

KEEP = 2        # older images kept
LABELS = ("lts", "newest")

# What the daemon is built from
USERSPACE = ("meson.build", "meson_options.txt", "completions", "daemon", "docs", "kernel", "udev-rules", "units")

FIRMWARE_TOOLS = ("/usr/bin/cxl", "/usr/sbin/kexec")
FIRMWARE_MODULES = ("cxl_acpi", "cxl_pci", "cxl_mem")
PMEM_MODULES = ("cxl_pmem", "nd_pmem")
ROOT_MODULES = ("virtio_pci", "virtio_blk", "ext4")


class ImageError(Exception):
    """An image could not be built; the message says which step and shows its output."""

    def __init__(self, text, status=None, output=""):
        super().__init__(text)
        self.status, self.output = status, output


def run(*command, log=None):
    """Run a command; returns what it printed, also put into a log, or ImageError if it fails."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", check=False)
    if log:
        with open(log, "a", encoding="utf-8") as out:
            out.write(done.stdout)
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-25:])
        raise ImageError(f"{' '.join(map(str, command))} failed ({done.returncode}):\n{tail}", done.returncode, done.stdout)
    return done.stdout


@contextmanager
def _lock(name):
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{name}.lock", "w", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def discard(path):
    """Remove a directory, and what a run that was killed has left mounted in it."""
    mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    for where in reversed([Path(line.split()[1]) for line in mounts]):
        if path == where or path in where.parents:
            run("umount", "-l", where)
    shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _scratch_root(root, work):
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


def _dkms_install(merged, booted, log):
    """Install the project's modules as docs/install.md describes. Returns label -> why, of kernels that they refuse."""
    conf = (TOP / "kernel/dkms.conf").read_text(encoding="utf-8")
    match = re.search(r'^PACKAGE_VERSION="?([^"\n]+)"?', conf, re.M)
    if not match:
        raise ImageError("kernel/dkms.conf names no PACKAGE_VERSION")
    module = f"dax-owner/{match[1]}"
    shutil.copytree(TOP / "kernel", merged / f"usr/src/dax-owner-{match[1]}", symlinks=True,
                    ignore=shutil.ignore_patterns(*BUILT))
    run("chroot", merged, "dkms", "add", module, log=log)
    refused = {}
    for target in booted:
        kernel = target.version
        try:
            run("chroot", merged, "dkms", "build", module, "-k", kernel, log=log)
        except ImageError as error:
            if why := reason(target.label, error.status, error.output):
                refused[target.label] = why
                continue
            made = merged / f"var/lib/dkms/{module}/build/make.log"
            tail = made.read_text(errors="replace").splitlines()[-40:] if made.exists() else []
            raise ImageError("\n".join([str(error), *tail])) from error
        run("chroot", merged, "dkms", "install", module, "-k", kernel, log=log)
        run("chroot", merged, "depmod", kernel, log=log)
    return refused


def _meson_install(merged, log):
    """Build the daemon and install it as a packager would; it is not enabled."""
    source = merged / "usr/src/dax-owner"
    source.mkdir()
    for name in USERSPACE:
        path = TOP / name
        if path.is_dir():
            shutil.copytree(path, source / name, symlinks=True, ignore=shutil.ignore_patterns(*BUILT))
        else:
            shutil.copy(path, source)
    run("chroot", merged, "meson", "setup", "--prefix=/usr", "--buildtype=release", "-Dtests=false",
         "-Dbtfcheck=disabled", "/srv/build", "/usr/src/dax-owner", log=log)
    run("chroot", merged, "meson", "install", "-C", "/srv/build", log=log)
    shutil.rmtree(merged / "srv/build")
    run("chroot", merged, "systemd-sysusers", log=log)
    run("chroot", merged, "journalctl", "--update-catalog", log=log)


def _add_debug_kernel(merged, target):
    """Put a debug kernel where installed kernels are, its tree where modules are built for it."""
    place = f"usr/src/debug-kernel-{target.label}"
    (merged / place).mkdir(parents=True)
    run("mount", "--bind", target.headers, merged / place)
    shutil.copytree(target.headers.parent / "modules" / target.version, merged / "usr/lib/modules" / target.version,
                    symlinks=True)
    shutil.copy(target.vmlinuz, merged / f"boot/vmlinuz-{target.version}")


def _make_install(merged, target, keep, log):
    """Build the project's modules with the coverage notes kept: DKMS would clean them away. Returns why, if they refuse
    the kernel."""
    work = merged / f"usr/src/dax-owner-{target.label}"
    shutil.copytree(TOP / "kernel", work, symlinks=True, ignore=shutil.ignore_patterns(*BUILT))
    try:
        run("chroot", merged, f"/usr/src/dax-owner-{target.label}/compat/verify/prepare", "try", target.version, log=log)
    except ImageError as error:
        if why := reason(target.label, error.status, error.output):
            return why
        raise
    run("chroot", merged, "make", "-C", f"/usr/src/dax-owner-{target.label}", f"KVER={target.version}", log=log)
    place = merged / "usr/lib/modules" / target.version / "updates"
    place.mkdir(parents=True)
    for path in work.glob("*.ko"):
        shutil.copy(path, place)
    run("chroot", merged, "depmod", target.version, log=log)
    shutil.copytree(work, keep)
    return None


def _add_test_modules(merged, targets, progress, log):
    """Build tests/vm/kmod for each kernel and put it where modprobe finds it. An untested kernel may lack what they need."""
    for target in targets:
        work = merged / "srv/kmod"
        shutil.copytree(KMOD, work)
        try:
            run("chroot", merged, "make", "-C", f"/lib/modules/{target.version}/build", "M=/srv/kmod", "modules", log=log)
        except ImageError:
            if is_tested(target.version):
                raise
            progress(f"SKIPPED the modules of tests/vm/kmod on the untested kernel {target.version}: not built, see {log}")
        place = merged / "usr/lib/modules" / target.version / "updates/tests"
        place.mkdir(parents=True)
        for path in work.glob("*.ko"):
            shutil.copy(path, place)
        shutil.rmtree(work)


def _trim_modules(tree, kernel):
    """Leave the modules of MODULES and everything outside the kernel's own tree."""
    top = tree / "usr/lib/modules" / kernel
    for path in sorted((top / "kernel").rglob("*.ko*")):
        inside = str(path.relative_to(top / "kernel"))
        if not inside.startswith(MODULES):
            path.unlink()
    run("chroot", tree, "depmod", kernel)


def _trim(source, tree, kernels, other_kernels):
    tree.mkdir(parents=True)
    excludes = [f"--exclude={name}" for name in TRIM]
    excludes += [f"--exclude=./usr/lib/modules/{kernel}" for kernel in other_kernels]
    pack = subprocess.Popen(["tar", "-C", str(source), "--one-file-system", *excludes, "-cf", "-", "."],
                            stdout=subprocess.PIPE)
    unpack = subprocess.run(["tar", "-C", str(tree), "-xpf", "-"], stdin=pack.stdout, check=False)
    if pack.wait() or unpack.returncode:
        raise ImageError(f"could not copy the guest root to {tree}")
    for name in ("dev", "proc", "sys", "run", "tmp"):
        (tree / name).mkdir(exist_ok=True)
    for kernel in kernels:
        _trim_modules(tree, kernel)
    units = tree / "etc/systemd/system"
    for unit in MASK:
        (units / unit).unlink(missing_ok=True)
        (units / unit).symlink_to("/dev/null")
    default = units / "default.target"
    default.unlink(missing_ok=True)
    default.symlink_to("/usr/lib/systemd/system/multi-user.target")
    generators = tree / "etc/systemd/system-generators"
    generators.mkdir(exist_ok=True)
    for generator in (tree / "usr/lib/systemd/system-generators").iterdir():
        (generators / generator.name).symlink_to("/dev/null")
    (tree / "etc/fstab").write_text("# the initramfs mounts the root\n", encoding="utf-8")
    (tree / "etc/hostname").write_text("dax-owner-test\n", encoding="utf-8")
    (tree / "etc/machine-id").write_text("0123456789abcdef0123456789abcdef\n", encoding="utf-8")


class Image:
    """One variant of the guest: a tree of files and a disk image of it."""

    def __init__(self, variant, root, progress, labels=LABELS):
        """labels: the kernels to be booted; only a debug kernel is worth leaving out."""
        self.variant = variant
        self.root = root
        # The firmware stage runs on the distribution's kernel whatever comes after it.
        self.firmware_kernel = targets(root)["lts"]
        sources = [GUEST.parent / "lib/image.py", KMOD, root.parent / "root.key"]
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
        self._modules = {}
        # label -> why, of kernels without our modules, because these refuse them
        self.refused = {}
        with _lock(f"image-{variant}"):
            if not (self.base / "complete").exists():
                self._build(progress)
            self.refused = json.loads((self.base / "refused.json").read_text(encoding="utf-8"))

    def _build(self, progress):
        # Another run may still be booting the last ones.
        old = sorted(self.base.parent.glob(self.base.name.rpartition("-")[0] + "-*"), key=lambda path: path.stat().st_mtime)
        for path in [path for path in old if path != self.base][:-KEEP] + [self.base] * self.base.exists():
            discard(path)
        self.base.mkdir(parents=True)
        kept = {*self.booted, self.firmware_kernel.version}
        others = {path.name for path in (self.root / "usr/lib/modules").iterdir()} - kept
        booted = self.kernels.values()
        with _scratch_root(self.root, self.base / "scratch") as merged:
            _meson_install(merged, self.base / "meson.log")
            if self.variant == "ours":
                progress("building the modules through DKMS for " + ", ".join(self.booted))
                self.refused = _dkms_install(merged, booted, self.base / "dkms.log")
            elif self.variant == "debug":
                progress("building the modules for " + ", ".join(self.booted))
                for target in booted:
                    _add_debug_kernel(merged, target)
                    why = _make_install(merged, target, self.base / "built" / target.label, self.base / "make.log")
                    if why:
                        self.refused[target.label] = why
            _add_test_modules(merged, booted, progress, self.base / "kmod.log")
            _trim(merged, self.tree, sorted(kept), others)
        progress(f"making the disk image ({self.variant})")
        used = int(run("du", "-sm", self.tree).split()[0])
        run("mke2fs", "-q", "-t", "ext4", "-O", "^has_journal", "-E", "lazy_itable_init=1,root_owner=0:0",
             "-d", self.tree, self.disk, f"{used * 5 // 4 + 256}M")
        (self.base / "refused.json").write_text(json.dumps(self.refused), encoding="utf-8")
        (self.base / "complete").touch()

    def modules(self, kernel, names):
        """Paths of modules and all they need, in the order to load them."""
        order = []
        for name in names:
            key = (kernel, name)
            if key not in self._modules:
                shown = run("chroot", self.tree, "modprobe", "-S", kernel, "--show-depends", name)
                self._modules[key] = [line.split()[1] for line in shown.splitlines()
                                      if line.startswith("insmod ")]
            order += [path for path in self._modules[key] if path not in order]
        return [self.tree / path.lstrip("/") for path in order]

    def add_modules(self, archive, kernel, names, directory="modules", without=()):
        """Put modules, unpacked, and their load order into an initramfs.

        without: prefixes of modules to leave out, for an initramfs that lacks them
        (they are soft dependencies, or it would not load).
        """
        order = []
        for path in self.modules(kernel, names):
            if path.name.startswith(without):
                continue
            data = path.read_bytes()
            if path.suffix == ".xz":
                data = lzma.decompress(data)
            elif path.suffix == ".zst":
                data = subprocess.run(["zstd", "-dc"], input=data, stdout=subprocess.PIPE, check=True).stdout
            name = path.name.partition(".ko")[0] + ".ko"
            archive.file(f"{directory}/{name}", data)
            order.append(name)
        archive.file(f"{directory}/order", "".join(f"{name}\n" for name in order))

    def base_archive(self, init):
        """An initramfs with a shell and the given init script."""
        archive = Archive()
        for name in ("proc", "sys", "dev", "sysroot", "etc", "tmp"):
            archive.directory(name)
        archive.file("bin/busybox", (self.tree / "usr/bin/busybox").read_bytes(), 0o755)
        archive.symlink("bin/sh", "busybox")
        archive.file("init", (GUEST / init).read_bytes(), 0o755)
        return archive

    def firmware(self, kernel):
        """The firmware stage: cxl, kexec, their libraries and the CXL modules."""
        archive = self.base_archive("firmware-init")
        needed = run("chroot", self.tree, "ldd", *FIRMWARE_TOOLS)
        libraries = set(re.findall(r"(/\S+) \(0x", needed))
        for path in sorted(libraries) + list(FIRMWARE_TOOLS):
            archive.file(path, (self.tree / path.lstrip("/")).read_bytes(), 0o755)
        self.add_modules(archive, kernel, FIRMWARE_MODULES)
        self.add_modules(archive, kernel, PMEM_MODULES, "pmem")
        return archive.bytes()

    # Beginnings of a boot are told by guest/root-init
    start_patience = 1

    def again(self):
        """Nothing is left of a boot that is to be tried again."""

    @property
    def drive(self):
        """Options of QEMU's -drive: the disk stays as it is, for others to boot from as well."""
        return f"file={self.disk},format=raw,snapshot=on,cache=unsafe,file.locking=off"

    def initrd(self, scenario, target, files):
        """The initramfs of the kernel under test, with the scenario's modules and files."""
        archive = self.base_archive("root-init")
        self.add_modules(archive, target.version, ROOT_MODULES)
        early = Archive()
        if scenario.initrd_modules:
            # none of CXL's, unless asked for: they are soft dependencies
            asked = any(name.startswith("cxl_") for name in scenario.initrd_modules)
            self.add_modules(early, target.version, scenario.initrd_modules, "early", without=() if asked else ("cxl_",))
        return archive.bytes() + early.bytes() + files.bytes()

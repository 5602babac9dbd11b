# SPDX-License-Identifier: GPL-2.0-only
"""A scenario's emulated server as QEMU arguments. Knows nothing of how QEMU is run."""

from .scenario import Device, Scenario
from .units import size

MIB = 1 << 20
GIB = 1 << 30
MAXMEM = 32 * GIB               # of a machine with less RAM than that
WINDOW_GAP = 256 * MIB          # from the end of what RAM may take to the first window
FIRST_BUS, BUSES = 12, 32       # of each host bridge; its root ports' buses follow


def pci_function(scenario: Scenario, device: Device) -> str:
    """The PCI address the device has in the guest: ports of a bridge come in device order."""
    number = [bridge.name for bridge in scenario.bridges].index(device.bridge)
    port = [other for other in scenario.devices if other.bridge == device.bridge].index(device)
    return f"0000:{FIRST_BUS + BUSES * number + 1 + port:02x}:00.0"


def is_big(scenario: Scenario) -> bool:
    """Has the machine more RAM than the host can be expected to have?"""
    return size(scenario.memory) >= MAXMEM


def _memory(scenario: Scenario) -> list[str]:
    """RAM, and where it may end. With more than MAXMEM, room for hotplug behind it is such that windows begin at a
    multiple of 2 GiB: newer kernels make no memory block larger than a window's alignment."""
    memory = size(scenario.memory)
    limit = memory + 2 * GIB - WINDOW_GAP if is_big(scenario) else MAXMEM
    args = ["-m", f"{memory // MIB}M,maxmem={limit // MIB}M,slots=8"]
    if is_big(scenario):
        # what the guest does not touch is never allocated
        args += ["-object", f"memory-backend-ram,id=ram,size={memory // MIB}M,reserve=off"]
    return args


def _backends(device: Device) -> tuple[list[str], str]:
    """QEMU's objects for a device's memory, and the options that name them."""
    objects, options = [], []
    for part, count in (("volatile", device.size), ("persistent", device.persistent)):
        if count:
            name = f"{part[0]}{device.serial}"
            objects += ["-object", f"memory-backend-ram,id={name},share=on,size={count // MIB}M"]
            options.append(f"{part}-memdev={name}")
    if device.persistent:
        # where labels of regions and namespaces are kept
        objects += ["-object", f"memory-backend-ram,id=l{device.serial},share=on,size=1M"]
        options.append(f"lsa=l{device.serial}")
    return objects, ",".join(options)


def arguments(scenario: Scenario) -> list[str]:
    """The machine, its windows, host bridges, root ports and devices."""
    fmw = ["q35", "cxl=on" if scenario.bridges else "cxl=off"]
    if is_big(scenario):
        fmw.append("memory-backend=ram")
    for number, window in enumerate(scenario.windows):
        for target, name in enumerate(window.bridges):
            fmw.append(f"cxl-fmw.{number}.targets.{target}={name}")
        fmw.append(f"cxl-fmw.{number}.size={window.size // MIB}M")
    # Without hypervisor=off the kernel refuses to commit a region: it cannot prove
    # the CPU caches are in step with the memory. A plain CPU: wide vectors cost emulation dear.
    args = ["-M", ",".join(fmw),
            "-accel", "tcg,thread=multi", "-cpu", "Nehalem,hypervisor=off,+rdrand",
            *_memory(scenario), "-smp", "2"]
    # Memory of a node is in node order from address 0 on, below 4 GiB first
    for number, memory in enumerate(scenario.nodes):
        args += ["-object", f"memory-backend-ram,id=node{number},size={memory // MIB}M",
                 "-numa", f"node,nodeid={number},memdev=node{number}"]
    slot = 0
    for number, bridge in enumerate(scenario.bridges):
        passthrough = ",hdm_for_passthrough=true" if bridge.hdm_for_passthrough else ""
        args += ["-device", f"pxb-cxl,id={bridge.name},bus=pcie.0,bus_nr={FIRST_BUS + BUSES * number}{passthrough}"]
        devices = [device for device in scenario.devices if device.bridge == bridge.name]
        for port in range(len(devices) + bridge.spare_ports):
            args += ["-device", f"cxl-rp,id={bridge.name}p{port},bus={bridge.name},port={port},"
                                f"chassis={number},slot={slot}"]
            slot += 1
        for port, device in enumerate(devices):
            objects, options = _backends(device)
            args += [*objects, "-device", f"cxl-type3,id=d{device.serial},bus={bridge.name}p{port},"
                                          f"{options},sn={device.serial}"]
    return args

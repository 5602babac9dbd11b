# SPDX-License-Identifier: GPL-2.0-only
"""A scenario's emulated server as QEMU arguments. Knows nothing of how QEMU is run."""

MIB = 1 << 20
FIRST_BUS, BUSES = 12, 32       # of each host bridge; its root ports' buses follow


def pci_function(scenario, device):
    """The PCI address the device has in the guest: ports of a bridge come in device order."""
    number = [bridge.name for bridge in scenario.bridges].index(device.bridge)
    port = [other for other in scenario.devices if other.bridge == device.bridge].index(device)
    return f"0000:{FIRST_BUS + BUSES * number + 1 + port:02x}:00.0"


def arguments(scenario):
    """The machine, its windows, host bridges, root ports and devices."""
    fmw = ["q35", "cxl=on"]
    for number, window in enumerate(scenario.windows):
        for target, bridge in enumerate(window.bridges):
            fmw.append(f"cxl-fmw.{number}.targets.{target}={bridge}")
        fmw.append(f"cxl-fmw.{number}.size={window.size // MIB}M")
    # Without hypervisor=off the kernel refuses to commit a region: it cannot prove
    # the CPU caches are in step with the memory. A plain CPU: wide vectors cost emulation dear.
    args = ["-M", ",".join(fmw),
            "-accel", "tcg,thread=multi", "-cpu", "Nehalem,hypervisor=off,+rdrand",
            "-m", f"{scenario.memory},maxmem=32G,slots=8", "-smp", "2"]
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
            args += ["-object", f"memory-backend-ram,id=m{device.serial},share=on,size={device.size // MIB}M",
                     "-device", f"cxl-type3,id=d{device.serial},bus={bridge.name}p{port},"
                                f"volatile-memdev=m{device.serial},sn={device.serial}"]
    return args

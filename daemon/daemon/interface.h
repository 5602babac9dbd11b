/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The definition of the Varlink interface io.daxowner, as "varlinkctl introspect" prints it.
 */
#ifndef DAX_OWNER_DAEMON_INTERFACE_H
#define DAX_OWNER_DAEMON_INTERFACE_H

#include <systemd/sd-varlink-idl.h>

#define INTERFACE "io.daxowner"

extern const sd_varlink_interface vl_interface_io_daxowner;

#endif /* DAX_OWNER_DAEMON_INTERFACE_H */

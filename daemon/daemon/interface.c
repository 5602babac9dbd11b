// SPDX-License-Identifier: GPL-2.0-only
/*
 * The types, methods and errors of the Varlink interface.
 *
 * Owners, states and reasons are strings and not enumerations. A reason contains a hyphen, which
 * Varlink does not allow in a value of an enumeration.
 */
#include "daemon/interface.h"

#define COMMENT(text) SD_VARLINK_FIELD_COMMENT(text)
#define FIELD(name, type) SD_VARLINK_DEFINE_FIELD(name, SD_VARLINK_##type, 0)
#define OPTIONAL(name, type) SD_VARLINK_DEFINE_FIELD(name, SD_VARLINK_##type, SD_VARLINK_NULLABLE)
#define LIST(name, type) SD_VARLINK_DEFINE_FIELD(name, SD_VARLINK_##type, SD_VARLINK_ARRAY)
#define INPUT(name, type) SD_VARLINK_DEFINE_INPUT(name, SD_VARLINK_##type, SD_VARLINK_NULLABLE)
#define OUTPUT(name, type) SD_VARLINK_DEFINE_OUTPUT(name, SD_VARLINK_##type, 0)

/* clang-format off: a line for each field */
static SD_VARLINK_DEFINE_STRUCT_TYPE(
	Extent, COMMENT("First byte, a physical address: hexadecimal with 0x; only for root"),
	OPTIONAL(start, STRING), COMMENT("Last byte; only for root"), OPTIONAL(end, STRING),
	COMMENT("Bytes"), FIELD(size, INT),
	COMMENT("The present or future owner: dax_cxl, dax_hmem, none"), FIELD(owner, STRING),
	COMMENT("The owner before the last change"), FIELD(previous, STRING),
	COMMENT("The owner by the rules, on a kernel that does not follow them"),
	OPTIONAL(expected, STRING),
	COMMENT("pending, decided, claimed, idle, owned, released, stranded, withheld"),
	FIELD(state, STRING),
	COMMENT("outside-window, awaiting-cxl, region-covers, region-partial, no-region, claim-failed, "
		"region-not-dax"),
	FIELD(reason, STRING),
	COMMENT("deadline: CXL enumeration had not ended at the decision; unsplit: policy split acts as whole"),
	LIST(flags, STRING), COMMENT("The DAX device of the extent"), OPTIONAL(device, STRING),
	COMMENT("NUMA node of the memory"), OPTIONAL(target_node, INT),
	COMMENT("Bytes that can be system memory"), FIELD(usable_bytes, INT),
	COMMENT("Bytes that lie in no whole memory block of the DAX device"),
	FIELD(block_loss_bytes, INT),
	COMMENT("Time of the decision, in microseconds since boot, suspend included"),
	OPTIONAL(decided_us, INT), COMMENT("Error of the claim that failed: a negative errno"),
	OPTIONAL(error, INT),
	COMMENT("The device that had already claimed the addresses when the claim failed"),
	OPTIONAL(holder, STRING), COMMENT("The committed CXL regions that meet the extent"),
	LIST(regions, STRING));

static SD_VARLINK_DEFINE_STRUCT_TYPE(
	Ledger, COMMENT("Release of the running kernel"), FIELD(kernel, STRING),
	COMMENT("The arbiter of the kernel: dax_owner, native, legacy, none"),
	FIELD(arbiter, STRING),
	COMMENT("Whether ownership is settled: it changes only if an administrator changes it"),
	FIELD(settled, BOOL), COMMENT("Stranded bytes"), FIELD(stranded_bytes, INT),
	COMMENT("Bytes that can be system memory"), FIELD(usable_bytes, INT),
	COMMENT("All extents, in the order of their addresses"),
	SD_VARLINK_DEFINE_FIELD_BY_TYPE(extents, Extent, SD_VARLINK_ARRAY));

static SD_VARLINK_DEFINE_STRUCT_TYPE(
	Record, COMMENT("The event, as DAX_OWNER_EVENT= in the journal"), FIELD(event, STRING),
	COMMENT("The message of the record"), FIELD(message, STRING),
	COMMENT("Whether ownership is settled now"), FIELD(settled, BOOL),
	COMMENT("Stranded bytes now"), FIELD(stranded_bytes, INT),
	COMMENT("The extent of the event, in its present state"),
	SD_VARLINK_DEFINE_FIELD_BY_TYPE(extent, Extent, SD_VARLINK_NULLABLE),
	COMMENT("Subsystem of the device that was added or removed: cxl, dax"),
	OPTIONAL(subsystem, STRING), COMMENT("The device that was added or removed"),
	OPTIONAL(device, STRING));

static SD_VARLINK_DEFINE_METHOD(
	List, COMMENT("Release of the running kernel"), OUTPUT(kernel, STRING),
	COMMENT("The arbiter of the kernel: dax_owner, native, legacy, none"),
	OUTPUT(arbiter, STRING),
	COMMENT("Whether ownership is settled: it changes only if an administrator changes it"),
	OUTPUT(settled, BOOL), COMMENT("Stranded bytes"), OUTPUT(stranded_bytes, INT),
	COMMENT("Bytes that can be system memory"), OUTPUT(usable_bytes, INT),
	COMMENT("All extents, in the order of their addresses"),
	SD_VARLINK_DEFINE_OUTPUT_BY_TYPE(extents, Extent, SD_VARLINK_ARRAY));

static SD_VARLINK_DEFINE_METHOD(
	Explain, COMMENT("A physical address: hexadecimal with 0x, or decimal; only for root"),
	INPUT(address, STRING), COMMENT("A DAX device, instead of an address"),
	INPUT(device, STRING), COMMENT("The extent with the address or the device"),
	SD_VARLINK_DEFINE_OUTPUT_BY_TYPE(extent, Extent, 0), COMMENT("The rule that applied"),
	OUTPUT(rule, STRING), COMMENT("The condition for another owner or state"),
	OUTPUT(change, STRING));

static SD_VARLINK_DEFINE_METHOD_FULL(
	Subscribe, SD_VARLINK_REQUIRES_MORE, COMMENT("Only in the first reply: the present state"),
	SD_VARLINK_DEFINE_OUTPUT_BY_TYPE(ledger, Ledger, SD_VARLINK_NULLABLE),
	COMMENT("In each further reply: a record"),
	SD_VARLINK_DEFINE_OUTPUT_BY_TYPE(record, Record, SD_VARLINK_NULLABLE));

static SD_VARLINK_DEFINE_METHOD(Settle, COMMENT("Stranded bytes"), OUTPUT(stranded_bytes, INT));

static SD_VARLINK_DEFINE_ERROR(NoSuchExtent);
static SD_VARLINK_DEFINE_ERROR(InvalidAddress);
static SD_VARLINK_DEFINE_ERROR(AddressesForRootOnly);

SD_VARLINK_DEFINE_INTERFACE(
	io_daxowner, INTERFACE,
	SD_VARLINK_INTERFACE_COMMENT(
		"Owners of the Soft Reserved memory of this machine, and the reasons"),
	SD_VARLINK_SYMBOL_COMMENT("A piece of a Soft Reserved range with one owner"),
	&vl_type_Extent, SD_VARLINK_SYMBOL_COMMENT("All extents of the machine"), &vl_type_Ledger,
	SD_VARLINK_SYMBOL_COMMENT("A record, which is also in the journal"), &vl_type_Record,
	SD_VARLINK_SYMBOL_COMMENT("Lists all extents in their present state"), &vl_method_List,
	SD_VARLINK_SYMBOL_COMMENT(
		"Explains the extent with an address or a DAX device: the caller names one "
		"of the two"),
	&vl_method_Explain,
	SD_VARLINK_SYMBOL_COMMENT(
		"Sends the present state, and then each new record. The daemon disconnects "
		"a client that does not read"),
	&vl_method_Subscribe, SD_VARLINK_SYMBOL_COMMENT("Replies as soon as ownership is settled"),
	&vl_method_Settle,
	SD_VARLINK_SYMBOL_COMMENT(
		"No extent has the address or the device, because it is not Soft Reserved "
		"memory"),
	&vl_error_NoSuchExtent, SD_VARLINK_SYMBOL_COMMENT("The text is not an address"),
	&vl_error_InvalidAddress,
	SD_VARLINK_SYMBOL_COMMENT("Only root may name an address: name a device"),
	&vl_error_AddressesForRootOnly);

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

static SD_VARLINK_DEFINE_STRUCT_TYPE(
	Extent,
	COMMENT("First byte, a physical address: hexadecimal with 0x; for root only"),
	OPTIONAL(start, STRING),
	COMMENT("Last byte; for root only"),
	OPTIONAL(end, STRING),
	COMMENT("Bytes"),
	FIELD(size, INT),
	COMMENT("Whose it is or is to be: dax_cxl, dax_hmem, none"),
	FIELD(owner, STRING),
	COMMENT("The owner before the last change"),
	FIELD(previous, STRING),
	COMMENT("Whose it should be by the rules, on a kernel that does not follow them by itself"),
	OPTIONAL(expected, STRING),
	COMMENT("pending, decided, claimed, idle, owned, released, stranded, withheld"),
	FIELD(state, STRING),
	COMMENT("outside-window, awaiting-cxl, region-covers, region-partial, no-region, claim-failed, "
		"region-not-dax"),
	FIELD(reason, STRING),
	COMMENT("deadline: CXL's enumeration had not ended when it was decided; unsplit: policy split acts as whole"),
	LIST(flags, STRING),
	COMMENT("Its DAX device"),
	OPTIONAL(device, STRING),
	COMMENT("NUMA node of the memory"),
	OPTIONAL(target_node, INT),
	COMMENT("Bytes that can be system memory"),
	FIELD(usable_bytes, INT),
	COMMENT("Bytes that lie in no whole memory block of the DAX device"),
	FIELD(block_loss_bytes, INT),
	COMMENT("When it was decided, in microseconds since boot, suspend included"),
	OPTIONAL(decided_us, INT),
	COMMENT("Of the claim that failed: a negative errno"),
	OPTIONAL(error, INT),
	COMMENT("Who held the addresses when the claim failed"),
	OPTIONAL(holder, STRING),
	COMMENT("The committed CXL regions that meet it"),
	LIST(regions, STRING));

static SD_VARLINK_DEFINE_STRUCT_TYPE(
	Ledger,
	COMMENT("Release of the running kernel"),
	FIELD(kernel, STRING),
	COMMENT("Who decides on it: dax_owner, native, legacy, none"),
	FIELD(arbiter, STRING),
	COMMENT("What nobody does by hand will not change any more"),
	FIELD(settled, BOOL),
	COMMENT("Bytes that no driver has"),
	FIELD(stranded_bytes, INT),
	COMMENT("Bytes that can be system memory"),
	FIELD(usable_bytes, INT),
	COMMENT("All of them, by address"),
	SD_VARLINK_DEFINE_FIELD_BY_TYPE(extents, Extent, SD_VARLINK_ARRAY));

static SD_VARLINK_DEFINE_STRUCT_TYPE(
	Record,
	COMMENT("What happened, as DAX_OWNER_EVENT= in the journal"),
	FIELD(event, STRING),
	COMMENT("The record's sentence"),
	FIELD(message, STRING),
	COMMENT("Whether ownership is settled now"),
	FIELD(settled, BOOL),
	COMMENT("Bytes that no driver has now"),
	FIELD(stranded_bytes, INT),
	COMMENT("The extent it happened to, as it is now"),
	SD_VARLINK_DEFINE_FIELD_BY_TYPE(extent, Extent, SD_VARLINK_NULLABLE),
	COMMENT("Of the device that came or went: cxl, dax"),
	OPTIONAL(subsystem, STRING),
	COMMENT("The device that came or went"),
	OPTIONAL(device, STRING));

static SD_VARLINK_DEFINE_METHOD(
	List,
	COMMENT("Release of the running kernel"),
	OUTPUT(kernel, STRING),
	COMMENT("Who decides on it: dax_owner, native, legacy, none"),
	OUTPUT(arbiter, STRING),
	COMMENT("What nobody does by hand will not change any more"),
	OUTPUT(settled, BOOL),
	COMMENT("Bytes that no driver has"),
	OUTPUT(stranded_bytes, INT),
	COMMENT("Bytes that can be system memory"),
	OUTPUT(usable_bytes, INT),
	COMMENT("All of them, by address"),
	SD_VARLINK_DEFINE_OUTPUT_BY_TYPE(extents, Extent, SD_VARLINK_ARRAY));

static SD_VARLINK_DEFINE_METHOD(
	Explain,
	COMMENT("A physical address: hexadecimal with 0x, or decimal; for root only"),
	INPUT(address, STRING),
	COMMENT("A DAX device, in place of an address"),
	INPUT(device, STRING),
	COMMENT("The extent that has the address or the device"),
	SD_VARLINK_DEFINE_OUTPUT_BY_TYPE(extent, Extent, 0),
	COMMENT("The rule that applied"),
	OUTPUT(rule, STRING),
	COMMENT("What it would take to change that"),
	OUTPUT(change, STRING));

static SD_VARLINK_DEFINE_METHOD_FULL(
	Subscribe,
	SD_VARLINK_REQUIRES_MORE,
	COMMENT("In the first reply, and only there: how it is now"),
	SD_VARLINK_DEFINE_OUTPUT_BY_TYPE(ledger, Ledger, SD_VARLINK_NULLABLE),
	COMMENT("In each further reply: what happened"),
	SD_VARLINK_DEFINE_OUTPUT_BY_TYPE(record, Record, SD_VARLINK_NULLABLE));

static SD_VARLINK_DEFINE_METHOD(
	Settle,
	COMMENT("Bytes that no driver has"),
	OUTPUT(stranded_bytes, INT));

static SD_VARLINK_DEFINE_ERROR(NoSuchExtent);
static SD_VARLINK_DEFINE_ERROR(InvalidAddress);
static SD_VARLINK_DEFINE_ERROR(AddressesForRootOnly);

SD_VARLINK_DEFINE_INTERFACE(
	io_daxowner, INTERFACE,
	SD_VARLINK_INTERFACE_COMMENT("Who owns the Soft Reserved memory of this machine, and why"),
	SD_VARLINK_SYMBOL_COMMENT("A piece of a Soft Reserved range with one owner"),
	&vl_type_Extent,
	SD_VARLINK_SYMBOL_COMMENT("All extents of the machine"),
	&vl_type_Ledger,
	SD_VARLINK_SYMBOL_COMMENT("Something that happened, also in the journal"),
	&vl_type_Record,
	SD_VARLINK_SYMBOL_COMMENT("How it is now"),
	&vl_method_List,
	SD_VARLINK_SYMBOL_COMMENT("Why it is so, for an address or a DAX device: one of the two is given"),
	&vl_method_Explain,
	SD_VARLINK_SYMBOL_COMMENT("How it is now, and then each record when it is made. Who does not "
				  "read is disconnected"),
	&vl_method_Subscribe,
	SD_VARLINK_SYMBOL_COMMENT("Replies as soon as ownership is settled"),
	&vl_method_Settle,
	SD_VARLINK_SYMBOL_COMMENT("No extent has the address or the device: it is not Soft Reserved memory"),
	&vl_error_NoSuchExtent,
	SD_VARLINK_SYMBOL_COMMENT("This is not an address"),
	&vl_error_InvalidAddress,
	SD_VARLINK_SYMBOL_COMMENT("Only root may ask by address: ask by device"),
	&vl_error_AddressesForRootOnly);

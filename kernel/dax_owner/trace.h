/* SPDX-License-Identifier: GPL-2.0-only */
/* The tracepoints of dax_owner, documented in docs/abi/tracepoints.md. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM dax_owner

#if !defined(DAX_OWNER_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define DAX_OWNER_TRACE_H

#include <linux/tracepoint.h>

#include "internal.h"

/* clang-format off: the macros of a tracepoint are no statements */

/* A record of the ledger was written. */
TRACE_EVENT(
	dax_owner_extent,
	TP_PROTO(const struct dax_owner_span *span, const struct dax_owner_record *record),
	TP_ARGS(span, record),
	TP_STRUCT__entry(
		__field(u64, start) __field(u64, end) __string(owner,
							       dax_owner_owner_name(record->owner))
			__string(state, dax_owner_state_name(dax_owner_record_state(record)))
				__string(reason, dax_owner_reason_name(record->reason)) __string(
					flags, dax_owner_flags_text(record->flags))
					__field(int, error) __string(device, record->device)
						__field(int, target_node) __field(u64, usable_bytes)
							__field(u64, block_loss_bytes)),
	TP_fast_assign(__entry->start = span->start; __entry->end = span->end; __assign_str(owner);
		       __assign_str(state); __assign_str(reason); __assign_str(flags);
		       __entry->error = record->error; __assign_str(device);
		       __entry->target_node = record->target_node;
		       __entry->usable_bytes = record->usable_bytes;
		       __entry->block_loss_bytes = record->block_loss_bytes;),
	TP_printk("start=%#llx end=%#llx owner=%s state=%s reason=%s flags=%s error=%d device=%s target_node=%d usable_bytes=%llu block_loss_bytes=%llu",
		  __entry->start, __entry->end, __get_str(owner), __get_str(state),
		  __get_str(reason), __get_str(flags), __entry->error, __get_str(device),
		  __entry->target_node, __entry->usable_bytes, __entry->block_loss_bytes));

/* A driver tried to claim addresses; error is 0 or a negative errno. */
TRACE_EVENT(dax_owner_claim,
	    TP_PROTO(const char *holder, const struct dax_owner_span *span,
		     enum dax_owner_owner owner, int error),
	    TP_ARGS(holder, span, owner, error),
	    TP_STRUCT__entry(__string(holder, holder) __field(u64, start) __field(u64, end)
				     __string(owner, dax_owner_owner_name(owner))
					     __field(int, error)),
	    TP_fast_assign(__assign_str(holder); __entry->start = span->start;
			   __entry->end = span->end; __assign_str(owner); __entry->error = error;),
	    TP_printk("holder=%s start=%#llx end=%#llx owner=%s error=%d", __get_str(holder),
		      __entry->start, __entry->end, __get_str(owner), __entry->error));

/* A claim ended. */
TRACE_EVENT(dax_owner_release,
	    TP_PROTO(const char *holder, const struct dax_owner_span *span,
		     enum dax_owner_owner owner),
	    TP_ARGS(holder, span, owner),
	    TP_STRUCT__entry(__string(holder, holder) __field(u64, start) __field(u64, end)
				     __string(owner, dax_owner_owner_name(owner))),
	    TP_fast_assign(__assign_str(holder); __entry->start = span->start;
			   __entry->end = span->end; __assign_str(owner);),
	    TP_printk("holder=%s start=%#llx end=%#llx owner=%s", __get_str(holder), __entry->start,
		      __entry->end, __get_str(owner)));

/* A sweep checked whether CXL's first enumeration is over. An overtaken sweep proves nothing. */
TRACE_EVENT(dax_owner_sweep, TP_PROTO(bool over, bool overtaken), TP_ARGS(over, overtaken),
	    TP_STRUCT__entry(__field(bool, over) __field(bool, overtaken)),
	    TP_fast_assign(__entry->over = over; __entry->overtaken = overtaken;),
	    TP_printk("over=%d overtaken=%d", __entry->over, __entry->overtaken));

/* The initial pass of this boot is over. */
TRACE_EVENT(dax_owner_pass, TP_PROTO(bool deadline), TP_ARGS(deadline),
	    TP_STRUCT__entry(__field(bool, deadline)), TP_fast_assign(__entry->deadline = deadline;),
	    TP_printk("deadline=%d", __entry->deadline));

/* Ownership became settled, or stopped being settled. */
TRACE_EVENT(dax_owner_settled, TP_PROTO(bool settled), TP_ARGS(settled),
	    TP_STRUCT__entry(__field(bool, settled)), TP_fast_assign(__entry->settled = settled;),
	    TP_printk("settled=%d", __entry->settled));

/* clang-format on */

#endif /* DAX_OWNER_TRACE_H */

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>

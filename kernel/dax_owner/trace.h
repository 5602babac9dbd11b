/* SPDX-License-Identifier: GPL-2.0-only */
/* The tracepoints of dax_owner, documented in docs/abi/tracepoints.md. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM dax_owner

#if !defined(DAX_OWNER_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define DAX_OWNER_TRACE_H

#include <linux/tracepoint.h>

#include "internal.h"

/* A record of the ledger was written. */
TRACE_EVENT(dax_owner_extent,
	TP_PROTO(const struct dax_owner_span *span, const struct dax_owner_record *record),
	TP_ARGS(span, record),
	TP_STRUCT__entry(
		__field(u64, start)
		__field(u64, end)
		__field(int, owner)
		__field(int, state)
		__field(int, reason)
		__field(unsigned int, flags)
		__field(int, error)
		__array(char, device, DAX_OWNER_NAME_LEN)
	),
	TP_fast_assign(
		__entry->start = span->start;
		__entry->end = span->end;
		__entry->owner = record->owner;
		__entry->state = dax_owner_record_state(record);
		__entry->reason = record->reason;
		__entry->flags = record->flags;
		__entry->error = record->error;
		memcpy(__entry->device, record->device, DAX_OWNER_NAME_LEN);
	),
	TP_printk("%#llx-%#llx owner=%d state=%d reason=%d flags=%#x error=%d device=%s",
		  __entry->start, __entry->end, __entry->owner, __entry->state,
		  __entry->reason, __entry->flags, __entry->error, __entry->device)
);

/* A driver tried to claim addresses; rc is 0 or a negative errno. */
TRACE_EVENT(dax_owner_claim,
	TP_PROTO(const char *name, const struct dax_owner_span *span, int owner, int rc),
	TP_ARGS(name, span, owner, rc),
	TP_STRUCT__entry(
		__array(char, name, DAX_OWNER_NAME_LEN)
		__field(u64, start)
		__field(u64, end)
		__field(int, owner)
		__field(int, rc)
	),
	TP_fast_assign(
		strscpy(__entry->name, name, DAX_OWNER_NAME_LEN);
		__entry->start = span->start;
		__entry->end = span->end;
		__entry->owner = owner;
		__entry->rc = rc;
	),
	TP_printk("%s %#llx-%#llx owner=%d rc=%d", __entry->name, __entry->start,
		  __entry->end, __entry->owner, __entry->rc)
);

/* A claim ended. */
TRACE_EVENT(dax_owner_release,
	TP_PROTO(const char *name, const struct dax_owner_span *span, int owner),
	TP_ARGS(name, span, owner),
	TP_STRUCT__entry(
		__array(char, name, DAX_OWNER_NAME_LEN)
		__field(u64, start)
		__field(u64, end)
		__field(int, owner)
	),
	TP_fast_assign(
		strscpy(__entry->name, name, DAX_OWNER_NAME_LEN);
		__entry->start = span->start;
		__entry->end = span->end;
		__entry->owner = owner;
	),
	TP_printk("%s %#llx-%#llx owner=%d", __entry->name, __entry->start,
		  __entry->end, __entry->owner)
);

/* A look at CXL's enumeration: over? An overtaken one proves nothing. */
TRACE_EVENT(dax_owner_sweep,
	TP_PROTO(bool over, bool overtaken),
	TP_ARGS(over, overtaken),
	TP_STRUCT__entry(__field(bool, over) __field(bool, overtaken)),
	TP_fast_assign(__entry->over = over; __entry->overtaken = overtaken;),
	TP_printk("over=%d overtaken=%d", __entry->over, __entry->overtaken)
);

/* The initial pass of this boot is over. */
TRACE_EVENT(dax_owner_pass,
	TP_PROTO(bool deadline),
	TP_ARGS(deadline),
	TP_STRUCT__entry(__field(bool, deadline)),
	TP_fast_assign(__entry->deadline = deadline;),
	TP_printk("deadline=%d", __entry->deadline)
);

/* Ownership became settled, or is not any more. */
TRACE_EVENT(dax_owner_settled,
	TP_PROTO(bool settled),
	TP_ARGS(settled),
	TP_STRUCT__entry(__field(bool, settled)),
	TP_fast_assign(__entry->settled = settled;),
	TP_printk("settled=%d", __entry->settled)
);

#endif /* DAX_OWNER_TRACE_H */

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>

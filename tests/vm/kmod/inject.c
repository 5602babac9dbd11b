// SPDX-License-Identifier: GPL-2.0-only
/*
 * inject: makes chosen calls of kernel functions fail, or wait, at run time.
 *
 * For the scenarios that force errors and races; never installed anywhere but in
 * the guest. The modules under test are not changed for it: the calls they make and the
 * functions they have are intercepted at their entry, with kprobes.
 *
 *	/sys/kernel/debug/inject
 *		written, one command at a time:
 *		fail SYMBOL CALLER NTH VALUE	the NTH call (from 1) returns VALUE, not made
 *		hold SYMBOL CALLER NTH		the NTH call waits for a release
 *		release SYMBOL			let it go
 *		clear				release all, forget all rules
 *
 *		read: one line per rule
 *		fail SYMBOL CALLER NTH VALUE calls=N hits=N
 *		hold SYMBOL CALLER NTH calls=N hits=N held=0|1
 *
 * CALLER is the module that makes the call, or "-" for any caller. MODULE:NAME,NAME... are
 * functions of it: the compiler may have made one of a few. NTH 0 is every call. SYMBOL may
 * be that of a module not loaded yet, as MODULE:NAME or NAME: the rule is armed as it comes.
 */
#include <linux/debugfs.h>
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/linkage.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/objtool.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#define MAX_RULES 16

/**
 * struct rule - what to do with calls of one function
 * @used: the slot has a rule
 * @hold: wait, else fail
 * @armed: @probe is registered
 * @symbol: the function
 * @caller: the calling module, or "-"
 * @functions: of the calling module, with a comma after each; "" for all
 * @nth: which call of it, from 1; 0 for each
 * @value: what it returns
 * @calls: calls by @caller so far
 * @hits: how many of them failed or waited
 * @holder: the task that waits, or is about to
 * @passing: the task that has waited, and now makes the call
 * @released: the holder may go on
 * @probe: at the entry of the function
 */
struct rule {
	bool used;
	bool hold;
	bool armed;
	char symbol[64];
	char caller[MODULE_NAME_LEN];
	char functions[128];
	unsigned int nth;
	long value;
	atomic_t calls;
	atomic_t hits;
	struct task_struct *holder;
	struct task_struct *passing;
	bool released;
	struct kprobe probe;
};

static DEFINE_MUTEX(lock);
static DECLARE_WAIT_QUEUE_HEAD(queue);
static struct rule rules[MAX_RULES];

/* --- where an intercepted call goes --- */

void inject_return(void);
void inject_wait(void);
unsigned long inject_hold(void);

/*
 * inject_return: back to the caller at once, with the value the probe set.
 * inject_wait: wait with the arguments kept, then make the call.
 */
asm(".pushsection .text\n"
    ".globl inject_return\n"
    ".type inject_return, @function\n"
    "inject_return:\n" ASM_ENDBR ASM_RET ".size inject_return, .-inject_return\n"
    ".globl inject_wait\n"
    ".type inject_wait, @function\n"
    "inject_wait:\n" ASM_ENDBR "	push %rdi\n"
    "	push %rsi\n"
    "	push %rdx\n"
    "	push %rcx\n"
    "	push %r8\n"
    "	push %r9\n"
    "	sub $8, %rsp\n"
    "	call inject_hold\n"
    "	add $8, %rsp\n"
    "	pop %r9\n"
    "	pop %r8\n"
    "	pop %rcx\n"
    "	pop %rdx\n"
    "	pop %rsi\n"
    "	pop %rdi\n"
    "	push %rax\n" ASM_RET ".size inject_wait, .-inject_wait\n"
    ".popsection\n");
STACK_FRAME_NON_STANDARD(inject_wait);

/* Returns the address of the function to call. */
unsigned long inject_hold(void)
{
	for (int i = 0; i < MAX_RULES; i++) {
		struct rule *rule = &rules[i];
		unsigned long function = (unsigned long)rule->probe.addr;

		if (READ_ONCE(rule->holder) != current)
			continue;
		wait_event_idle(queue, READ_ONCE(rule->released));
		WRITE_ONCE(rule->passing, current);
		/* the rule may be cleared from here on */
		smp_store_release(&rule->holder, NULL);
		wake_up_all(&queue);
		return function;
	}
	BUG();
}

/* Is the name, up to a suffix of the compiler's or the offset, among @functions? */
static bool is_among(const char *functions, const char *name)
{
	size_t len = strcspn(name, ".+");
	const char *found = functions;

	while (*found && (strncmp(found, name, len) || found[len] != ','))
		found = strchr(found, ',') + 1;
	return *found;
}

static bool called_by(const struct rule *rule, unsigned long from)
{
	char text[KSYM_SYMBOL_LEN], *name;

	if (!strcmp(rule->caller, "-"))
		return true;
	/* everybody else allocates, too: those are not worth a lookup */
	if (from < MODULES_VADDR || from >= MODULES_END)
		return false;
	sprint_symbol(text, from);
	name = strrchr(text, '[');
	return name && !strncmp(name + 1, rule->caller, strlen(rule->caller)) &&
	       strchr("] ", name[1 + strlen(rule->caller)]) &&
	       (!*rule->functions || is_among(rule->functions, text));
}

static int intercept(struct kprobe *probe, struct pt_regs *regs)
{
	struct rule *rule = container_of(probe, struct rule, probe);

	if (READ_ONCE(rule->passing) == current) {
		WRITE_ONCE(rule->passing, NULL);
		return 0;
	}
	if (!called_by(rule, *(unsigned long *)regs->sp))
		return 0;
	if (atomic_inc_return(&rule->calls) != rule->nth && rule->nth)
		return 0;

	atomic_inc(&rule->hits);
	if (rule->hold) {
		WRITE_ONCE(rule->holder, current);
		regs->ip = (unsigned long)inject_wait;
	} else {
		regs->ax = rule->value;
		regs->ip = (unsigned long)inject_return;
	}
	return 1;
}
NOKPROBE_SYMBOL(intercept);

/* Its being there keeps the probe from being optimised, which could not redirect. */
static void after(struct kprobe *probe, struct pt_regs *regs, unsigned long flags) { }

/* --- rules --- */

static int arm(struct rule *rule)
{
	int rc;

	rule->probe = (struct kprobe) {
		.symbol_name = rule->symbol,
		.pre_handler = intercept,
		.post_handler = after,
	};
	rc = register_kprobe(&rule->probe);
	rule->armed = !rc;
	return rc;
}

static int add(const struct rule *wanted)
{
	for (int i = 0; i < MAX_RULES; i++) {
		struct rule *rule = &rules[i];
		int rc;

		if (rule->used)
			continue;
		*rule = *wanted;
		rule->used = true;
		rc = arm(rule);
		if (!rc || rc == -ENOENT)
			return 0;
		rule->used = false;
		return rc;
	}
	return -ENOSPC;
}

static void release(struct rule *rule)
{
	WRITE_ONCE(rule->released, true);
	wake_up_all(&queue);
}

static void clear(void)
{
	for (int i = 0; i < MAX_RULES; i++) {
		struct rule *rule = &rules[i];

		if (!rule->used)
			continue;
		release(rule);
		if (rule->armed)
			unregister_kprobe(&rule->probe);
		wait_event_idle(queue, !READ_ONCE(rule->holder));
		*rule = (struct rule) {};
	}
}

static int command(const char *text)
{
	struct rule rule = { .hold = !strncmp(text, "hold ", 5) };
	char caller[sizeof(rule.caller) + sizeof(rule.functions)];
	char name[64], *functions;

	if (!strcmp(text, "clear")) {
		clear();
		return 0;
	}
	if (sscanf(text, "release %63s", name) == 1) {
		for (int i = 0; i < MAX_RULES; i++)
			if (rules[i].used && !strcmp(rules[i].symbol, name))
				release(&rules[i]);
		return 0;
	}
	if (rule.hold ? sscanf(text, "hold %63s %159s %u", rule.symbol, caller, &rule.nth) != 3 :
			sscanf(text, "fail %63s %159s %u %li", rule.symbol, caller, &rule.nth,
			       &rule.value) != 4)
		return -EINVAL;

	functions = strchr(caller, ':');
	if (functions) {
		*functions++ = '\0';
		if (snprintf(rule.functions, sizeof(rule.functions), "%s,", functions) >=
		    sizeof(rule.functions))
			return -EINVAL;
	}
	if (strscpy(rule.caller, caller, sizeof(rule.caller)) < 0)
		return -EINVAL;
	return add(&rule);
}

/* Functions of modules: as they come, and gone with them. */
static int module_event(struct notifier_block *nb, unsigned long event, void *data)
{
	if (event != MODULE_STATE_COMING && event != MODULE_STATE_GOING)
		return NOTIFY_DONE;

	mutex_lock(&lock);
	for (int i = 0; i < MAX_RULES; i++) {
		struct rule *rule = &rules[i];

		if (!rule->used)
			continue;
		if (event == MODULE_STATE_COMING && !rule->armed) {
			arm(rule);
		} else if (event == MODULE_STATE_GOING && rule->armed &&
			   within_module((unsigned long)rule->probe.addr, data)) {
			unregister_kprobe(&rule->probe);
			rule->armed = false;
		}
	}
	mutex_unlock(&lock);
	return NOTIFY_OK;
}

static struct notifier_block module_nb = { .notifier_call = module_event };

/* --- the file --- */

static int show(struct seq_file *seq, void *data)
{
	mutex_lock(&lock);
	for (int i = 0; i < MAX_RULES; i++) {
		struct rule *rule = &rules[i];

		if (!rule->used)
			continue;
		seq_printf(seq, "%s %s %s%s%.*s %u", rule->hold ? "hold" : "fail", rule->symbol,
			   rule->caller, *rule->functions ? ":" : "",
			   (int)max(strlen(rule->functions), 1UL) - 1, rule->functions, rule->nth);
		if (!rule->hold)
			seq_printf(seq, " %ld", rule->value);
		seq_printf(seq, " calls=%d hits=%d", atomic_read(&rule->calls),
			   atomic_read(&rule->hits));
		if (rule->hold)
			seq_printf(seq, " held=%d", !!READ_ONCE(rule->holder));
		seq_putc(seq, '\n');
	}
	mutex_unlock(&lock);
	return 0;
}

static int file_open(struct inode *inode, struct file *file)
{
	return single_open(file, show, NULL);
}

static ssize_t file_write(struct file *file, const char __user *from, size_t count, loff_t *at)
{
	char text[320] = "";
	int rc;

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, count))
		return -EFAULT;

	mutex_lock(&lock);
	rc = command(strim(text));
	mutex_unlock(&lock);
	return rc ?: count;
}

static const struct file_operations file_ops = {
	.owner = THIS_MODULE,
	.open = file_open,
	.read = seq_read,
	.write = file_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static int __init inject_init(void)
{
	int rc = register_module_notifier(&module_nb);

	if (rc)
		return rc;
	debugfs_create_file("inject", 0600, NULL, NULL, &file_ops);
	return 0;
}
module_init(inject_init);

/* No exit: a task may be waiting in here. */

MODULE_DESCRIPTION("Test only: makes calls fail or wait");
MODULE_LICENSE("GPL");

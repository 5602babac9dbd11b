// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which values a report masks, which it keeps, and that equal values get equal names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/report/mask.h"
#include "cli/report/parameters.h"

/* Mask one text with a new mask, which has no known values */
static void becomes(const char *text, const char *expected)
{
	struct mask *mask = mask_new();
	char *masked = mask_text(mask, text);

	assert_string_equal(masked, expected);
	free(masked);
	mask_free(mask);
}

static void stays(const char *text)
{
	becomes(text, text);
}

static void mask_same_value_has_same_name(void **state)
{
	struct mask *mask = mask_new();
	char *first, *second;

	(void)state;
	first = mask_text(mask, "from 10.0.0.1 to 10.0.0.2\nback to 10.0.0.1");
	assert_string_equal(first, "from <ip-1> to <ip-2>\nback to <ip-1>");
	second = mask_text(mask, "10.0.0.2, 10.0.0.3\n");
	assert_string_equal(second, "<ip-2>, <ip-3>\n");
	free(first);
	free(second);
	mask_free(mask);
}

static void mask_uuids_are_masked(void **state)
{
	(void)state;
	becomes("root=UUID=9be6c7b0-0f7e-4f2c-9d2e-0c5fbb4e2a11", "root=UUID=<uuid-1>");
	/* any spelling of one UUID has one name */
	becomes("9BE6C7B0-0F7E-4F2C-9D2E-0C5FBB4E2A11 9be6c7b00f7e4f2c9d2e0c5fbb4e2a11",
		"<uuid-1> <uuid-1>");
	becomes("uuid_9be6c7b0-0f7e-4f2c-9d2e-0c5fbb4e2a11_x", "uuid_<uuid-1>_x");
	/* the UUID of a region that has none */
	stays("00000000-0000-0000-0000-000000000000");
	/* too short, too long */
	stays("9be6c7b0-0f7e-4f2c-9d2e-0c5fbb4e2a1");
	stays("9be6c7b0-0f7e-4f2c-9d2e-0c5fbb4e2a112");
	stays("A1B2C3D4E5F60718293A4B5");
	stays("9be6c7b00f7e4f2c9d2e0c5fbb4e2a119be6c7b0");
}

static void mask_machine_and_boot_ids_are_named(void **state)
{
	struct mask *mask = mask_new();
	char *masked;

	(void)state;
	assert_string_equal(mask_value(mask, MASK_MACHINE, "00112233445566778899aabbccddeeff"),
			    "<machine-id-1>");
	assert_string_equal(mask_value(mask, MASK_BOOT, "9be6c7b0-0f7e-4f2c-9d2e-0c5fbb4e2a11"),
			    "<boot-id-1>");
	masked =
		mask_text(mask,
			  "\"boot\":\"9be6c7b00f7e4f2c9d2e0c5fbb4e2a11\" of 00112233-4455-6677-8899-AABBCCDDEEFF");
	assert_string_equal(masked, "\"boot\":\"<boot-id-1>\" of <machine-id-1>");
	free(masked);
	mask_free(mask);
}

static void mask_network_addresses_are_masked(void **state)
{
	(void)state;
	becomes("52:54:00:12:34:56", "<mac-1>");
	becomes("52-54-00-AB-cd-ef.", "<mac-1>.");
	becomes("nfs 192.168.1.20:2049, 192.168.1.20.", "nfs <ip-1>:2049, <ip-1>.");
	becomes("fe80::5054:ff:fe12:3456%eth0 2001:db8::1", "<ip-1>%eth0 <ip-2>");
	becomes("10.1.2.3:eth0", "<ip-1>:eth0");
	/* addresses of memory and PCI, times and versions stay */
	stays("690000000-6cfffffff : Soft Reserved\n  0000:0c:00.0: CXL 12:34:56 at 0x690000000");
	stays("firmware_version: 1.2.3.4\nversion 10.0.0.1");
	stays("1.2.3 1.2.3.4.5 1.2.3.400 std::map ::");
	stays("52:54:00:12:34 12:34:56:78:9");
}

static void mask_serials_and_hosts_are_masked(void **state)
{
	struct mask *mask = mask_new();
	char *masked;

	(void)state;
	assert_string_equal(mask_value(mask, MASK_SERIAL, "0xc100000000e"), "<serial-1>");
	assert_string_equal(mask_value(mask, MASK_SERIAL, "0xC100000000F"), "<serial-2>");
	assert_string_equal(mask_value(mask, MASK_SERIAL, "0xc100000000e"), "<serial-1>");
	/* too short to be masked in other texts */
	assert_string_equal(mask_value(mask, MASK_SERIAL, "17"), "<serial-3>");
	/* a serial of zero is no serial */
	assert_string_equal(mask_value(mask, MASK_SERIAL, "0x0"), "0x0");
	assert_string_equal(mask_value(mask, MASK_HOST, "db1"), "<host-1>");
	assert_string_equal(mask_value(mask, MASK_HOST, "db1.example.org"), "<host-2>");
	masked =
		mask_text(mask,
			  "DB1: mem0 0xc100000000e, 0xc100000000f, 0xc100000000ea, 17 db12 db1.example.org db1-ilo");
	assert_string_equal(masked,
			    "<host-1>: mem0 <serial-1>, <serial-2>, 0xc100000000ea, 17 db12 <host-2> <host-1>-ilo");
	free(masked);
	mask_free(mask);
}

/* Mask a text after one known value of each kind */
static void knows(enum mask_kind kind, const char *value, const char *text, const char *expected)
{
	struct mask *mask = mask_new();
	char *masked;

	assert_non_null(mask_value(mask, kind, value));
	masked = mask_text(mask, text);
	assert_string_equal(masked, expected);
	free(masked);
	mask_free(mask);
}

static void mask_domain_of_host_is_masked(void **state)
{
	(void)state;
	/* the file has the short name, and the text has the domain */
	knows(MASK_HOST, "db1", "db1.example.org db1 db1-ilo.example.org, nfs.Example.org.",
	      "<host-2> <host-1> <host-3>, <host-4>.");
	knows(MASK_HOST, "db1.example.org", "example.org store.example.org example.organ",
	      "<domain-1> <host-2> example.organ");
	/* a domain of one label is masked as an ending only */
	knows(MASK_DOMAIN, "corp", "db2.corp corp", "<host-1> corp");
	knows(MASK_HOST, "db1.corp", "db2.corp corp db1.corp", "<host-2> corp <host-1>");
	/* a file is no domain */
	knows(MASK_HOST, "db1", "db1.conf.d conf.d", "<host-2> conf.d");
}

static void mask_serial_spellings_are_masked(void **state)
{
	(void)state;
	knows(MASK_SERIAL, "0xc100000000e",
	      "0xC100000000E 0X00000C100000000e c100000000E 00000c100000000e 13262859010062 "
	      "00-00-0c-10-00-00-00-0e 00:00:0C:10:00:00:00:0E",
	      "<serial-1> <serial-1> <serial-1> <serial-1> <serial-1> <serial-1> <serial-1>");
	knows(MASK_SERIAL, "00-80-ee-00-00-6e-24-c1", "0x80ee00006e24c1 36290480793593025",
	      "<serial-1> <serial-1>");
	/* decimal digits without a prefix may be hexadecimal */
	knows(MASK_SERIAL, "12345678", "0x12345678 0xbc614e 012345678",
	      "<serial-1> <serial-1> <serial-1>");
	knows(MASK_SERIAL, "S4XYZ0017", "s4xyz0017 S4XYZ00171", "<serial-1> S4XYZ00171");
	/* a small number has other meanings, and a longer word is another number */
	knows(MASK_SERIAL, "0x17", "0x17 23 0017", "0x17 23 0017");
	knows(MASK_SERIAL, "0xc100000000e",
	      "0xc100000000e1 13262859010063 00-00-0c-10-00-00-00-0e-01",
	      "0xc100000000e1 13262859010063 <mac-1>");
}

static void mask_announced_serials_are_masked(void **state)
{
	(void)state;
	becomes("serial: 0xc100000000e, again 13262859010062",
		"serial: <serial-1>, again <serial-1>");
	becomes("Serial Number=AB-12.3 \"serial\":\"17\" DSN: 00-80-ee-00-00-6e-24-c1. s/n #9z",
		"Serial Number=<serial-1> \"serial\":\"<serial-2>\" DSN: <serial-3>. s/n #<serial-4>");
	becomes("serial 0xc1", "serial <serial-1>");
	stays("serial port 17, serial: none, serial=0x0, serial8250: 1, isn: 17");
}

static void mask_users_are_masked(void **state)
{
	(void)state;
	becomes("/home"
		"/me.too/src /home"
		"/ me.too xhome/a",
		"/home"
		"/<user-1>/src /home"
		"/ me.too xhome/a");
}

static void keeps(const char *line, const char *expected)
{
	char *masked = parameters_mask(line);

	assert_string_equal(masked, expected);
	free(masked);
}

static void parameters_unknown_values_are_masked(void **state)
{
	(void)state;
	/* a word without a value may be a secret, too */
	keeps("ro hunter2 quiet \"pass phrase\" \"pass phrase=x\" cxl_core.x dax_owner",
	      "ro <masked> quiet <masked> <masked> cxl_core.x dax_owner");
	keeps("BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet\n",
	      "BOOT_IMAGE=<masked> root=<masked> ro quiet\n");
	keeps("efi=nosoftreserve memmap=4G!16G mem=8G numa=fake=2 crashkernel=256M default_hugepagesz=1G",
	      "efi=nosoftreserve memmap=4G!16G mem=8G numa=fake=2 crashkernel=256M default_hugepagesz=1G");
	keeps("dax_owner.policy=split dax-owner.deadline=60 cxl_core.dyndbg=+p intel_iommu=on memhp_default_state=online",
	      "dax_owner.policy=split dax-owner.deadline=60 cxl_core.dyndbg=+p intel_iommu=on memhp_default_state=online");
	/* a quoted value is one word, with its blanks */
	keeps("cxl_core.dyndbg=\"file a.c +p\" key=\"mem=1 cxl=2\" \"pw=a cxl=b\" mem=1",
	      "cxl_core.dyndbg=\"file a.c +p\" key=<masked> \"pw=<masked>\" mem=1");
	keeps("key=\"without an end mem=1", "key=<masked>");
	/* the kernel quotes a parameter that it does not know as a whole */
	keeps("\"numa_x=1 rootpw=secret cxl\" \"cxl_x rootpw=secret\"",
	      "\"numa_x=<masked>\" <masked>");
	/* a known name is a whole name: mem is known, member is not */
	keeps("member=secret token=0x1", "member=<masked> token=<masked>");
	keeps("mem=1 -- single mem=1", "mem=1 -- <masked> <masked>");
	keeps("", "");
}

static void mask_command_line_in_message_is_masked(void **state)
{
	(void)state;
	becomes("Unknown kernel command line parameters \"hunter2 a=b\", will be passed",
		"Unknown kernel command line parameters <masked> <masked> <masked> <masked>");
	becomes("[0.1] Kernel command line: rd.password=cxl cxl_core.x=1\n[0.2] a=b\n",
		"[0.1] Kernel command line: rd.password=<masked> cxl_core.x=1\n[0.2] a=b\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mask_same_value_has_same_name),
		cmocka_unit_test(mask_uuids_are_masked),
		cmocka_unit_test(mask_machine_and_boot_ids_are_named),
		cmocka_unit_test(mask_network_addresses_are_masked),
		cmocka_unit_test(mask_serials_and_hosts_are_masked),
		cmocka_unit_test(mask_domain_of_host_is_masked),
		cmocka_unit_test(mask_serial_spellings_are_masked),
		cmocka_unit_test(mask_announced_serials_are_masked),
		cmocka_unit_test(mask_users_are_masked),
		cmocka_unit_test(parameters_unknown_values_are_masked),
		cmocka_unit_test(mask_command_line_in_message_is_masked),
	};

	return cmocka_run_group_tests_name("mask", tests, NULL, NULL);
}

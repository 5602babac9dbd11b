# SPDX-License-Identifier: GPL-2.0-only
#
# faults.awk: compare the evidence with the expectations of guest/faults, in one process, because a process takes long
# on the debug kernel. Print each difference.
#
#	awk -v expected="WORDS" -v pieces="A START L START..." -v size=BYTES -f faults.awk EVIDENCE
#
# EVIDENCE is the output of evidence() in guest/faults; its ranges are inclusive:
#	dax START END OWNER DRIVER NAME
#	extent START END STATE REASON ERROR HOLDER NAME

function complain(text) {
	print piece " " text
}

# The lines of a kind that meet [low, high], for a complaint
function lines_of(kind,	i, text) {
	for (i = 1; i <= count[kind]; i++)
		if (start[kind, i] <= high && end[kind, i] >= low)
			text = text "\n    " line[kind, i]
	return text ? text : " nothing"
}

function some(kind,	i) {
	for (i = 1; i <= count[kind]; i++)
		if (start[kind, i] <= high && end[kind, i] >= low)
			return 1
	return 0
}

# Check whether the lines of a kind cover [low, high] without a gap.
function covered(kind,	at, i, found) {
	at = low
	do {
		found = 0
		for (i = 1; i <= count[kind]; i++)
			if (start[kind, i] <= at && end[kind, i] >= at) {
				at = end[kind, i] + 1
				found = 1
			}
	} while (found && at <= high)
	return at > high
}

# The DAX bus must show this owner over [low, high] without a gap, under kmem.
function must_own(owner,	i, foreign) {
	for (i = 1; i <= count["dax"]; i++)
		if (start["dax", i] <= high && end["dax", i] >= low &&
		    field["dax", i] !~ "^" owner " kmem ")
			foreign = 1
	if (foreign || !covered("dax"))
		complain("must be owned by " owner "; the DAX bus has:" lines_of("dax"))
}

function must_have_no_driver() {
	if (some("dax"))
		complain("must have no driver; the DAX bus has:" lines_of("dax"))
}

# All extents there must have "STATE REASON ERROR HOLDER" of this pattern.
function must_record(pattern,	i, other) {
	for (i = 1; i <= count["extent"]; i++)
		if (start["extent", i] <= high && end["extent", i] >= low &&
		    field["extent", i] !~ "^" pattern " [^ ]*$")
			other = 1
	if (other || !covered("extent"))
		complain("must be /" pattern "/; the ledger has:" lines_of("extent"))
}

# The DAX bus and the ledger must show the owner.
function must_be_owned(owner) {
	must_own(owner)
	must_record("owned [^ ]+ 0 -")
}

function must_be_stranded(error,	holder) {
	holder = "-"
	if (index(error, ":")) {
		holder = substr(error, index(error, ":") + 1)
		error = substr(error, 1, index(error, ":") - 1)
		sub(/\*$/, "[^ ]*", holder)
	}
	must_have_no_driver()
	must_record("stranded claim-failed " error " " holder)
}

# Check one piece by the word that its expectation has, or by "".
function check(expectation, owner,	len, last) {
	if (expectation == "") {
		must_be_owned(owner)
	} else if (expectation == "no-driver") {
		must_have_no_driver()
	} else if (expectation ~ /:hidden$/) {
		must_own(owner)
		if (some("extent"))
			complain("must have no extent:" lines_of("extent"))
	} else if (expectation ~ /:claimed$/) {
		must_have_no_driver()
		must_record("claimed [^ ]+ 0 -")
	} else if (expectation ~ /@/) {
		must_own(substr(expectation, 3))
	} else if (expectation ~ /^.=/) {
		must_be_stranded(substr(expectation, 3))
	} else if (expectation ~ /^.\+[0-9]+=/) {
		len = substr(expectation, 3) + 0
		last = high
		high = low + len - 1
		must_be_stranded(substr(expectation, index(expectation, "=") + 1))
		low = high + 1
		high = last
		must_be_owned(owner)
	} else {
		complain("unknown expectation " expectation)
	}
}

{
	i = ++count[$1]
	start[$1, i] = $2
	end[$1, i] = $3
	line[$1, i] = $0
	text = $0
	sub(/^[^ ]+ [^ ]+ [^ ]+ /, "", text)
	field[$1, i] = text
}

END {
	words = split(expected, word, " ")
	default_expectation = ""
	for (w = 1; w <= words; w++) {
		if (word[w] == "no-driver" || word[w] == "gone" || word[w] == "others-no-driver")
			default_expectation = "no-driver"
		if (word[w] == "no-extents" && count["extent"])
			print "sysfs must have no extent, it has " count["extent"]
	}
	n = split(pieces, where, " ")
	for (p = 1; p < n; p += 2) {
		piece = where[p]
		low = where[p + 1] + 0
		high = low + size - 1
		expectation = default_expectation
		for (w = 1; w <= words; w++)
			if (word[w] ~ "^" piece "[=+:@]")
				expectation = word[w]
		check(expectation, piece == "M" ? "dax_cxl" : "dax_hmem")
	}
}

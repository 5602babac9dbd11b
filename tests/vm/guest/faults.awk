# SPDX-License-Identifier: GPL-2.0-only
#
# faults.awk: compares what is with what guest/faults expects, all at once: on the debug
# kernel each process is felt. Prints what is wrong, nothing if all is well.
#
#	awk -v expected="WORDS" -v pieces="A START L START..." -v size=BYTES -f faults.awk SEEN
#
# SEEN is the output of seen() in guest/faults, its bounds are inclusive:
#	dax START END OWNER DRIVER NAME
#	extent START END STATE REASON ERROR HOLDER NAME

function complain(text) {
	print piece " " text
}

# The lines of a kind that meet [low, high], for a complaint
function those(kind,	i, text) {
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

# Do the lines of a kind cover [low, high] without a gap?
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

# By the DAX bus, all of it, with kmem
function must_own(owner,	i, foreign) {
	for (i = 1; i <= count["dax"]; i++)
		if (start["dax", i] <= high && end["dax", i] >= low &&
		    field["dax", i] !~ "^" owner " kmem ")
			foreign = 1
	if (foreign || !covered("dax"))
		complain("should be " owner "'s, the DAX bus has:" those("dax"))
}

function must_be_nobodys() {
	if (some("dax"))
		complain("should be nobody's, the DAX bus has:" those("dax"))
}

# All extents there say so: "STATE REASON ERROR HOLDER", a pattern
function must_say(pattern,	i, other) {
	for (i = 1; i <= count["extent"]; i++)
		if (start["extent", i] <= high && end["extent", i] >= low &&
		    field["extent", i] !~ "^" pattern " [^ ]*$")
			other = 1
	if (other || !covered("extent"))
		complain("should be /" pattern "/, the ledger has:" those("extent"))
}

# Owned, by the bus and in the ledger
function must_be_owned(owner) {
	must_own(owner)
	must_say("owned [^ ]+ 0 -")
}

function must_be_stranded(error,	holder) {
	holder = "-"
	if (index(error, ":")) {
		holder = substr(error, index(error, ":") + 1)
		error = substr(error, 1, index(error, ":") - 1)
		sub(/\*$/, "[^ ]*", holder)
	}
	must_be_nobodys()
	must_say("stranded claim-failed " error " " holder)
}

# One piece, with the word of the expectation that speaks of it, or ""
function check(said, owner,	len, last) {
	if (said == "") {
		must_be_owned(owner)
	} else if (said == "nobody") {
		must_be_nobodys()
	} else if (said ~ /:hidden$/) {
		must_own(owner)
		if (some("extent"))
			complain("should have no extent:" those("extent"))
	} else if (said ~ /:claimed$/) {
		must_be_nobodys()
		must_say("claimed [^ ]+ 0 -")
	} else if (said ~ /@/) {
		must_own(substr(said, 3))
	} else if (said ~ /^.=/) {
		must_be_stranded(substr(said, 3))
	} else if (said ~ /^.\+[0-9]+=/) {
		len = substr(said, 3) + 0
		last = high
		high = low + len - 1
		must_be_stranded(substr(said, index(said, "=") + 1))
		low = high + 1
		high = last
		must_be_owned(owner)
	} else {
		complain("expectation " said " is not understood")
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
	default_said = ""
	for (w = 1; w <= words; w++) {
		if (word[w] == "nobody" || word[w] == "gone" || word[w] == "others-nobody")
			default_said = "nobody"
		if (word[w] == "unseen" && count["extent"])
			print "there should be no extent, there are " count["extent"]
	}
	n = split(pieces, where, " ")
	for (p = 1; p < n; p += 2) {
		piece = where[p]
		low = where[p + 1] + 0
		high = low + size - 1
		said = default_said
		for (w = 1; w <= words; w++)
			if (word[w] ~ "^" piece "[=+:@]")
				said = word[w]
		check(said, piece == "M" ? "dax_cxl" : "dax_hmem")
	}
}

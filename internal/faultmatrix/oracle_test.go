package faultmatrix

import (
	"fmt"
	"slices"
	"strings"
)

// count is something that must never happen.
type count int

const (
	wrongSuccesses count = iota
	lostBytes
	duplicates
	partsLeft
	secretsTold
	lateEnds
	panics
	connectionsLeft
	kindsMissing
	needlessFailures
	strangersCalled
	counts
)

var countNames = [counts]string{
	"wrong successes", "lost bytes", "duplicates", "parts left behind", "secrets told", "late ends", "panics", "connections left", "kinds missing",
	"failures without a need", "strangers called",
}

// mishap is a count that a cell adds to.
type mishap struct {
	count count
	text  string
}

// judge says what went wrong in a cell.
func (c *cell) judge(o *outcome, elsewhere *elsewhere) []mishap {
	var found []mishap
	add := func(n count, format string, args ...any) {
		found = append(found, mishap{n, fmt.Sprintf("%s: %s: %s", countNames[n], c, fmt.Sprintf(format, args...))})
	}
	switch {
	case o.panics != "":
		add(panics, "%s", o.panics)
	case o.err == nil && o.wrong != "" && c.believes() != "":
	case o.err == nil && strings.HasPrefix(o.wrong, lost):
		add(lostBytes, "%s", o.wrong)
	case o.err == nil && o.wrong != "":
		add(wrongSuccesses, "%s", o.wrong)
	case o.err != nil:
		if _, has := kindOf(o.err); !has {
			add(kindsMissing, "%v", o.err)
		}
		if c.succeeds() {
			add(needlessFailures, "%v", o.err)
		}
	}
	switch {
	case o.left != "" && c.believes() != "":
	case strings.HasPrefix(o.left, lost):
		add(lostBytes, "%s", o.left)
	case o.left != "":
		add(partsLeft, "%s; the error is %v", o.left, o.err)
	}
	if c.twice {
		add(duplicates, "sent %d times", c.arrivals)
	}
	if form := toldIn(c.texts(o), slices.Concat(c.sent, []string{c.password})); form != "" {
		add(secretsTold, "%q: %v", form, o.err)
	}
	if o.late > 0 {
		add(lateEnds, "%v too late: %v", o.late, o.err)
	}
	if o.open > 0 {
		add(connectionsLeft, "%d", o.open)
	}
	if _, visited := elsewhere.visited.Load(decimal(c.number)); visited {
		add(strangersCalled, "%v", o.err)
	}
	return found
}

// believes returns why a call takes what is not true for a success; "" where
// there is no reason to.
func (c *cell) believes() string {
	switch {
	case c.call.anyAnswer && c.fault.claims && !c.fault.page:
		return "no guide says which status it succeeds with, or what comes with it: any 2xx that is no page is one"
	case c.call.byStatus && c.fault.claims:
		return "its status is all that the service says to it, and Swift puts a page beside some"
	case c.call.absentToo && (c.fault.absent || c.call.storage && c.fault.claims):
		return "who says that it is not there any more is believed: it was to be deleted"
	case c.call.emptyList && c.fault.empty:
		return "Swift answers so where there is nothing to list"
	case c.call.sizeByHeader && c.fault.sizes:
		return "nothing but the header tells the size"
	case c.call.byETag && c.fault.etags:
		return "an ETag is all that shows it, and what that has to be the service alone knows"
	case c.call.generation == v1 && c.call.unanswered && c.fault.agrees:
		return "it is all that the service has to say to it"
	case c.fault.knows:
		return "all of it had left when the answer came, which has its checksum"
	case c.call.listed && c.fault.lists:
		return "what a list has to have in it the service alone knows"
	}
	return ""
}

// succeeds reports whether there is no reason for the call to fail.
func (c *cell) succeeds() bool {
	if slices.Contains(c.call.bears, c.fault.name) {
		return false
	}
	return !c.call.endless && (c.fault.good || c.fault.passes && c.once && !c.call.unsafe)
}

package opcheck

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Report is the outcome of a check.
type Report struct {
	Groups   []Group      // in the order of the table
	Missing  []*Operation // counted but not covered, in the order of the table
	Problems []Problem    // by file and line
}

// A Group is the operations that a service has in one of its APIs.
type Group struct {
	Service, API   string
	Covered, Total int
}

// Covered returns how many operations are covered, and of how many.
func (r *Report) Covered() (covered, total int) {
	for _, g := range r.Groups {
		covered += g.Covered
		total += g.Total
	}
	return covered, total
}

// Tests is what the tests sent. Required makes it a problem when an operation
// of the SDK wasn't sent with a success and with a failure.
type Tests struct {
	Sent     []Sent
	Required bool
}

// Check compares the table, the sources and, unless nil, the tests.
func Check(table *Table, sources *Sources, tests *Tests) *Report {
	c := checker{
		table:     table,
		report:    &Report{Problems: slices.Clone(sources.Problems)},
		lines:     map[string][]APILine{},
		literals:  map[[2]string]bool{},
		succeeded: map[string]bool{},
		failed:    map[string]bool{},
	}
	c.sources(sources)
	if tests != nil {
		c.sent(tests.Sent)
		if tests.Required {
			c.requireTests()
		}
	}
	c.count(tests != nil)
	slices.SortStableFunc(c.report.Problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), strings.Compare(a.Text, b.Text))
	})
	c.report.Problems = slices.Compact(c.report.Problems)
	return c.report
}

type checker struct {
	table     *Table
	report    *Report
	lines     map[string][]APILine // by operation; only lines that agree with the table
	literals  map[[2]string]bool   // by package and operation
	succeeded map[string]bool
	failed    map[string]bool
}

func (c *checker) problem(at Position, format string, args ...any) {
	c.report.Problems = append(c.report.Problems, Problem{at, fmt.Sprintf(format, args...)})
}

func (c *checker) sources(s *Sources) {
	for _, lit := range s.Literals {
		c.literals[[2]string{lit.Package, lit.ID}] = true
	}
	for _, line := range s.APILines {
		op := c.table.Lookup(line.ID)
		if op == nil {
			c.problem(line.Position, "%s: the API line names the operation %s, which isn't in the table", line.Function, line.ID)
			continue
		}
		if line.Method != op.Method || line.Path != op.Path {
			c.problem(line.Position, "%s: the API line says %s %s, the table has %s %s for %s",
				line.Function, line.Method, line.Path, op.Method, op.Path, op.ID)
			continue
		}
		if !c.literals[[2]string{line.Package, line.ID}] {
			c.problem(line.Position, "%s: the API line names %s, but no request in this package does", line.Function, line.ID)
			continue
		}
		c.lines[line.ID] = append(c.lines[line.ID], line)
	}
	documented := map[string]bool{}
	for _, line := range s.APILines {
		documented[line.ID] = true
	}
	for _, lit := range s.Literals {
		switch {
		case c.table.Lookup(lit.ID) == nil:
			c.problem(lit.Position, "the operation %q isn't in the table", lit.ID)
		case !documented[lit.ID]:
			c.problem(lit.Position, "no doc comment has the API line of %s", lit.ID)
		}
	}
}

func (c *checker) sent(sent []Sent) {
	told := map[string]bool{} // once per operation: what one test sends, many do
	for _, s := range sent {
		op := c.table.Lookup(s.ID)
		if op == nil {
			continue // a made-up operation, as tests of the core send them
		}
		if s.Method != op.Method || !op.Matches(s.Path) {
			if !told[s.ID] {
				c.problem(s.Position, "a test sent %s as %s %s, the table has %s %s", s.ID, s.Method, s.Path, op.Method, op.Path)
			}
			told[s.ID] = true
			continue
		}
		c.succeeded[s.ID] = c.succeeded[s.ID] || s.Succeeded()
		c.failed[s.ID] = c.failed[s.ID] || s.Failed()
	}
}

func (c *checker) requireTests() {
	for _, op := range c.table.Operations {
		for _, line := range c.lines[op.ID] {
			succeeded, failed := c.succeeded[op.ID], c.failed[op.ID]
			switch {
			case !succeeded && !failed:
				c.problem(line.Position, "%s: no test got an answer to %s", line.Function, op.ID)
			case !failed:
				c.problem(line.Position, "%s: %s was tested with a success only", line.Function, op.ID)
			case !succeeded:
				c.problem(line.Position, "%s: %s was tested with a failure only", line.Function, op.ID)
			}
		}
	}
}

func (c *checker) count(tested bool) {
	index := map[[2]string]int{}
	for _, op := range c.table.Operations {
		if !op.Counted() {
			continue
		}
		key := [2]string{op.Service, op.API}
		i, ok := index[key]
		if !ok {
			i = len(c.report.Groups)
			index[key] = i
			c.report.Groups = append(c.report.Groups, Group{Service: op.Service, API: op.API})
		}
		group := &c.report.Groups[i]
		group.Total++
		if len(c.lines[op.ID]) > 0 && (!tested || c.succeeded[op.ID] && c.failed[op.ID]) {
			group.Covered++
		} else {
			c.report.Missing = append(c.report.Missing, op)
		}
	}
}

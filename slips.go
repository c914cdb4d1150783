package nhncloud

import (
	"context"
	"log/slog"
	"slices"
	"strings"
)

// origin is what is known of the environment that a Config was read from.
type origin struct {
	slips []slip
}

// slip is a variable that is set but not read, beside one that is not set.
type slip struct {
	set    string
	wanted variable
}

// names tells the variables that a field is read from.
func (o *origin) names(field string) string {
	i := slices.IndexFunc(variables, func(v variable) bool { return v.field == field })
	names := variables[i].names
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// String tells what was set and not read.
func (s slip) String() string {
	return s.set + " is set, but not read; is " + s.wanted.names[0] + " meant?"
}

// slips returns those that the program has not made good for meanwhile.
func (c *Config) slips() []slip {
	if c.origin == nil {
		return nil
	}
	var left []slip
	for _, s := range c.origin.slips {
		v, value := s.wanted, c.Endpoints[s.wanted.service]
		if v.at != nil {
			value = *v.at(c)
		}
		if value == "" || v.field == "Environment" || v.read != nil { // which have defaults
			left = append(left, s)
		}
	}
	return left
}

// warnOfSlips tells of variables that were set in vain. That is no error, for
// they may be there for another program.
func (c *Config) warnOfSlips(logger *slog.Logger) {
	for _, s := range c.slips() {
		// Names without the prefix are more likely those of other programs.
		if strings.HasPrefix(strings.ToUpper(s.set), "NHN") {
			logger.LogAttrs(context.Background(), slog.LevelWarn, "nhncloud: "+s.String())
		}
	}
}

// findSlips returns the variables that seem to be set in the place of unset
// ones: those of their lists that isSet, and of all the names those that differ
// by a letter or two.
func findSlips(unset []variable, all []string, isSet func(name string) bool) []slip {
	var slips []slip
	for _, v := range unset {
		var set []string
		for _, name := range v.slips {
			if isSet(name) {
				set = append(set, name)
			}
		}
		for _, name := range all {
			if strings.HasPrefix(strings.ToUpper(name), "NHN") && !isRead(name) && near(name, v.names[0]) && isSet(name) {
				set = append(set, name)
			}
		}
		slices.Sort(set)
		for _, name := range slices.Compact(set) {
			slips = append(slips, slip{name, v})
		}
	}
	return slips
}

// isRead reports whether a variable has a name that ConfigFrom reads.
func isRead(name string) bool {
	return slices.ContainsFunc(variables, func(v variable) bool { return slices.Contains(v.names, name) })
}

// near reports whether two names differ by little: underscores, the case, and
// up to two letters.
func near(a, b string) bool {
	const most = 2
	a, b = bare(a), bare(b)
	if max(len(a), len(b))-min(len(a), len(b)) > most {
		return false
	}
	// The number of changes that make a of b, row by row.
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)] <= most
}

func bare(name string) string { return strings.ToUpper(strings.ReplaceAll(name, "_", "")) }

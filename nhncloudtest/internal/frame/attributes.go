package frame

import (
	"cmp"
	"maps"
	"slices"
)

// Attributes are what a request says of one resource, for services that refuse
// what they don't know. They keep the first thing that is wrong; whoever reads from
// them asks [Attributes.Check] when all is read.
type Attributes struct {
	Body    Object
	Refused *Reply // what is wrong, as far as it was read
	known   map[string]bool
}

// AttributesOf are those in a body.
func AttributesOf(body Object) Attributes { return Attributes{Body: body, known: map[string]bool{}} }

// Value is an attribute as it came; null is given too.
func (a *Attributes) Value(name string) (value any, given bool) {
	a.known[name] = true
	value, given = a.Body[name]
	return value, given
}

// Refuse notes what is wrong.
func (a *Attributes) Refuse(r *Reply) { a.Refused = cmp.Or(a.Refused, r) }

// Check says what is wrong, if anything: first what nobody has read.
func (a *Attributes) Check(unknown func(name string) *Reply) *Reply {
	for _, name := range slices.Sorted(maps.Keys(a.Body)) {
		if !a.known[name] {
			return unknown(name)
		}
	}
	return a.Refused
}

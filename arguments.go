package nhncloud

import (
	"fmt"
	"slices"
	"strings"
)

// ArgumentCheck collects what is wrong with the arguments of a call, so that
// its caller learns of all of it at once, before anything is sent. The zero
// value is ready for use:
//
//	var check nhncloud.ArgumentCheck
//	check.Required("Name", request.Name)
//	check.RefuseIf(request.Size <= 0, "Size", "must be positive")
//	if err := check.Err("blockstorage-v1-create-volume"); err != nil {
//		return nil, err
//	}
type ArgumentCheck struct{ faults []argumentFault }

type argumentFault struct{ field, problem string }

func (f argumentFault) String() string { return f.field + " " + f.problem }

// Refuse says that a field is not as it has to be. The problem reads on from
// the name of the field, such as "must not be empty".
//
//go:noinline
func (c *ArgumentCheck) Refuse(field, problem string) {
	c.faults = append(c.faults, argumentFault{field, problem})
}

// RefuseIf refuses a field when what is wrong with it holds.
func (c *ArgumentCheck) RefuseIf(wrong bool, field, problem string) {
	if wrong {
		c.Refuse(field, problem)
	}
}

// Required refuses a field that is empty.
func (c *ArgumentCheck) Required(field, value string) {
	c.RefuseIf(value == "", field, "must not be empty")
}

// RequiredEach refuses a field for each empty one among its values.
func (c *ArgumentCheck) RequiredEach(field string, values []string) {
	for i, value := range values {
		if value == "" {
			c.Refuse(fmt.Sprintf("%s[%d]", field, i), "must not be empty")
		}
	}
}

// Within makes the check of a part of the arguments. What that refuses has the
// name of the part before its own: a check within "Members[1]" that refuses
// "Weight" refuses "Members[1].Weight".
func (c *ArgumentCheck) Within(part string, check func(*ArgumentCheck)) {
	var own ArgumentCheck
	check(&own)
	for _, f := range own.faults {
		c.Refuse(part+"."+f.field, f.problem)
	}
}

// Err returns the error that names everything that was refused, an
// [ErrInvalidArgument], or nil where nothing was. See [Error.Field] for its form.
func (c *ArgumentCheck) Err(operation string) error {
	switch len(c.faults) {
	case 0:
		return nil
	case 1:
		return NewArgumentError(operation, c.faults[0].field, c.faults[0].problem)
	}
	fields := make([]string, 0, len(c.faults))
	for _, f := range c.faults {
		if !slices.Contains(fields, f.field) {
			fields = append(fields, f.field)
		}
	}
	return &Error{Operation: operation, Field: strings.Join(fields, ", "), Message: strings.Join(c.sentences(), "; "), namesFields: true}
}

// sentences returns one for each problem.
func (c *ArgumentCheck) sentences() []string {
	sentences := make([]string, len(c.faults))
	for i, f := range c.faults {
		sentences[i] = f.String()
	}
	return sentences
}

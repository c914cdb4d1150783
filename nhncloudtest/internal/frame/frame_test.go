package frame

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// deed is a [Deed] for tests.
type deed func(at time.Time)

func (d deed) Happen(at time.Time) { d(at) }

func TestAgenda(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var a Agenda
	var happened []string
	note := func(name string) Deed {
		return deed(func(time.Time) { happened = append(happened, name) })
	}
	a.Plan(start.Add(3), note("third"))
	a.Plan(start.Add(1), note("first"))
	a.Plan(start.Add(2), note("second"))
	a.Plan(start.Add(2), note("second, planned later"))
	a.Plan(start.Add(2), note("cancelled")).Cancel()
	a.Plan(start.Add(9), note("far"))
	a.Plan(start.Add(3), deed(func(at time.Time) { a.Plan(at.Add(1), note("planned by another")) }))
	(*Event)(nil).Cancel()
	a.Settle(start)
	assert.Empty(t, happened)
	a.Settle(start.Add(5))
	assert.Equal(t, []string{"first", "second", "second, planned later", "third", "planned by another"}, happened)
	assert.Len(t, a.events, 1)
}

func TestRepr(t *testing.T) {
	t.Parallel()
	o, err := ParseObject([]byte(`{"b":[true,false,null,1.5],"a":{"x":"y"}}`))
	assert.NoError(t, err)
	assert.Equal(t, "{'a': {'x': 'y'}, 'b': [True, False, None, 1.5]}", PyRepr(o))
}

func TestAsBool(t *testing.T) {
	t.Parallel()
	for v, want := range map[any]bool{"True": true, "yes": true, "0": false, "False": false, true: true} {
		got, ok := AsBool(v)
		assert.True(t, ok, v)
		assert.Equal(t, want, got, v)
	}
	_, ok := AsBool("maybe")
	assert.False(t, ok)
}

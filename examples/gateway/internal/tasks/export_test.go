package tasks

import (
	"testing"
)

// Sealed returns what is encrypted of a task.
func Sealed(t *testing.T, e *Engine, id string) (sealed []byte) {
	t.Helper()
	err := e.queue.Each(t.Context(), func(scan func(...any) error) error { return scan(&sealed) },
		"SELECT sealed FROM gateway_task WHERE id = $1", id)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

package volumestate

import (
	"context"

	"github.com/nhncloud-go/nhncloud"
)

// Waiter waits for a volume, at which the operation looks.
func Waiter[T any, S ~string](operation, id string, look func(ctx context.Context, id string) (T, error), status func(T) S) nhncloud.Waiter[T, S] {
	return nhncloud.Waiter[T, S]{
		Operation:      operation,
		Resource:       "volume",
		ID:             id,
		Look:           look,
		Status:         status,
		Failed:         []S{"error", "error_backing-up", "error_restoring", "error_extending"},
		Deleting:       []S{"deleting"},
		DeletionFailed: []S{"error_deleting"},
	}
}

package imagecheck_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/imagecheck"
)

func TestName(t *testing.T) {
	t.Parallel()
	for name, problem := range map[string]string{
		"web":                    "",
		strings.Repeat("a", 255): "",
		strings.Repeat("가", 85):  "",
		"":                       "must not be empty",
		strings.Repeat("a", 256): "must not be longer than 255 bytes",
		strings.Repeat("가", 86):  "must not be longer than 255 bytes",
	} {
		var check nhncloud.ArgumentCheck
		imagecheck.Name(&check, "Name", name)
		err := check.Err("create-image")
		if problem == "" {
			assert.NoError(t, err)
			continue
		}
		assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
		assert.EqualError(t, err, "nhncloud: create-image: Name "+problem)
	}
}

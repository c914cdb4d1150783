package objectsuite_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/internal/integration/objectsuite"
)

func TestInMemoryCloud(t *testing.T) {
	t.Parallel()
	_, client := apitest.NewCloud(t)
	objectsuite.Run(t, client)
}

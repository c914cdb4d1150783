package storagetest_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/internal/integration/storagetest"
)

func TestInMemoryCloud(t *testing.T) {
	t.Parallel()
	_, client := apitest.NewCloud(t)
	storagetest.Run(t, client)
}

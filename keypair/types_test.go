package keypair_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/keypair"
)

func TestPublicTypes(t *testing.T) {
	t.Parallel()
	apitest.PublicTypes(t,
		keypair.KeyPair{},
	)
}

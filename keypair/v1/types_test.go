package keypairv1_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	keypairv1 "github.com/nhncloud-go/nhncloud/keypair/v1"
)

func TestPublicTypes(t *testing.T) {
	t.Parallel()
	apitest.PublicTypes(t,
		keypairv1.KeyPair{},
	)
}

package identity_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = cloudtest.Object

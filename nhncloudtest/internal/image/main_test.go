package image_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = cloudtest.Object

package computev1_test

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	instanceID = "7a37d8ec-b1dd-4f1f-8ba1-7f7b3ed1c9d4"
	volumeID   = "1b8f0d52-3f5d-4c2e-9bd6-4b5c3b3e0f11"
	flavorID   = "9cb4b0a4-9d0c-4d3c-8a8d-1f6a4a4a7f10"
	madeOf     = "8b9f8d47-b89b-45af-b1d6-3f7ce7e06a11" // image of the instance
)

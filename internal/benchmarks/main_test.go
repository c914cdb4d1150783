package benchmarks

import (
	"os"
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/benchmarks/service"
)

func TestMain(m *testing.M) { os.Exit(service.Main(m)) }

// Command cmd compares the documented operations of NHN Cloud with those that
// the SDK serves and tests, and prints how many are covered per service.
//
//	go run ./internal/opcheck/cmd [-root folder] [-log folder] [-require-tests] [-missing]
package main

import (
	"os"

	"github.com/nhncloud-go/nhncloud/internal/opcheck"
)

func main() {
	os.Exit(opcheck.Main(os.Args[1:], os.Stdout, os.Stderr))
}

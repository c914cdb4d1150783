// Package examples holds small complete programs, one a folder, to copy from.
// Each runs with "go run ./examples/<name>" on an in-memory NHN Cloud; the test
// of this package runs them all. Those that need packages of others, s3 and
// sync, are modules of their own with tests of their own, and run with "go run ."
// in their folders.
package examples

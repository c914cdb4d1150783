// Package examples holds small complete programs, one a folder, to copy from.
// Each runs with "go run ./examples/<name>" on an in-memory NHN Cloud; the test
// of this package runs them all.
package examples

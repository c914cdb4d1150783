//go:build !race

package apitest

// Race reports whether the race detector looks on, under which everything takes
// many times as long.
const Race = false

// Package parallel does several things at the same time, and brings what a
// function of the caller panics with back to the goroutine that called.
package parallel

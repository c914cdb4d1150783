// Package frametest runs examples as processes, for tests that send signals to
// them and read what they print.
package frametest

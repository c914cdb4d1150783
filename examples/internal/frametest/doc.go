// Package frametest runs examples as processes, for tests that send signals to
// them and read what they print, and keeps what those print that run within a
// test.
package frametest

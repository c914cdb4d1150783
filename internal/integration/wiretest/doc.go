// Package wiretest checks, in plain HTTP, what a Swift answers: the in-memory
// cloud must answer the same.
package wiretest

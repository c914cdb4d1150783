// Package benchmarks holds the benchmarks that compare the SDK with what a
// program could use instead of it, and the budgets that its allocations, its
// size and its dependencies are held to. It is a module of its own, so that
// the others stay out of the graph of the SDK. See README.md.
package benchmarks

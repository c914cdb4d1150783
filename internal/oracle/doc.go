// Package oracle compares the decoder of internal/wire with others: with the one
// that it took the place of, which ran on json v2, and with json v2 itself. It is
// a module of its own, so that json v2 stays out of the graph of the SDK. The
// comparison with the decoder of before goes after one release.
package oracle

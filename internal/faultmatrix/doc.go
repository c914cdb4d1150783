// Package faultmatrix lets every kind of call meet every fault that a service,
// a proxy or a network can have, and counts what must never happen: a success
// that is none, something that is made twice, content that is lost or left
// behind, a secret that is told, a call that outlives its context, a failure
// without a kind, a panic, a goroutine or a connection that is left.
//
// The faults are a table with a line each, and so are the calls. A cell of the
// matrix is a call of a client of its own on a small cloud of its own, which
// knows what it was asked to do and so what is true. It is served over HTTP/1.1
// by hand, so that any byte can be wrong, and over HTTP/2 by net/http.
package faultmatrix

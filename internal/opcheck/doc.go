// Package opcheck compares three views of the operations of NHN Cloud: the
// project's table of documented operations (operations.csv), the API lines and
// operation ids in the Go sources, and the requests that the tests really sent.
//
// An API line is a line of a function's doc comment of the form
//
//	API: GET /v2/{tenantId}/servers/{serverId} (compute-v2-get-server; Compute-Instance en/public-api.md)
//
// An operation counts as covered when a doc comment has its API line, the code
// of the same package names its id in a string literal and, where a log of the
// tests is at hand, tests saw it succeed and saw it fail.
package opcheck

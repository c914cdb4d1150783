// Package examples holds small complete programs, one a folder, to copy from.
// Each runs with "go run ./examples/<name>" on an in-memory NHN Cloud; the test
// of this package runs them all. Those that need packages of others, kubernetes,
// s3 and sync, are modules of their own with tests of their own, and run with
// "go run ." in their folders.
//
// With -live they run on the real NHN Cloud, with the account that NHNCLOUD_* or
// OS_* name; what makes something there asks first, deletes it at the end, also
// after Ctrl-C, and says at the second Ctrl-C what it leaves behind. With -h they
// say what they take. All this is in internal/frame, which a copy takes along.
package examples

// Package cloudtest helps the tests of the cloud: a cloud whose clock stands
// still, a client of it that speaks plain HTTP, and the documented payloads to
// hold its answers against.
package cloudtest

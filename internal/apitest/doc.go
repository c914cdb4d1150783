// Package apitest is what the tests of the service packages share: a client on
// a mocked transport that checks what is sent, the failures that every
// operation has to survive, and the record of sent operations that the
// coverage check reads.
package apitest

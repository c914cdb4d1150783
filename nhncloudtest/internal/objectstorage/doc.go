// Package objectstorage is object storage as OpenStack Swift has it, with what
// NHN Cloud added: storage accounts, containers with their settings, objects,
// large ones too, copies, versions, expiry, locks, access lists and temporary
// URLs.
//
// Bodies of gigabytes pass through it. So its calls take the lock of the frame
// for no longer than it takes to look at the token and the clock. Their
// handlers run under a lock of the region's own, and give that back while they
// read or write a body.
package objectstorage

// Package storagetest tests package objectstorage against a server, whichever
// that is: the in-memory cloud and a real Swift must both pass it.
package storagetest

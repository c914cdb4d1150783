// Package saved turns the state of a cloud into JSON and back. It goes through
// structs by their fields, whatever is exported, because a hundred types with a twin
// each for the file would be forgotten when they change. Pointers stay pointers:
// what two things point to is saved once. It is no way for data to travel between
// versions that changed a type: a field that is gone is an error with its name, and
// one that is new begins as its zero value.
package saved

// Package wire holds the JSON dialect of NHN Cloud in one place.
//
// The cloud's services print the same kind of value in several ways: a number
// or a Boolean may come inside quotes, an unset number as null or as the empty
// string, and a time in one of several layouts, most of them without a zone.
// Decode accepts all of them for plain Go types (int, float64, bool, string,
// time.Time), so that the public structs of the SDK need no special types.
// What has no such reading, like text where a number belongs, is an error that
// names the member, never a silent zero.
package wire

// Package label turns the labels of NKS into values of Go and back. On their way
// they are a map, in which a number and a Boolean are texts ("20", "True"), a list
// is one text with colons in it or an array, and an object is an array, or JSON in
// a text. Which is which is told once for both ways, by a table of fields.
package label

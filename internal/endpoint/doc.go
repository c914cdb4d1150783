// Package endpoint knows where the services of NHN Cloud are: the built-in
// table of the documented hosts, and how the version part of a path joins an
// endpoint that may already carry it.
package endpoint

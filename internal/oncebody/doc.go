// Package oncebody sends the body of a request that can be read only once. It
// keeps its beginning, which can be sent again, knows whether the reading has
// begun, lets a service that refuses the body answer before it is read, and
// leaves a reader behind that nobody fills.
package oncebody

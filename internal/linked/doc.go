// Package linked walks listings in pages, of which one links the next or goes on
// behind a marker.
package linked

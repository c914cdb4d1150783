// Package blob keeps data that don't change: small ones in memory, others in
// files, for as long as somebody holds them.
package blob

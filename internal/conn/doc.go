// Package conn limits how long a connection may be silent.
package conn

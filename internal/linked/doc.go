// Package linked walks listings whose pages link the next one.
package linked

// Package netcheck refuses networks, addresses and security rules that can't be
// right before they are sent, in the same words in every service, and tells
// which rules are the same to the service.
package netcheck

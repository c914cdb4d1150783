// Package keymanager is the key manager: secrets, and the containers that
// listeners of load balancers take their certificates from. It speaks v1 as NHN
// Cloud's guide has it, and as Barbican where that is silent.
package keymanager

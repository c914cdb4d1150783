// Package kubeconfig reads what a kubeconfig says, without the YAML library that a
// program would have to bring along for it. It knows the part of YAML that
// kubeconfigs are written in, and JSON, and says so of what it does not know.
package kubeconfig

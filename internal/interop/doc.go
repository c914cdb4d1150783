// Package interop holds tests in which clients that others wrote drive
// nhncloudtest, unmodified: gophercloud the infrastructure services, ncw/swift
// object storage. What they take for an OpenStack cloud is likely to be one for
// other programs too. One test has OpenTelemetry trace the SDK. It is a module of
// its own, so that their packages stay out of the graph of the SDK.
package interop

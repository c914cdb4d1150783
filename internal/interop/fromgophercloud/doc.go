// Package fromgophercloud has the calls of docs/from-gophercloud.md, in gophercloud
// and in this SDK. Its tests run them on an in-memory cloud, and hold the page to
// them.
package fromgophercloud

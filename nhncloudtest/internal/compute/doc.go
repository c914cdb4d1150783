// Package compute is compute v2 with its key pairs: flavors, servers, what is
// done to them, and what they are made of. It takes ports from the network
// service, volumes from block storage and images from the image service.
package compute

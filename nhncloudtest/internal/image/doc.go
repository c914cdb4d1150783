// Package image is the image service, v2: what servers boot from.
package image

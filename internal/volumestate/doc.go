// Package volumestate knows what the statuses of volumes mean to those who wait,
// which is the same in both generations of the API.
package volumestate

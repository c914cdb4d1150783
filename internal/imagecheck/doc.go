// Package imagecheck refuses what can't be right in an image before it is sent,
// whichever service makes the image.
package imagecheck

// Package identity is identity v2.0: tokens with the catalog in them, and the
// credentials for the S3 form of object storage. The other services ask it who
// calls them.
package identity

package objectstorage

import "github.com/nhncloud-go/nhncloud"

// CredentialsService calls the operations on S3 credentials.
type CredentialsService struct{ client *nhncloud.Client }

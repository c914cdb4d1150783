package objectstorage

import "github.com/nhncloud-go/nhncloud"

// AccountService calls the operations on the account.
type AccountService struct{ client *nhncloud.Client }

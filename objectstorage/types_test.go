package objectstorage_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

func TestPublicTypes(t *testing.T) {
	t.Parallel()
	apitest.PublicTypes(t,
		objectstorage.ACL{}, objectstorage.Account{}, objectstorage.CORS{},
		objectstorage.Container{}, objectstorage.ContainerEntry{}, objectstorage.ContainerListOptions{}, objectstorage.ContainerPolicy{},
		objectstorage.ContainerSettings{}, objectstorage.Content{}, objectstorage.CopyOptions{}, objectstorage.CreateContainerOptions{},
		objectstorage.Credential{}, objectstorage.DefaultLifecycleRule{}, objectstorage.DeleteResult{}, objectstorage.DirResult{},
		objectstorage.DownloadDirOptions{}, objectstorage.DownloadOptions{}, objectstorage.FS{}, objectstorage.File{}, objectstorage.GetOptions{}, objectstorage.IPACL{},
		objectstorage.IPRule{}, objectstorage.LeftoverError{}, objectstorage.Lifecycle{}, objectstorage.LifecycleAction{}, objectstorage.LifecycleCondition{},
		objectstorage.LifecyclePolicy{}, objectstorage.LifecycleRule{}, objectstorage.Location{}, objectstorage.Object{},
		objectstorage.ObjectEntry{}, objectstorage.ObjectListOptions{}, objectstorage.ObjectUpdate{},
		objectstorage.PutOptions{}, objectstorage.PutResult{}, objectstorage.Segment{}, objectstorage.StaticWebsite{},
		objectstorage.TempURLOptions{}, objectstorage.UploadDirOptions{}, objectstorage.UploadOptions{}, objectstorage.UploadPolicy{},
		objectstorage.UploadResult{}, objectstorage.Versioning{},
	)
}

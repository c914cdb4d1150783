package compute

import (
	"context"

	"github.com/nhncloud-go/nhncloud"
)

// DefaultVolumeSize is the size in GB of the root volume of a [SimpleServer]
// that names none.
const DefaultVolumeSize = 50

// SimpleServer describes a server in the terms of the console: one image, one
// network, one root disk. All but the last six fields are required.
type SimpleServer struct {
	Name     string
	ImageID  string
	FlavorID string
	SubnetID string
	KeyName  string
	// VolumeSize is the size of the root volume in GB, [DefaultVolumeSize] when
	// it is 0. Flavors with a local disk (u2) have a disk of a fixed size.
	VolumeSize int
	// VolumeType is the type of the root volume, such as "General SSD"; "" for
	// that of the service.
	VolumeType       string
	SecurityGroups   []string // names; "default" when it is nil
	AvailabilityZone string   // "" for any
	// UserData is run or applied at the first boot, as that of
	// [ServerCreateRequest]: given as it is, up to 49,149 bytes by the guide.
	UserData nhncloud.Secret
	Metadata map[string]string // such as what tells the server from others of the Name
}

// Request returns the request that creates such a server with the flavor, whose
// id is that of the description. Where the flavor boots from a volume, the
// volume is made of the image, and deleted together with the server.
func (s SimpleServer) Request(flavor *Flavor) (ServerCreateRequest, error) {
	var check nhncloud.ArgumentCheck
	check.RefuseIf(flavor == nil || flavor.ID != s.FlavorID, "flavor", "must be the one of FlavorID")
	check.Required("Name", s.Name)
	check.Required("ImageID", s.ImageID)
	check.Required("FlavorID", s.FlavorID)
	check.Required("SubnetID", s.SubnetID)
	check.Required("KeyName", s.KeyName)
	check.RefuseIf(s.VolumeSize < 0, "VolumeSize", "must not be negative")
	check.RequiredEach("SecurityGroups", s.SecurityGroups)
	if err := check.Err(createServer); err != nil {
		return ServerCreateRequest{}, err
	}
	if s.VolumeSize == 0 {
		s.VolumeSize = DefaultVolumeSize
	}
	if s.SecurityGroups == nil {
		s.SecurityGroups = []string{"default"}
	}
	request := ServerCreateRequest{
		Name:             s.Name,
		ImageID:          s.ImageID,
		FlavorID:         s.FlavorID,
		KeyName:          s.KeyName,
		Networks:         []ServerNetwork{{SubnetID: s.SubnetID}},
		SecurityGroups:   s.SecurityGroups,
		AvailabilityZone: s.AvailabilityZone,
		UserData:         s.UserData,
		Metadata:         s.Metadata,
	}
	if !flavor.HasLocalDisk() {
		request.BlockDevices = []BlockDevice{{
			SourceType:          SourceImage,
			UUID:                s.ImageID,
			DestinationType:     DestinationVolume,
			VolumeSize:          s.VolumeSize,
			VolumeType:          s.VolumeType,
			DeleteOnTermination: true,
		}}
	}
	return request, nil
}

// CreateSimple looks the flavor up, because flavors with and without a local
// disk are asked for differently, and begins to create the server. A flavor
// that does not exist is an [nhncloud.ErrNotFound]. It is repeated as
// [ServersService.Create] is, unless [nhncloud.NoRetry] forbids it.
func (s *ServersService) CreateSimple(ctx context.Context, server SimpleServer) (*CreatedServer, error) {
	// Whatever the flavor, the rest is checked before anything is sent.
	if _, err := server.Request(&Flavor{ID: server.FlavorID}); err != nil {
		return nil, err
	}
	for flavor, err := range (&FlavorsService{s.client}).All(ctx, nil) {
		if err != nil {
			return nil, err
		}
		if flavor.ID == server.FlavorID {
			request, err := server.Request(flavor)
			if err != nil {
				return nil, err
			}
			return s.Create(ctx, request)
		}
	}
	return nil, &nhncloud.Error{Operation: createServer, Message: "there is no flavor " + server.FlavorID, Err: nhncloud.ErrNotFound}
}

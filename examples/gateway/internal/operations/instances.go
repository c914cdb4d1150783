package operations

import (
	"context"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
)

// Instance is an instance in a list.
type Instance struct {
	ID        string               `json:"id"`
	Name      string               `json:"name"`
	Status    string               `json:"status" example:"ACTIVE"`
	Addresses map[string][]Address `json:"addresses" doc:"by the name of the network"`
	Created   time.Time            `json:"created"`
}

// Address is an IP address of an instance.
type Address struct {
	Addr    string `json:"addr" example:"192.168.0.10"`
	Version int    `json:"version" example:"4"`
}

// Instances is a list of instances.
type Instances struct {
	Servers []Instance `json:"servers" nullable:"false"`
}

// InstanceDetail is an instance with what it was made of.
type InstanceDetail struct {
	Instance
	Flavor Ref `json:"flavor"`
	Image  Ref `json:"image" doc:"the id is empty where the instance boots from a volume"`
}

// Ref names something by its id.
type Ref struct {
	ID string `json:"id"`
}

// InstanceAnswer is one instance.
type InstanceAnswer struct {
	Server InstanceDetail `json:"server"`
}

// InstanceCreateRequest describes an instance to create.
type InstanceCreateRequest struct {
	Name             string   `json:"name" minLength:"1" example:"my-new-instance"`
	ImageID          string   `json:"image_id" minLength:"1"`
	FlavorID         string   `json:"flavor_id" minLength:"1"`
	SubnetID         string   `json:"subnet_id" minLength:"1"`
	KeyPairName      string   `json:"keypair_name" minLength:"1" example:"my-keypair"`
	VolumeSize       int      `json:"volume_size,omitempty" minimum:"1" default:"50" doc:"GB"`
	SecurityGroups   []string `json:"security_groups,omitempty" nullable:"false" default:"[\"default\"]"`
	AvailabilityZone string   `json:"availability_zone,omitempty" example:"kr-pub-a" doc:"any zone where it is missing"`

	// Metadata are those that the gateway gives it.
	Metadata map[string]string `json:"-"`
}

// CreatedInstance is an instance that was begun to be created.
type CreatedInstance struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// CreatedInstanceAnswer is what the creation of an instance answers.
type CreatedInstanceAnswer struct {
	Server CreatedInstance `json:"server"`
}

// InstanceActionRequest says what to do with an instance.
type InstanceActionRequest struct {
	Action string `json:"action" enum:"start,stop,reboot"`
}

// InstanceActionAnswer says that an action was begun.
type InstanceActionAnswer struct {
	Status string `json:"status" example:"success"`
	Action string `json:"action" enum:"start,stop,reboot"`
}

// ListInstances returns all instances.
func ListInstances(ctx context.Context, client *nhncloud.Client) (*Instances, error) {
	servers, err := listed(compute.New(client).Servers.All(ctx, nil), instanceOf)
	if err != nil {
		return nil, err
	}
	return &Instances{servers}, nil
}

// GetInstance returns an instance.
func GetInstance(ctx context.Context, client *nhncloud.Client, id string) (*InstanceAnswer, error) {
	server, err := compute.New(client).Servers.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return &InstanceAnswer{InstanceDetail{
		Instance: instanceOf(server),
		Flavor:   Ref{server.Flavor.ID},
		Image:    Ref{server.Image.ID},
	}}, nil
}

// CreateInstance begins to create an instance.
func CreateInstance(ctx context.Context, client *nhncloud.Client, request InstanceCreateRequest) (*CreatedInstanceAnswer, error) {
	created, err := compute.New(client).Servers.CreateSimple(ctx, compute.SimpleServer{
		Name:             request.Name,
		ImageID:          request.ImageID,
		FlavorID:         request.FlavorID,
		SubnetID:         request.SubnetID,
		KeyName:          request.KeyPairName,
		VolumeSize:       request.VolumeSize,
		SecurityGroups:   request.SecurityGroups,
		AvailabilityZone: request.AvailabilityZone,
		Metadata:         request.Metadata,
	})
	if err != nil {
		return nil, err
	}
	return &CreatedInstanceAnswer{CreatedInstance{ID: created.ID, Name: request.Name}}, nil
}

// DeleteInstance begins to delete an instance.
func DeleteInstance(ctx context.Context, client *nhncloud.Client, id string) error {
	return compute.New(client).Servers.Delete(ctx, id)
}

// ActOnInstance begins to start, stop or reboot an instance.
func ActOnInstance(ctx context.Context, client *nhncloud.Client, id string, request InstanceActionRequest) (*InstanceActionAnswer, error) {
	servers := compute.New(client).Servers
	var err error
	switch request.Action {
	case "start":
		err = servers.Start(ctx, id)
	case "stop":
		err = servers.Stop(ctx, id)
	case "reboot":
		err = servers.Reboot(ctx, id, compute.RebootSoft)
	default:
		err = nhncloud.NewArgumentError("", "action", "must be start, stop or reboot")
	}
	if err != nil {
		return nil, err
	}
	return &InstanceActionAnswer{Status: "success", Action: request.Action}, nil
}

func instanceOf(server *compute.Server) Instance {
	i := Instance{
		ID: server.ID, Name: server.Name, Status: string(server.Status), Created: server.Created,
		Addresses: make(map[string][]Address, len(server.Addresses)),
	}
	for network, addresses := range server.Addresses {
		list := make([]Address, len(addresses))
		for n, address := range addresses {
			list[n] = Address{Addr: address.Addr, Version: address.Version}
		}
		i.Addresses[network] = list
	}
	return i
}

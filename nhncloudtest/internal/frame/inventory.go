package frame

// Item is a thing that somebody has, for those who look at the cloud from outside
// of its APIs.
type Item struct {
	Service, Kind  string // such as compute and server
	Region, Tenant string
	ID, Name       string
	Status         string // empty where such things have none
	Detail         string // what else one wants to see at a glance
}

// Item is one of a kind in a place.
func (p Place) Item(service, kind string) Item {
	return Item{Service: service, Kind: kind, Region: p.Region.Name, Tenant: p.Tenant}
}

// With is the item with what is its own.
func (i Item) With(id, name, status, detail string) Item {
	i.ID, i.Name, i.Status, i.Detail = id, name, status, detail
	return i
}

package service

import (
	"fmt"
	"strings"
	"time"
)

// VolumesSize is how many bytes the listing of so many volumes has, and
// ServersSize that of so many servers.
func VolumesSize(n int) (int64, error) { return sizeOf(n, volumeListing) }

// ServersSize is how many bytes the listing of so many servers has.
func ServersSize(n int) (int64, error) { return sizeOf(n, listing) }

func sizeOf(n int, make func(int) string) (int64, error) {
	if _, err := documents(); err != nil {
		return 0, err
	}
	return int64(len(make(n))), nil
}

// volumeListing is an answer with n volumes.
func volumeListing(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = volume(i)
	}
	return `{"volumes":[` + strings.Join(all, ",") + "]}"
}

// volume is the documented volume made to differ the way the volumes of one
// project do: by id, name, size, time, and now and then by a server that has it.
func volume(i int) string {
	const documentedID = "17975e9d-1533-40db-bd02-2072cd2ccb7f"
	id := uuid(i, 3)
	created := time.Date(2018, 12, 18, 5, 43, 12, 0, time.UTC).Add(time.Duration(i) * 7919 * time.Second)
	changes := []string{
		documentedID, id,
		"volume-f4f47065-300e-480e-8c9c-fb7ec985bffb", fmt.Sprintf("data-%d", i),
		`"size":50`, fmt.Sprintf(`"size":%d`, 10*(1+i%100)),
		"2018-12-18T05:43:12.000000", created.Format("2006-01-02T15:04:05.000000"),
	}
	if i%2 == 0 {
		changes = append(changes,
			`"available"`, `"in-use"`,
			`"attachments":[]`, fmt.Sprintf(`"attachments":[{"server_id":%q,"attachment_id":%q,"volume_id":%q,"device":"/dev/vdb","id":%q}]`,
				uuid(i, 1), uuid(i, 4), id, id),
		)
	}
	one := documented("blockstorage-v2-get-volume")
	return strings.NewReplacer(changes...).Replace(strings.TrimSuffix(strings.TrimPrefix(one, `{"volume":`), "}"))
}

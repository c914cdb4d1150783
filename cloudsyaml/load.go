package cloudsyaml

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud"
)

// Load reads the cloud of that name from clouds.yaml, and the files that go with
// it. An empty name stands for the one in OS_CLOUD, and for the only one of the
// file where that is not set.
//
// A cloud that is not there, a field that NHN Cloud can't honour, and one that is
// missing and that nothing else could fill are an [nhncloud.ErrInvalidArgument];
// a file that is not there is an [fs.ErrNotExist].
func Load(name string) (*Cloud, error) { return LoadFrom(name, os.LookupEnv) }

// LoadFrom is [Load] with other variables than those of the process. lookup is
// [os.LookupEnv] or one like it; the home directory is that of HOME.
func LoadFrom(name string, lookup func(string) (string, bool)) (*Cloud, error) {
	if lookup == nil {
		return nil, nhncloud.NewArgumentError("", "lookup", "must not be nil")
	}
	p := places{lookup}
	file, err := p.file("OS_CLIENT_CONFIG_FILE", "clouds")
	if err != nil {
		return nil, err
	}
	clouds, err := readTree(file)
	if err != nil {
		return nil, err
	}
	named, _ := clouds.at("clouds").(tree)
	if name == "" {
		name = p.env("OS_CLOUD")
	}
	if name == "" && len(named) == 1 {
		name = slices.Collect(maps.Keys(named))[0]
	}
	fields, ok := named[name].(tree)
	if !ok {
		have := strings.Join(slices.Sorted(maps.Keys(named)), ", ")
		if name == "" {
			return nil, nhncloud.NewArgumentError("", "OS_CLOUD", "is not set; "+file+" has "+have)
		}
		return nil, nhncloud.NewArgumentError("", "cloud "+name, "is not in "+file+", which has "+have)
	}
	secure, err := p.beside(file)
	if err != nil {
		return nil, err
	}
	if secret, ok := secure.at("clouds", name).(tree); ok {
		fields = secret.under(fields)
	}
	if fields, err = p.withProfile(fields); err != nil {
		return nil, err
	}
	return newCloud(name, file, fields, p)
}

// places is where files are looked for.
type places struct {
	lookup func(string) (string, bool)
}

func (p places) env(name string) string {
	value, _ := p.lookup(name)
	return value
}

// folders are those of the search path.
func (p places) folders() []string {
	config := p.env("XDG_CONFIG_HOME")
	if home := p.env("HOME"); config == "" && home != "" {
		config = filepath.Join(home, ".config")
	}
	folders := []string{"."}
	if config != "" {
		folders = append(folders, filepath.Join(config, "openstack"))
	}
	return append(folders, filepath.Join(string(filepath.Separator), "etc", "openstack"))
}

// file finds a file by its variable, which may be "", or on the search path.
func (p places) file(variable, name string, first ...string) (string, error) {
	if variable != "" {
		if file := p.env(variable); file != "" {
			return file, nil
		}
	}
	folders := slices.Concat(first, p.folders())
	for _, folder := range folders {
		for _, ending := range []string{".yaml", ".yml"} {
			file := filepath.Join(folder, name+ending)
			if _, err := os.Stat(file); err == nil || !errors.Is(err, fs.ErrNotExist) {
				return file, nil // and let reading it tell why it can't be
			}
		}
	}
	return "", &fs.PathError{Op: "find", Path: name + ".yaml in " + strings.Join(folders, ", "), Err: fs.ErrNotExist}
}

// beside reads the secure.yaml that belongs to a clouds.yaml; there need not be
// one.
func (p places) beside(clouds string) (tree, error) {
	file, err := p.file("OS_CLIENT_SECURE_FILE", "secure", filepath.Dir(clouds))
	if err != nil {
		return tree{}, nil
	}
	return readTree(file)
}

// withProfile returns the fields of a cloud with those of its profile below.
func (p places) withProfile(fields tree) (tree, error) {
	profile, _ := fields["profile"].(string)
	if profile == "" {
		profile, _ = fields["cloud"].(string)
	}
	if profile == "" {
		return fields, nil
	}
	file, err := p.file("", "clouds-public")
	if err != nil {
		return nil, err
	}
	public, err := readTree(file)
	if err != nil {
		return nil, err
	}
	if below, ok := public.at("public-clouds", profile).(tree); ok {
		return fields.under(below), nil
	}
	return fields, nil
}

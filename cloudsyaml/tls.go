package cloudsyaml

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
)

// tls reads the certificates; nil where there are none.
func (f *fields) tls(p places) *tls.Config {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	asked := false
	for _, key := range []string{"verify", "insecure"} {
		text := f.text(key)
		if text == "" {
			continue
		}
		value, ok := isTrue(text)
		if !ok {
			f.refuse("has to be true or false", key)
		}
		if value != (key == "verify") {
			config.InsecureSkipVerify, asked = true, true //nolint:gosec // as the file says
		}
	}
	if file := f.fileOf(p, "OS_CACERT", "cacert"); file != "" {
		pem, err := os.ReadFile(file)
		config.RootCAs, asked = x509.NewCertPool(), true
		switch {
		case err != nil:
			f.refuse("can't be read: "+err.Error(), "cacert")
		case !config.RootCAs.AppendCertsFromPEM(pem):
			f.refuse("has no certificate in it: "+file, "cacert")
		}
	}
	cert, key := f.fileOf(p, "OS_CERT", "cert"), f.fileOf(p, "OS_KEY", "key")
	switch {
	case cert == "" && key == "":
	case cert == "":
		f.refuse("is missing, and there is a key", "cert")
	case key == "":
		f.refuse("is missing, and there is a cert", "key")
	default:
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			f.refuse("can't be used with its key: "+err.Error(), "cert")
		}
		config.Certificates, asked = []tls.Certificate{pair}, true
	}
	if !asked {
		return nil
	}
	return config
}

// fileOf returns the name of a file, relative to the working directory.
func (f *fields) fileOf(p places, variable, key string) string {
	file := p.env(variable)
	if file == "" {
		file = f.text(key)
	}
	if rest, ok := strings.CutPrefix(file, "~/"); ok {
		file = filepath.Join(p.env("HOME"), rest)
	}
	return file
}

package loadbalancer

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/pemcert"
)

// Certificate is a certificate with its private key, to be stored in the key
// manager. Name, Certificate and PrivateKey are required.
//
// It is stored as a container and two or three secrets, which are known by their
// names: the container has the Name with the first 16 digits of a fingerprint
// behind it, such as "shop-0123456789abcdef", and a secret what it is behind
// that, such as "shop-0123456789abcdef private_key". The fingerprint is that of
// the certificate with its chain, so that a renewed certificate is another one.
type Certificate struct {
	Name          string
	Certificate   string          // in PEM; the chain may follow it
	Intermediates string          // the rest of the chain in PEM; "" for none
	PrivateKey    nhncloud.Secret // in PEM: PKCS #8, PKCS #1 or SEC 1
	// Passphrase is that of a PrivateKey that is encrypted. It is used here alone:
	// listeners take no key with a passphrase, so that the key is stored without.
	Passphrase nhncloud.Secret
}

// read returns what is stored, and refuses what can't be of use: PEM that is
// broken, a certificate that has ended, and a private key of another one.
func (c *Certificate) read(check *nhncloud.ArgumentCheck) pemcert.Pair {
	check.Required("Name", c.Name)
	return pemcert.Read(pemcert.Input{
		Certificate: c.Certificate, Intermediates: c.Intermediates, PrivateKey: string(c.PrivateKey), Passphrase: string(c.Passphrase),
	}, time.Now(), check.Refuse)
}

// storedCertificate is a certificate as it is stored.
type storedCertificate struct {
	name string // of the container
	pair pemcert.Pair
}

func (c *Certificate) stored(pair pemcert.Pair) storedCertificate {
	return storedCertificate{c.Name + "-" + pair.Fingerprint, pair}
}

// part is a secret of a certificate.
type part struct {
	is      ContainerSecretName
	request SecretCreateRequest
}

// secretName is the name of a secret of a container.
func secretName(container string, is ContainerSecretName) string { return container + " " + string(is) }

func (c *storedCertificate) parts() []part {
	secret := func(is ContainerSecretName, kind SecretType, payload string) part {
		return part{is, SecretCreateRequest{Name: secretName(c.name, is), Type: kind, Payload: nhncloud.Secret(payload), PayloadContentType: ContentTypeText}}
	}
	parts := []part{
		secret(ContainedCertificate, SecretCertificate, c.pair.Certificate),
		secret(ContainedPrivateKey, SecretPrivate, c.pair.PrivateKey),
	}
	if c.pair.Intermediates != "" {
		// Of the types there are, this is the one for a text that is none of the others.
		parts = append(parts, secret(ContainedIntermediates, SecretOpaque, c.pair.Intermediates))
	}
	return parts
}

// ofCertificate reports whether a container, or with its parts a secret, has the
// name of one that a certificate of the name is stored in.
var fingerprinted = regexp.MustCompile(`^-[0-9a-f]{16}( (certificate|private_key|intermediates))?$`)

func ofCertificate(certificate, stored string) bool {
	rest, ok := strings.CutPrefix(stored, certificate)
	return ok && fingerprinted.MatchString(rest)
}

// certificateOf returns the name of the certificate that is stored under another,
// or "" where no certificate is.
func certificateOf(container string) string {
	if at := strings.LastIndexByte(container, '-'); at > 0 && len(container)-at == 17 && ofCertificate(container[:at], container) {
		return container[:at]
	}
	return ""
}

// holds reports whether a container has all that a certificate needs.
func (c *storedCertificate) holds(container *SecretContainer) bool {
	for _, p := range c.parts() {
		has := false
		for _, s := range container.Secrets {
			has = has || s.Name == p.is && s.Ref != ""
		}
		if !has {
			return false
		}
	}
	return container.Name == c.name
}

// cleanUpTime is how long [SecretContainersService.CreateCertificate] takes at
// most to take back what it made.
const cleanUpTime = 30 * time.Second

// CreateCertificate stores a certificate with its private key, and returns the
// address of the container that holds them, which a listener takes. Where it is
// stored already under its names, nothing is made but what is missing.
//
// Before anything is sent it refuses PEM that is broken, a certificate that has
// ended, and a private key of another certificate.
//
// Where a request fails, what was made before is deleted again, in up to half a
// minute that the end of ctx does not shorten; so is what may have been made by a
// request without an answer, as far as it can be seen by then. What could not be
// deleted is named in the error, a *[CertificateError]. So do not store the same
// certificate twice at a time: one of the two may take away what both have.
func (s *SecretContainersService) CreateCertificate(ctx context.Context, certificate Certificate) (KeyManagerRef, error) {
	var check nhncloud.ArgumentCheck
	pair := certificate.read(&check)
	if err := check.Err(""); err != nil {
		return "", err
	}
	stored := certificate.stored(pair)
	l := New(s.client)
	r := l.newRun(nil)
	keys, err := l.readKeyManager(ctx)
	if err != nil {
		return "", err
	}
	p := planner{spec: &Spec{}, now: &tree{keyManager: *keys}, ids: r.ids}
	p.certificate(stored)
	if err := r.execute(ctx, p.steps); err != nil {
		var failed *ApplyError
		errors.As(err, &failed)
		return "", l.takeBack(ctx, keys, &certificate, stored, failed.Err)
	}
	return KeyManagerRef(r.ids[key{KindCertificate, stored.name}]), nil
}

// takeBack deletes the parts of a certificate that were not there before.
func (l *Client) takeBack(ctx context.Context, before *keyManager, certificate *Certificate, stored storedCertificate, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
	defer cancel()
	failed := &CertificateError{Name: certificate.Name, Err: cause}
	now, err := l.readKeyManager(ctx)
	if err != nil {
		failed.CleanUp = fmt.Errorf("nobody knows what is left of %s: %w", stored.name, err)
		return failed
	}
	there := map[KeyManagerRef]bool{}
	for _, c := range before.containers {
		there[c.Ref] = true
	}
	for _, s := range before.secrets {
		there[s.Ref] = true
	}
	for _, c := range now.containers {
		if c.Name == stored.name && !there[c.Ref] {
			failed.undo(c.Ref, l.SecretContainers.Delete(ctx, c.Ref.ID()))
		}
	}
	for _, s := range now.secrets {
		if strings.HasPrefix(s.Name, stored.name+" ") && !there[s.Ref] {
			failed.undo(s.Ref, l.Secrets.Delete(ctx, s.Ref.ID()))
		}
	}
	return failed
}

// CertificateError is the error of a certificate that could not be stored.
type CertificateError struct {
	Name    string          // of the [Certificate]
	Left    []KeyManagerRef // secrets and containers that were made and could not be deleted again
	CleanUp error           // why not; nil where nothing is left
	Err     error           // why it could not be stored
}

func (e *CertificateError) undo(ref KeyManagerRef, err error) {
	if err != nil && !errors.Is(err, nhncloud.ErrNotFound) {
		e.Left = append(e.Left, ref)
		e.CleanUp = errors.Join(e.CleanUp, fmt.Errorf("%s is left: %w", ref, err))
	}
}

// Error tells why, and what is left.
func (e *CertificateError) Error() string {
	text := fmt.Sprintf("certificate %s was not stored: %v", e.Name, e.Err)
	if e.CleanUp != nil {
		text += "; " + e.CleanUp.Error()
	}
	return text
}

// Unwrap returns why it could not be stored.
func (e *CertificateError) Unwrap() error { return e.Err }

// DeleteCertificate deletes what [SecretContainersService.CreateCertificate] and
// [Client.Apply] made of a certificate of the name, whatever its fingerprint: the
// containers and then the secrets, but for those that a listener uses, and for
// secrets that another container holds. What is gone already does not matter.
func (s *SecretContainersService) DeleteCertificate(ctx context.Context, name string) error {
	var check nhncloud.ArgumentCheck
	check.Required("name", name)
	if err := check.Err(""); err != nil {
		return err
	}
	l := New(s.client)
	r := l.newRun(nil)
	keys, err := l.readKeyManager(ctx)
	if err != nil {
		return err
	}
	listeners, err := nhncloud.Collect(l.Listeners.All(ctx, nil))
	if err != nil {
		return err
	}
	p := planner{spec: &Spec{}, now: &tree{keyManager: *keys, others: listeners}, ids: r.ids}
	p.removeCertificates([]string{name}, nil)
	return r.execute(ctx, p.steps)
}

package keyfile

import (
	"errors"
	"os"
)

// Write writes a key to a new file of mode 0600. A file, or a link, that is
// there already is an error that [errors.Is] finds to be [os.ErrExist]. What
// could not be written whole is removed again.
func Write(path, key string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(key)
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

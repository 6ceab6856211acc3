//go:build unix

package journal

import (
	"errors"
	"os"
	"syscall"
)

// lock claims a file for this program until it is closed or the program ends,
// however it ends.
func lock(file *os.File) error {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return ErrBusy
	}
	return err
}

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

// unlock lets the file go. Closing alone may come too late: a program that is
// just being started by this one has the open file too, until it runs.
func unlock(file *os.File) { _ = syscall.Flock(int(file.Fd()), syscall.LOCK_UN) } // a closed file is let go

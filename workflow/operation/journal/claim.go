package journal

import "os"

// Claim claims a file for this program until it is closed or the program ends,
// however it ends. ErrBusy tells that another program has it.
func Claim(file *os.File) error { return lock(file) }

// Release lets a claimed file go, and closes it.
func Release(file *os.File) error {
	unlock(file)
	return file.Close()
}

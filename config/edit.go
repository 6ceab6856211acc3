package config

import (
	"bytes"
	_ "embed" // the example
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

//go:embed example.yaml
var example []byte

// Init writes an example configuration file, readable by its owner only. It
// never overwrites one.
func Init(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return &FileError{Path: path, Reason: "its folder can't be made: " + reasonOf(err), Next: "Choose another place with --config."}
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return &FileError{Path: path, Reason: "exists already; nothing was written", Next: "Edit it, or choose another place with --config."}
	}
	if err == nil {
		_, err = file.Write(example)
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		return &FileError{Path: path, Reason: "can't be written: " + reasonOf(err), Next: "Choose another place with --config."}
	}
	return nil
}

// Use makes a context the current one. The rest of the file stays as it is,
// comments included.
func Use(path, name string) error {
	file, err := ReadFile(path, true)
	if err != nil {
		return err
	}
	if _, err := file.Find(name); err != nil {
		return err
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return &FileError{Path: path, Reason: "can't be read: " + reasonOf(err), Next: "Try again."}
	}
	changed := setCurrent(content, name)
	if again, err := ParseFile(path, changed); err != nil || again.Current != name {
		return &FileError{Path: path, Reason: "its current context can't be changed here without changing more; nothing was written", Next: "Set `current: " + name + "` in it by hand."}
	}
	if err := replace(path, changed); err != nil {
		return &FileError{Path: path, Reason: "can't be written: " + reasonOf(err), Next: "Set `current: " + name + "` in it by hand."}
	}
	return nil
}

// setCurrent replaces the line of the current context, or puts one in front.
func setCurrent(content []byte, name string) []byte {
	line := regexp.MustCompile(`(?m)^current:[^#\r\n]*?(\s*#.*)?$`)
	at := line.FindSubmatchIndex(content)
	if at == nil {
		return append([]byte("current: "+name+"\n"), content...)
	}
	comment := []byte{}
	if at[2] >= 0 {
		comment = content[at[2]:at[3]]
	}
	return bytes.Join([][]byte{content[:at[0]], []byte("current: " + name), comment, content[at[1]:]}, nil)
}

// replace writes a file beside the old one and then takes its place, so that
// there is always a whole one. A link stays one: what it leads to is replaced.
func replace(path string, content []byte) error {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	old, err := os.Stat(target)
	if err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(target), ".config-*.yaml")
	if err != nil {
		return err
	}
	_, err = temporary.Write(content)
	err = errors.Join(err, temporary.Chmod(old.Mode().Perm()), temporary.Sync(), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), target)
	}
	if err != nil {
		_ = os.Remove(temporary.Name()) // the first error is the one to tell
	}
	return err
}

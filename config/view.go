package config

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// View is how a context was looked at when it was left: what the next start goes
// on with. The zero value is a first start.
type View struct {
	Screen string              `json:"screen,omitempty"`
	Lists  map[string]ListView `json:"lists,omitempty"`
	// Preview is where the row under the cursor is shown; "" is where there is room.
	Preview string `json:"preview,omitempty"`
	// Unmetered leaves out CloudWatch's metrics, which cost.
	Unmetered bool `json:"unmetered,omitempty"`
}

// ListView is how one list is looked at.
type ListView struct {
	Filter     string `json:"filter,omitempty"`
	Sort       string `json:"sort,omitempty"`
	Descending bool   `json:"descending,omitempty"`
}

// views is the file: the views of all contexts.
type views struct {
	// Schema tells the file from others and from later ones.
	Schema   string          `json:"schema"`
	Contexts map[string]View `json:"contexts"`
}

const (
	viewSchema = "orderops-view/1"
	mostViews  = 1 << 20 // bytes of the file
)

// ReadView reads how a context was left. A file that is not there tells nothing;
// one that can't be trusted or understood is an error.
func ReadView(path, context string) (View, error) {
	all, err := readViews(path)
	return all.Contexts[context], err
}

// WriteView keeps how a context was left. The views of other contexts stay, but
// for those of a file that can't be used.
func WriteView(path, context string, view View) error {
	all, err := readViews(path)
	if err != nil || all.Contexts == nil {
		all.Contexts = map[string]View{}
	}
	all.Schema = viewSchema
	all.Contexts[context] = view
	content, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return writeWhole(path, append(content, '\n'))
}

func readViews(path string) (views, error) {
	wrong := func(reason string) (views, error) {
		return views{}, &FileError{Path: path, Reason: reason, Next: "It is written anew on leaving."}
	}
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return views{}, nil
	}
	switch {
	case err != nil:
		return wrong(reasonOf(err))
	case !info.Mode().IsRegular():
		return wrong("it is no file")
	case info.Mode().Perm()&0o022 != 0:
		return wrong("it may be written by others")
	case info.Size() > mostViews:
		return wrong("it is too large for what is kept there")
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return wrong(reasonOf(err))
	}
	var all views
	if err := json.Unmarshal(content, &all); err != nil {
		return wrong("it is damaged: " + err.Error())
	}
	if all.Schema != viewSchema {
		return wrong("it is not of this program, or of a later one")
	}
	return all, nil
}

// writeWhole writes a file that only its owner may read, in the place of an old
// one, so that there is always a whole one.
func writeWhole(path string, content []byte) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(folder, ".view-*") // for its owner only
	if err != nil {
		return err
	}
	_, err = temporary.Write(content)
	if err = errors.Join(err, temporary.Close()); err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		_ = os.Remove(temporary.Name()) // the first error is the one to tell
	}
	return err
}

package config

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"

	"github.com/goccy/go-yaml"

	"orderops/config/spelling"
)

// FileError is a configuration file that can't be used, with the place.
type FileError struct {
	Path string
	// Line and Column count from 1; 0 means that the place is not known.
	Line, Column int
	Reason, Next string
}

// Error tells the mistake in one line, its place first.
func (e *FileError) Error() string { return e.Place() + ": " + e.Reason + ". " + e.Next }

// Place is the file with line and column, as far as they are known.
func (e *FileError) Place() string {
	if e.Line == 0 {
		return e.Path
	}
	return fmt.Sprintf("%s:%d:%d", e.Path, e.Line, e.Column)
}

// syntaxError tells what the YAML library complains of, with the place.
func syntaxError(path string, err error) error {
	wrong := &FileError{Path: path, Reason: err.Error(), Next: "See `orderops config init` for what may stand in it."}
	if place, ok := errors.AsType[yaml.Error](err); ok {
		wrong.Reason = place.GetMessage()
		if token := place.GetToken(); token != nil && token.Position != nil {
			wrong.Line, wrong.Column = token.Position.Line, token.Position.Column
			if _, unknown := errors.AsType[*yaml.UnknownFieldError](err); unknown {
				wrong.Reason = fmt.Sprintf("there is no setting %q", token.Value)
				wrong.Next = "Did you mean " + spelling.Nearest(token.Value, fields()...) + "? " + wrong.Next
			}
		}
	}
	return wrong
}

// fields are the names of all settings of a file and of a context.
func fields() []string {
	var names []string
	for _, t := range []reflect.Type{reflect.TypeFor[File](), reflect.TypeFor[Context]()} {
		for field := range t.Fields() {
			if name := field.Tag.Get("yaml"); field.IsExported() && name != "-" {
				names = append(names, name)
			}
		}
	}
	return names
}

// place is the line and the column of the first of the paths that exists.
func place(content []byte, paths ...string) (line, column int) {
	for _, text := range paths {
		path, err := yaml.PathString(text)
		if err != nil {
			continue
		}
		node, err := path.ReadNode(bytes.NewReader(content))
		if err == nil && node.GetToken() != nil {
			return node.GetToken().Position.Line, node.GetToken().Position.Column
		}
	}
	return 0, 0
}

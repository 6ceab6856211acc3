package asl

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// maxSeconds is the largest time-out and wait of the language.
const maxSeconds = 99_999_999

// finding is one thing that is wrong with a definition.
type finding struct {
	// code is AWS's class of findings, such as SCHEMA_VALIDATION_FAILED.
	code, message string
	// location is a JSON pointer; "" for the whole text.
	location string
}

func (f finding) String() string {
	if f.location == "" {
		return f.code + ": " + f.message
	}
	return f.code + ": " + f.message + " at " + f.location
}

// DefinitionError says why a definition can't run.
type DefinitionError struct{ findings []finding }

// Error joins the findings as the message of InvalidDefinition does.
func (e *DefinitionError) Error() string {
	texts := make([]string, len(e.findings))
	for i, f := range e.findings {
		texts[i] = f.String()
	}
	return strings.Join(texts, ", ")
}

// Finding codes of AWS.
const (
	codeSchema = "SCHEMA_VALIDATION_FAILED"
	codeJSON   = "INVALID_JSON_DESCRIPTION"
	codeTarget = "MISSING_TRANSITION_TARGET"
)

// reader collects what is wrong with a definition, and where its states lead.
type reader struct {
	findings    []finding
	operators   map[string]operator
	transitions []transition
}

// transition leads to a state, which the member at names.
type transition struct{ to, at string }

func (r *reader) report(code, location, format string, args ...any) {
	r.findings = append(r.findings, finding{code, fmt.Sprintf(format, args...), location})
}

// fields reads the members of one object of the definition and remembers which
// were asked for; finish refuses the rest.
type fields struct {
	*reader
	// state is the state that the object belongs to, at its JSON pointer.
	state, at string
	members   *object
	known     map[string]bool
}

func (r *reader) fields(o *object, state, at string) *fields {
	return &fields{reader: r, state: state, at: at, members: o, known: map[string]bool{"Comment": true}}
}

// fail reports a finding at a member.
func (f *fields) fail(name, format string, args ...any) {
	f.report(codeSchema, f.at+"/"+name, format, args...)
}

func (f *fields) has(name string) bool {
	_, ok := f.members.get(name)
	return ok
}

// present are those of the names that the object has, missing the others.
func (f *fields) present(names ...string) (present, missing []string) {
	for _, name := range names {
		if f.has(name) {
			present = append(present, name)
		} else {
			missing = append(missing, name)
		}
	}
	return present, missing
}

// require reports the members that are missing.
func (f *fields) require(names ...string) {
	at := f.at
	if at == "" {
		at = "/"
	}
	if _, missing := f.present(names...); len(missing) > 0 {
		f.report(codeSchema, at, "These fields are required: [%s]", strings.Join(missing, ", "))
	}
}

// atMostOne reports members that exclude each other.
func (f *fields) atMostOne(names ...string) {
	if present, _ := f.present(names...); len(present) > 1 {
		f.report(codeSchema, f.at, "You cannot set the fields [%s] together", strings.Join(present, ", "))
	}
}

// member reads a member of one type of JSON; ok is false when it is missing or
// of another.
func member[T any](f *fields, name string) (value T, ok bool) {
	f.known[name] = true
	v, ok := f.members.get(name)
	if !ok {
		return value, false
	}
	if value, ok = v.(T); !ok {
		f.fail(name, "Expected value of type %s", typeOf(value))
	}
	return value, ok
}

// typeOf is AWS's word for a type of JSON.
func typeOf(value any) string {
	words := map[string]string{"string": "String", "bool": "Boolean", "json.Number": "Integer", "[]interface {}": "Array"}
	return cmp.Or(words[fmt.Sprintf("%T", value)], "Object")
}

func (f *fields) text(name string) string {
	text, _ := member[string](f, name)
	return text
}

// oneOf reads a text that is one of a few; the first is the one when it is missing.
func (f *fields) oneOf(name string, values ...string) string {
	text, ok := member[string](f, name)
	if !ok {
		return values[0]
	}
	if !slices.Contains(values, text) {
		f.fail(name, "Value is not one of: [%s]", strings.Join(values, ", "))
	}
	return text
}

// target reads the name of a state that follows; "" when there is none.
func (f *fields) target(name string) string {
	next, ok := member[string](f, name)
	if ok {
		f.transitions = append(f.transitions, transition{next, f.at + "/" + name})
	}
	return next
}

// objects reads an array of objects; each is given with its location.
func (f *fields) objects(name string, read func(*fields)) {
	array, _ := member[[]any](f, name)
	for i, v := range array {
		at := fmt.Sprintf("%s/%s[%d]", f.at, name, i)
		o, ok := v.(*object)
		if !ok {
			f.report(codeSchema, at, "Expected value of type Object")
			continue
		}
		read(f.fields(o, f.state, at))
	}
}

// seconds reads a whole number from least to maxSeconds.
func (f *fields) seconds(name string, least, otherwise int64) int64 {
	n, ok := member[json.Number](f, name)
	if !ok {
		return otherwise
	}
	i, err := n.Int64()
	switch {
	case err != nil:
		f.fail(name, "Expected value of type Integer")
	case i < least:
		f.fail(name, "Value is less than the minimum of %d", least)
	case i > maxSeconds:
		f.fail(name, "Value exceeds the maximum of %d", maxSeconds)
	}
	return i
}

// path reads a JSONPath that names one place; nil when there is none.
func (f *fields) path(name string) *path {
	p := f.list(name)
	if p != nil && !p.definite {
		f.fail(name, "Value is not a Reference Path")
	}
	return p
}

// list reads any JSONPath; nil when there is none.
func (f *fields) list(name string) *path {
	text, ok := member[string](f, name)
	if !ok {
		return nil
	}
	if strings.HasPrefix(text, "States.") {
		f.fail(name, "Intrinsic functions are not supported by the local AWS")
		return nil
	}
	p, err := parsePath(text)
	if err != nil {
		f.fail(name, "Value is not a valid JSONPath: %s", err.Error())
		return nil
	}
	return &p
}

// finish refuses the members that nobody asked for.
func (f *fields) finish() {
	for _, name := range f.members.names {
		switch {
		case f.known[name]:
		case f.state == "":
			f.fail(name, "Field '%s' is not supported by the local AWS", name)
		default:
			f.fail(name, "Field '%s' of state '%s' is not supported by the local AWS", name, f.state)
		}
	}
}

package asl

import (
	"encoding/json"
	"fmt"
	"strings"
)

// maxSeconds is the largest time-out and wait of the language.
const maxSeconds = 99_999_999

// reader collects what is wrong with a definition.
type reader struct{ diagnostics []Diagnostic }

func (r *reader) report(code, location, format string, args ...any) {
	r.diagnostics = append(r.diagnostics, Diagnostic{Code: code, Message: fmt.Sprintf(format, args...), Location: location})
}

// fields reads the members of one object of the definition and remembers which
// were asked for; finish refuses the rest.
type fields struct {
	*reader
	at      string
	members *object
	known   map[string]bool
}

func (r *reader) fields(o *object, at string) *fields {
	return &fields{reader: r, at: at, members: o, known: map[string]bool{}}
}

// fail reports a finding at a member.
func (f *fields) fail(name, format string, args ...any) {
	f.report(codeSchema, f.at+"/"+name, format, args...)
}

func (f *fields) get(name string) (any, bool) {
	f.known[name] = true
	return f.members.get(name)
}

func (f *fields) has(name string) bool {
	_, ok := f.members.get(name)
	return ok
}

// require reports the members that are missing.
func (f *fields) require(names ...string) {
	var missing []string
	for _, n := range names {
		if !f.has(n) {
			missing = append(missing, n)
		}
	}
	if len(missing) == 0 {
		return
	}
	at := f.at
	if at == "" {
		at = "/"
	}
	f.report(codeSchema, at, "These fields are required: [%s]", strings.Join(missing, ", "))
}

// atMostOne reports members that exclude each other.
func (f *fields) atMostOne(names ...string) {
	var found []string
	for _, n := range names {
		if f.has(n) {
			found = append(found, n)
		}
	}
	if len(found) > 1 {
		f.report(codeSchema, f.at, "You cannot set the fields [%s] together", strings.Join(found, ", "))
	}
}

func (f *fields) text(name string) (string, bool) {
	v, ok := f.get(name)
	if !ok {
		return "", false
	}
	s, ok := v.(string)
	if !ok {
		f.fail(name, "Expected value of type String")
	}
	return s, ok
}

func (f *fields) flag(name string) (value, ok bool) {
	v, ok := f.get(name)
	if !ok {
		return false, false
	}
	value, ok = v.(bool)
	if !ok {
		f.fail(name, "Expected value of type Boolean")
	}
	return value, ok
}

func (f *fields) object(name string) (*object, bool) {
	v, ok := f.get(name)
	if !ok {
		return nil, false
	}
	o, ok := v.(*object)
	if !ok {
		f.fail(name, "Expected value of type Object")
	}
	return o, ok
}

func (f *fields) array(name string) ([]any, bool) {
	v, ok := f.get(name)
	if !ok {
		return nil, false
	}
	a, ok := v.([]any)
	if !ok {
		f.fail(name, "Expected value of type Array")
	}
	return a, ok
}

// objects reads an array of objects; each is given with its location.
func (f *fields) objects(name string, read func(*fields)) {
	array, _ := f.array(name)
	for i, v := range array {
		at := fmt.Sprintf("%s/%s[%d]", f.at, name, i)
		o, ok := v.(*object)
		if !ok {
			f.report(codeSchema, at, "Expected value of type Object")
			continue
		}
		read(f.fields(o, at))
	}
}

// texts reads an array of strings.
func (f *fields) texts(name string) []string {
	array, _ := f.array(name)
	var all []string
	for _, v := range array {
		s, ok := v.(string)
		if !ok {
			f.fail(name, "Expected value of type String")
		}
		all = append(all, s)
	}
	return all
}

// seconds reads a whole number from least to maxSeconds.
func (f *fields) seconds(name string, least int64) (int64, bool) {
	v, ok := f.get(name)
	if !ok {
		return 0, false
	}
	n, ok := v.(json.Number)
	if !ok {
		f.fail(name, "Expected value of type Integer")
		return 0, false
	}
	i, err := n.Int64()
	switch {
	case err != nil:
		f.fail(name, "Expected value of type Integer")
	case i < least:
		f.fail(name, "Value is less than the minimum of %d", least)
	case i > maxSeconds:
		f.fail(name, "Value exceeds the maximum of %d", maxSeconds)
	default:
		return i, true
	}
	return 0, false
}

// path reads a JSONPath; reference paths name exactly one place.
func (f *fields) path(name string, reference bool) (*path, bool) {
	text, ok := f.text(name)
	if !ok {
		return nil, false
	}
	if strings.HasPrefix(text, "States.") {
		f.fail(name, "Intrinsic functions are not supported by the local AWS")
		return nil, false
	}
	p, err := parsePath(text)
	if err != nil {
		f.fail(name, "Value is not a valid JSONPath: %s", err.Error())
		return nil, false
	}
	if reference && !p.definite {
		f.fail(name, "Value is not a Reference Path")
		return nil, false
	}
	return &p, true
}

// dataPath reads InputPath, OutputPath or ResultPath.
func (f *fields) dataPath(name string) dataPath {
	if v, ok := f.members.get(name); ok && v == nil {
		f.known[name] = true
		return dataPath{set: true, null: true}
	}
	p, ok := f.path(name, name == "ResultPath")
	if !ok {
		return dataPath{}
	}
	if name == "ResultPath" && !p.reference() {
		f.fail(name, "Value is not a Reference Path")
		return dataPath{}
	}
	return dataPath{path: *p, set: true}
}

// template reads a payload template; nil when there is none.
func (f *fields) template(name string) *template {
	v, ok := f.get(name)
	if !ok {
		return nil
	}
	t, err := parseTemplate(v)
	if err != nil {
		f.fail(name, "%s", err.Error())
		return nil
	}
	return &t
}

// queryLanguage accepts JSONPath only.
func (f *fields) queryLanguage() {
	if language, ok := f.text("QueryLanguage"); ok && language != "JSONPath" {
		f.fail("QueryLanguage", "The query language %q is not supported by the local AWS, only JSONPath", language)
	}
}

// finish refuses the members that nobody asked for.
func (f *fields) finish() {
	for _, name := range f.members.names {
		if !f.known[name] {
			f.fail(name, "Field '%s' is not supported", name)
		}
	}
}

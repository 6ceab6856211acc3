package asl

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// at is what a path selects in input, or in the context object when it starts
// with "$$".
func (v *visit) at(p *path, input document) (any, error) {
	if p.context {
		return p.find(v.contextObject())
	}
	return p.find(input.value)
}

// dataPath is InputPath, OutputPath or ResultPath. Without a path it is "$".
type dataPath struct {
	*path
	// null discards: an empty object as input or output, the input untouched as result.
	null bool
}

// dataPath reads InputPath, OutputPath or ResultPath.
func (f *fields) dataPath(name string) dataPath {
	if v, ok := f.members.get(name); ok && v == nil {
		f.known[name] = true
		return dataPath{null: true}
	}
	p := f.list(name)
	if name == "ResultPath" && p != nil && !p.reference() {
		f.fail(name, "Value is not a Reference Path")
	}
	return dataPath{path: p}
}

// whole says whether the path is "$".
func (p dataPath) whole() bool { return p.path == nil || len(p.steps) == 0 && !p.context }

// narrow is the part of data that InputPath or OutputPath selects.
func (v *visit) narrow(p dataPath, data document) (document, error) {
	switch {
	case p.null:
		return newDocument(newObject()), nil
	case p.whole():
		return data, nil
	}
	part, err := v.at(p.path, data)
	if err != nil {
		return document{}, runtimeFailure("Invalid path '%s' : %s", p.text, err.Error())
	}
	return newDocument(part), nil
}

// merge puts a result into the state's input, as ResultPath says.
func (p dataPath) merge(input, result document) (document, error) {
	switch {
	case p.null:
		return input, nil
	case p.whole():
		return result, nil
	}
	merged, err := put(p.steps, input.value, result.value)
	if err != nil {
		return document{}, &failure{name: errorResultPath, cause: "Unable to apply Reference Path " + p.text + " to input " + input.text}
	}
	return newDocument(merged), nil
}

// template is a payload template (Parameters, ResultSelector) as a JSON value
// in which a *blank stands for every member whose name ends in ".$". The zero
// template changes nothing.
type template struct{ value any }

// blank is filled in with what its path selects.
type blank struct {
	path path
	// field is the member's name with its ".$".
	field string
}

func (f *fields) template(name string) *template {
	f.known[name] = true
	v, ok := f.members.get(name)
	if !ok {
		return nil
	}
	return &template{f.compile(name, v)}
}

// compile puts blanks into a copy of v, a part of the member name.
func (f *fields) compile(name string, v any) any {
	return rebuild(v, func(field string, part any) (string, any) {
		bare, dynamic := strings.CutSuffix(field, ".$")
		if !dynamic {
			return field, f.compile(name, part)
		}
		text, _ := part.(string)
		p, err := parsePath(text)
		switch {
		case strings.HasPrefix(text, "States."):
			f.fail(name, "The intrinsic function of the field '%s' is not supported by the local AWS", field)
		case err != nil:
			f.fail(name, "The value for the field '%s' must be a valid JSONPath or a valid intrinsic function call", field)
		}
		return bare, &blank{path: p, field: field}
	})
}

// rebuild copies an object or array and lets change have each of its parts; any
// other value stays. The name of an element is "".
func rebuild(v any, change func(name string, part any) (string, any)) any {
	switch v := v.(type) {
	case *object:
		o := newObject()
		for _, name := range v.names {
			o.set(change(name, v.values[name]))
		}
		return o
	case []any:
		array := make([]any, len(v))
		for i := range v {
			_, array[i] = change("", v[i])
		}
		return array
	}
	return v
}

// fill is data, or what the template makes of it.
func (v *visit) fill(t *template, data document) (document, error) {
	if t == nil {
		return data, nil
	}
	var missing error // the first path that leads nowhere
	var fill func(name string, part any) (string, any)
	fill = func(name string, part any) (string, any) {
		b, ok := part.(*blank)
		if !ok {
			return name, rebuild(part, fill)
		}
		value, err := v.at(&b.path, data)
		if err != nil {
			missing = cmp.Or[error](missing, notFoundFor(b.path.text, b.field, data))
		}
		return name, value
	}
	_, filled := fill("", t.value)
	if missing != nil {
		return document{}, missing
	}
	return newDocument(filled), nil
}

// timeFormat is how the context object writes times.
const timeFormat = "2006-01-02T15:04:05.000Z"

// contextObject is what "$$" selects from while the state runs.
func (v *visit) contextObject() *object {
	e := v.execution
	execution := newObject().
		set("Id", e.ARN).
		set("Input", v.input.value).
		set("StartTime", e.Start.UTC().Format(timeFormat)).
		set("Name", e.Name).
		set("RoleArn", e.RoleARN).
		set("RedriveCount", number(e.Redrives))
	if e.Redrives > 0 {
		execution.set("RedriveTime", e.Redriven.UTC().Format(timeFormat))
	}
	current := newObject().set("Name", v.state.name).set("EnteredTime", v.entered.UTC().Format(timeFormat))
	if v.state.kind == "Task" {
		current.set("RetryCount", number(v.retries))
	}
	return newObject().
		set("Execution", execution).
		set("StateMachine", newObject().set("Id", e.MachineARN).set("Name", e.MachineName)).
		set("State", current)
}

func number(n int) json.Number { return json.Number(strconv.Itoa(n)) }

// pathStep is the grammar of a step: ".name", ".*", "[*]", "[0]", "[from:to]"
// or "['name']". A backslash in a quoted name takes its own quote and another
// backslash as they are; before anything else it stands for itself (recorded:
// $['Test\""Name"'] finds the member Test\""Name").
var pathStep = regexp.MustCompile(`(?s)^(?:\.([^][.()'"\\*?@,:$\s]+|\*)|\[ *(?:` +
	`(\*)|(-?\d*)(:?)(-?\d*)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")) *\])`)

// path is a JSONPath over a state's input ("$.a") or over the context object ("$$.a").
type path struct {
	text    string
	context bool
	steps   []step
	// definite paths name one place; the others select a list.
	definite bool
}

// step goes from a value to some of its parts.
type step struct {
	kind stepKind
	// name is the member's.
	name string
	// from and to bound the elements; negative positions count from the end.
	from, to int
}

type stepKind int

const (
	byName stepKind = iota
	byPosition
	byRange
	byAll
)

// parsePath reads a JSONPath. Filters, functions and variables are refused.
func parsePath(text string) (path, error) {
	p := path{text: text, definite: true}
	rest, ok := strings.CutPrefix(text, "$")
	if !ok {
		return path{}, errors.New("a path starts with '$'")
	}
	rest, p.context = strings.CutPrefix(rest, "$")
	for rest != "" {
		part := pathStep.FindStringSubmatch(rest)
		if part == nil {
			return path{}, fmt.Errorf("%q is not understood", rest)
		}
		rest = rest[len(part[0]):]
		s, err := parseStep(part)
		if err != nil {
			return path{}, err
		}
		p.steps = append(p.steps, s)
		p.definite = p.definite && s.kind <= byPosition
	}
	return p, nil
}

// parseStep takes what pathStep found.
func parseStep(part []string) (s step, err error) {
	name, from, to, quoted := part[1], part[3], part[5], part[6]
	switch {
	case name == "*" || part[2] != "":
		s.kind = byAll
	case name != "":
		s.name = name
	case quoted != "":
		quote := quoted[:1]
		s.name = strings.NewReplacer(`\\`, `\`, `\`+quote, quote).Replace(quoted[1 : len(quoted)-1])
	case part[4] == "":
		s.kind = byPosition
		s.from, err = strconv.Atoi(from)
		if s.to = s.from + 1; s.to == 0 {
			s.to = math.MaxInt
		}
	default:
		s.kind = byRange
		var other error
		s.from, err = strconv.Atoi(cmp.Or(from, "0"))
		s.to, other = strconv.Atoi(cmp.Or(to, strconv.Itoa(math.MaxInt)))
		err = cmp.Or(err, other)
	}
	return s, err
}

// reference says whether the path can be written to: names only, not the context.
func (p path) reference() bool {
	return !p.context && !slices.ContainsFunc(p.steps, func(s step) bool { return s.kind != byName })
}

// find gives what the path selects in root: the value of a definite path, else
// a list. The error is in the words of AWS's JSONPath library.
func (p path) find(root any) (any, error) {
	values := []any{root}
	for i, s := range p.steps {
		var next []any
		for _, v := range values {
			next = append(next, s.pick(v)...)
		}
		values = next
		if !p.definite || len(values) > 0 {
			continue
		}
		problem := "No results for path: $"
		if i < len(p.steps)-1 {
			problem = "Missing property in path $"
		}
		for _, s := range p.steps[:i+1] {
			problem += s.String()
		}
		return nil, errors.New(problem)
	}
	if p.definite {
		return values[0], nil
	}
	return append([]any{}, values...), nil
}

// String writes a definite step as AWS's messages do.
func (s step) String() string {
	if s.kind == byPosition {
		return fmt.Sprintf("[%d]", s.from)
	}
	return "['" + s.name + "']"
}

// pick gives the parts of v that the step selects, without going deeper.
func (s step) pick(v any) []any {
	o, _ := v.(*object)
	array, _ := v.([]any)
	place := func(i int) int {
		if i < 0 {
			i += len(array)
		}
		return min(max(i, 0), len(array))
	}
	switch s.kind {
	case byAll:
		if o == nil {
			return array
		}
		var all []any
		for _, name := range o.names {
			all = append(all, o.values[name])
		}
		return all
	case byName:
		if found, ok := o.get(s.name); ok {
			return []any{found}
		}
		return nil
	default:
		end := place(s.to)
		return array[min(place(s.from), end):end]
	}
}

// errNoPlace says that a result can't be put where ResultPath says.
var errNoPlace = errors.New("no place")

// put is root with value at the place of the steps of a reference path. Missing
// objects are made; a place below a value that is no object is errNoPlace.
func put(steps []step, root, value any) (any, error) {
	if len(steps) == 0 {
		return value, nil
	}
	o, ok := root.(*object)
	if !ok {
		return nil, errNoPlace
	}
	name := steps[0].name
	below, ok := o.get(name)
	if !ok {
		below = newObject()
	}
	below, err := put(steps[1:], below, value)
	if err != nil {
		return nil, err
	}
	return o.with(name, below), nil
}

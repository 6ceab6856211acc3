package asl

import (
	"cmp"
	"encoding/json"
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

package asl

import (
	"context"
	"strings"
	"time"

	"orderops/aws/local/wire"
)

// Machine is a definition that can run.
type Machine struct {
	startAt string
	states  map[string]*state
	// timeout ends an execution as TIMED_OUT; 0 means none.
	timeout time.Duration
}

// state is one state. What it is given flows through its input path, parameters,
// work, selector, result path and output path; each may be absent.
type state struct {
	name, kind string
	// next is the state that follows; "" when the execution ends here.
	next                  string
	input, result, output dataPath
	parameters, selector  *template
	work                  worker
	retry                 []retrier
	catch                 []catcher
}

// worker does what a type of states is for: it makes the result of the data. A
// Choice also sets what follows.
type worker func(ctx context.Context, v *visit, data document) (document, error)

// Parse reads and checks a definition. The error is a *DefinitionError.
func Parse(definition []byte) (*Machine, error) {
	text := string(definition)
	r := &reader{operators: operators()}
	v, err := parseJSON(text)
	o, ok := v.(*object)
	var m *Machine
	switch {
	case err != nil && strings.TrimSpace(text) != "":
		r.report(codeJSON, "", "%s", err)
	case !ok:
		r.report(codeSchema, "", "Definition must be a valid JSON object")
	default:
		m = r.machine(o)
	}
	if len(r.findings) > 0 {
		return nil, &DefinitionError{r.findings}
	}
	return m, nil
}

// machine reads the top level.
func (r *reader) machine(o *object) *Machine {
	f := r.fields(o, "", "")
	f.oneOf("Version", "1.0")
	f.oneOf("QueryLanguage", "JSONPath")
	m := &Machine{
		startAt: f.target("StartAt"), states: map[string]*state{},
		timeout: time.Duration(f.seconds("TimeoutSeconds", 1, 0)) * time.Second,
	}
	states, ok := member[*object](f, "States")
	f.require("States", "StartAt")
	f.finish()
	if !ok {
		return m
	}
	if len(states.names) == 0 {
		f.fail("States", "Expected at least one state")
	}
	for _, name := range states.names {
		m.states[name] = r.state(name, states.values[name])
	}
	if len(r.findings) == 0 {
		r.connect(states)
	}
	return m
}

// connect checks that every transition leads to a state.
func (r *reader) connect(states *object) {
	for _, t := range r.transitions {
		if _, ok := states.get(t.to); !ok {
			r.report(codeTarget, t.at, "Missing '%s' target: %s", t.at[strings.LastIndexByte(t.at, '/')+1:], t.to)
		}
	}
}

// state reads one state and reports what is wrong with it.
func (r *reader) state(name string, v any) *state {
	at := "/States/" + name
	if name == "" || len([]rune(name)) > 80 {
		r.report(codeSchema, at, "State name length must be between 1 and 80 characters")
	}
	o, ok := v.(*object)
	if !ok {
		r.report(codeSchema, at, "Expected value of type Object")
		return nil
	}
	f := r.fields(o, name, at)
	f.require("Type")
	kind, ok := member[string](f, "Type")
	if !ok {
		return nil
	}
	s := &state{name: name, kind: kind}
	f.oneOf("QueryLanguage", "JSONPath")
	work, ok := map[string]func(*fields) worker{
		"Task": (*fields).task, "Pass": (*fields).pass, "Choice": (*fields).choice,
		"Wait": (*fields).wait, "Fail": (*fields).failing, "Succeed": func(*fields) worker { return nil },
	}[kind]
	switch {
	case kind == "Map" || kind == "Parallel":
		f.fail("Type", "State '%s' is of type %s, which is not supported by the local AWS", name, kind)
		return nil
	case !ok:
		f.fail("Type", "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]")
		return nil
	}
	s.work = work(f)
	if kind == "Task" {
		s.selector, s.retry, s.catch = f.template("ResultSelector"), f.retry(), f.catch()
	}
	if kind == "Task" || kind == "Pass" {
		s.parameters, s.result = f.template("Parameters"), f.dataPath("ResultPath")
	}
	if kind != "Fail" {
		s.input, s.output = f.dataPath("InputPath"), f.dataPath("OutputPath")
	}
	if kind == "Task" || kind == "Pass" || kind == "Wait" {
		s.next = f.transition()
	}
	f.finish()
	return s
}

// pass is the work of a Pass state: a fixed result, null too, or none.
func (f *fields) pass() worker {
	f.known["Result"] = true
	result, ok := f.members.get("Result")
	if !ok {
		return nil
	}
	return func(context.Context, *visit, document) (document, error) { return newDocument(result), nil }
}

// failing is the work of a Fail state: it fails.
func (f *fields) failing() worker {
	name, cause := f.textOrPath("Error"), f.textOrPath("Cause")
	return func(_ context.Context, v *visit, data document) (document, error) {
		return document{}, &failure{name: name(v, data), cause: cause(v, data)}
	}
}

// textOrPath reads a text, or where it is at run time.
func (f *fields) textOrPath(name string) func(v *visit, data document) string {
	field := name + "Path"
	f.atMostOne(name, field)
	text, p := f.text(name), f.path(field)
	return func(v *visit, data document) string {
		if p == nil {
			return text
		}
		value, err := v.at(p, data)
		if err != nil {
			wire.Check(notFoundFor(p.text, field, data))
		}
		found, ok := value.(string)
		if !ok {
			wire.Check(runtimeFailure("The %s field must refer to a string: %s == %s", field, p.text, encode(value)))
		}
		return found
	}
}

// transition reads Next and End: exactly one of them.
func (f *fields) transition() string {
	next := f.target("Next")
	end, _ := member[bool](f, "End")
	switch {
	case f.has("Next") && end:
		f.report(codeSchema, f.at, "You cannot set the fields [Next, End] together")
	case !f.has("Next") && !end:
		f.report(codeSchema, f.at, "These fields are required: [Next] or [End: true]")
	}
	return next
}

package asl

import (
	"slices"
	"strings"
	"time"
)

// Machine is a definition that can run.
type Machine struct {
	startAt string
	states  map[string]*state
	// timeout ends an execution as TIMED_OUT; 0 means none.
	timeout time.Duration
}

// state is one state. The part of its own type is set, the others are nil.
type state struct {
	name, kind string
	// next is the state that follows; "" when the execution ends here.
	next          string
	input, output dataPath

	task   *task
	choice *choice
	wait   *wait
	pass   *pass
	fail   *fail
}

// Parse reads and checks a definition. The error is a *DefinitionError.
func Parse(definition []byte) (*Machine, error) {
	text := string(definition)
	r := &reader{operators: operators()}
	v, err := parseJSON(text)
	o, ok := v.(*object)
	var m *Machine
	switch {
	case err != nil && strings.TrimSpace(text) != "":
		problem, end := jsonProblem(text, err)
		at := jsonLocation(text, end)
		r.report(codeJSON, at, "%s\n at %s", problem, at)
	case !ok:
		r.report(codeSchema, "", "Definition must be a valid JSON object")
	default:
		m = r.machine(o)
	}
	if len(r.diagnostics) > 0 {
		return nil, &DefinitionError{r.diagnostics}
	}
	return m, nil
}

// machine reads the top level.
func (r *reader) machine(o *object) *Machine {
	f := r.fields(o, "", "")
	f.oneOf("Version", "1.0")
	f.queryLanguage()
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
	if len(r.diagnostics) == 0 {
		r.connect(states.names)
	}
	return m
}

// connect checks that every transition leads to a state and every state is led to.
func (r *reader) connect(names []string) {
	next := map[string][]string{}
	for _, t := range r.transitions {
		next[t.from] = append(next[t.from], t.to)
		if !slices.Contains(names, t.to) {
			r.report(codeTarget, t.at, "Missing '%s' target: %s", t.at[strings.LastIndexByte(t.at, '/')+1:], t.to)
		}
	}
	reached := map[string]bool{}
	for queue := []string{""}; len(queue) > 0; queue = queue[1:] { // the machine itself leads to StartAt
		for _, name := range next[queue[0]] {
			if !reached[name] {
				reached[name] = true
				queue = append(queue, name)
			}
		}
	}
	for _, name := range names {
		if !reached[name] && len(r.diagnostics) == 0 {
			r.report(codeTarget, "/States/"+name, "State \"%s\" is not reachable.", name)
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
	s := &state{name: name, kind: f.text("Type")}
	f.queryLanguage()
	switch s.kind {
	case "Task":
		s.task = f.task()
	case "Choice":
		s.choice = f.choice()
	case "Wait":
		s.wait = f.wait()
	case "Pass":
		s.pass = f.pass()
	case "Fail":
		s.fail = f.failState()
	case "Succeed":
	case "":
		return s
	case "Map", "Parallel":
		f.fail("Type", "State '%s' is of type %s, which is not supported by the local AWS", name, s.kind)
		return s
	default:
		f.fail("Type", "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]")
		return s
	}
	if s.fail == nil {
		s.input, s.output = f.dataPath("InputPath"), f.dataPath("OutputPath")
	}
	if s.task != nil || s.wait != nil || s.pass != nil {
		s.next = f.transition()
	}
	f.finish()
	return s
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

// queryLanguage accepts JSONPath only.
func (f *fields) queryLanguage() {
	if language := f.text("QueryLanguage"); f.has("QueryLanguage") && language != "JSONPath" {
		f.fail("QueryLanguage", "The query language %q is not supported by the local AWS, only JSONPath", language)
	}
}

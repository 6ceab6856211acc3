package asl

import (
	"fmt"
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

// state is one state. The members of its own type are set, the others nil.
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

// Diagnostic is one finding about a definition, as ValidateStateMachineDefinition reports it.
type Diagnostic struct {
	// Code is AWS's class of findings, such as SCHEMA_VALIDATION_FAILED.
	Code string
	// Message says what is wrong; Location is a JSON pointer, or for a text that
	// is no JSON how far it was read; "" for the whole text.
	Message, Location string
}

func (d Diagnostic) String() string {
	if d.Location == "" || d.Code == codeJSON { // whose message has its location
		return d.Code + ": " + d.Message
	}
	return fmt.Sprintf("%s: %s at %s", d.Code, d.Message, d.Location)
}

// DefinitionError says why a definition can't run.
type DefinitionError struct{ Diagnostics []Diagnostic }

// Error joins the findings as the message of InvalidDefinition does.
func (e *DefinitionError) Error() string {
	texts := make([]string, len(e.Diagnostics))
	for i, d := range e.Diagnostics {
		texts[i] = d.String()
	}
	return strings.Join(texts, ", ")
}

// Finding codes of AWS.
const (
	codeSchema = "SCHEMA_VALIDATION_FAILED"
	codeJSON   = "INVALID_JSON_DESCRIPTION"
	codeTarget = "MISSING_TRANSITION_TARGET"
)

// Parse reads and checks a definition. The error is a *DefinitionError.
func Parse(definition []byte) (*Machine, error) {
	text := string(definition)
	if strings.TrimSpace(text) == "" {
		return nil, refuse(codeSchema, "Definition must be a valid JSON object")
	}
	v, err := parseJSON(text)
	if err != nil {
		at := jsonLocation(text, err)
		return nil, &DefinitionError{[]Diagnostic{{Code: codeJSON, Message: JSONProblem(text, err) + "\n at " + at, Location: at}}}
	}
	o, ok := v.(*object)
	if !ok {
		return nil, refuse(codeSchema, "Definition must be a valid JSON object")
	}
	r := &reader{}
	m := r.machine(o)
	if len(r.diagnostics) > 0 {
		return nil, &DefinitionError{r.diagnostics}
	}
	return m, nil
}

func refuse(code, message string) error {
	return &DefinitionError{[]Diagnostic{{Code: code, Message: message}}}
}

// machine reads the top level.
func (r *reader) machine(o *object) *Machine {
	f := r.fields(o, "")
	f.text("Comment")
	if version, ok := f.text("Version"); ok && version != "1.0" {
		f.fail("Version", "Value is not one of: [1.0]")
	}
	f.queryLanguage()
	m := &Machine{states: map[string]*state{}}
	if seconds, ok := f.seconds("TimeoutSeconds", 1); ok {
		m.timeout = time.Duration(seconds) * time.Second
	}
	states, hasStates := f.object("States")
	startAt, hasStart := f.text("StartAt")
	f.require("States", "StartAt")
	f.finish()
	if !hasStates || !hasStart {
		return m
	}
	m.startAt = startAt
	if len(states.names) == 0 {
		f.fail("States", "Expected at least one state")
	}
	for _, name := range states.names {
		m.states[name] = r.state(name, states.values[name])
	}
	if len(r.diagnostics) == 0 {
		r.connect(m, states.names)
	}
	return m
}

// connect checks that every transition leads to a state and every state is led to.
func (r *reader) connect(m *Machine, names []string) {
	if m.states[m.startAt] == nil {
		r.report(codeTarget, "/StartAt", "Missing 'StartAt' target: %s", m.startAt)
		return
	}
	reached := map[string]bool{m.startAt: true}
	for queue := []string{m.startAt}; len(queue) > 0; queue = queue[1:] {
		for _, t := range m.states[queue[0]].targets() {
			if m.states[t.name] == nil {
				r.report(codeTarget, "/States/"+queue[0]+"/"+t.field, "Missing 'Next' target: %s", t.name)
			} else if !reached[t.name] {
				reached[t.name] = true
				queue = append(queue, t.name)
			}
		}
	}
	for _, name := range names {
		if !reached[name] {
			r.report(codeTarget, "/States/"+name, "State \"%s\" is not reachable.", name)
		}
	}
}

// target is a transition and the field that names it.
type target struct{ name, field string }

func (s *state) targets() []target {
	var all []target
	if s.next != "" {
		all = append(all, target{s.next, "Next"})
	}
	if s.task != nil {
		for i, c := range s.task.catch {
			all = append(all, target{c.next, fmt.Sprintf("Catch[%d]/Next", i)})
		}
	}
	if s.choice != nil {
		for i, c := range s.choice.rules {
			all = append(all, target{c.next, fmt.Sprintf("Choices[%d]/Next", i)})
		}
		if s.choice.otherwise != "" {
			all = append(all, target{s.choice.otherwise, "Default"})
		}
	}
	return all
}

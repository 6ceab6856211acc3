package definition

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"orderops/workflow"
)

// maxDepth is the most levels of Map and Parallel inside each other that Parse
// follows.
const maxDepth = 50

// Parse reads a definition in Amazon States Language, for drawing: it takes any
// definition whose shape it can make out, also one that Step Functions would
// refuse. An edge to a state that does not exist is left out. The error is a
// *workflow.Problem.
func Parse(definition []byte) (*Machine, error) {
	m, err := parse(definition, "", 0)
	if err != nil {
		return nil, &workflow.Problem{
			Kind: workflow.Invalid, Operation: "read definition", Reason: err.Error(), Err: err,
			Next: "Check it with states:ValidateStateMachineDefinition",
		}
	}
	return m, nil
}

// object is a JSON object whose members are read one by one, because each may
// have any type.
type object map[string]json.RawMessage

// parse reads the machine, or branch, that stands at path.
func parse(definition []byte, path string, depth int) (*Machine, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("more than %d levels of states inside each other at %s", maxDepth, path)
	}
	var top object
	if err := json.Unmarshal(definition, &top); err != nil {
		return nil, fmt.Errorf("the definition at %s/ is no JSON object: %w", path, err)
	}
	m := &Machine{Comment: top.text("Comment"), StartAt: top.text("StartAt")}
	if len(top["States"]) == 0 && top.text("Type") != "" {
		top = alone(definition, top.text("Type"))
		m.StartAt = top.text("StartAt")
	}
	names, states, err := entries(top["States"])
	if err != nil {
		return nil, fmt.Errorf("the member at %s/States %w", path, err)
	}
	for _, name := range names {
		s, err := state(name, states[name], path+"/States/"+name, depth)
		if err != nil {
			return nil, err
		}
		m.States = append(m.States, s)
	}
	arrange(m)
	return m, nil
}

// alone is a machine of a single state, as TestState takes it: without a name,
// so that it is called by its type.
func alone(definition []byte, kind string) object {
	name, _ := json.Marshal(kind) // a string always encodes
	states, _ := json.Marshal(map[string]json.RawMessage{kind: definition})
	return object{"StartAt": name, "States": states}
}

func state(name string, raw json.RawMessage, path string, depth int) (State, error) {
	var o object
	if err := json.Unmarshal(raw, &o); err != nil || o == nil {
		return State{}, fmt.Errorf("the state at %s is no object", path)
	}
	s := State{Name: name, Type: o.text("Type"), Resource: o.text("Resource"), Function: function(o), Edges: edges(o)}
	s.Retries = retries(o)
	s.End = o.flag("End") || s.Type == "Succeed" || s.Type == "Fail"
	if seconds := o.number("Seconds"); s.Type == "Wait" && seconds > 0 {
		s.WaitSeconds = seconds
	}
	children := o.list("Branches")
	for _, name := range []string{"ItemProcessor", "Iterator"} {
		if processor, ok := o[name]; ok {
			children = append(children, processor)
		}
	}
	for i, child := range children {
		m, err := parse(child, fmt.Sprintf("%s/%d", path, i), depth+1)
		if err != nil {
			return State{}, err
		}
		s.Children = append(s.Children, m)
	}
	return s, nil
}

// edges are the ways out of a state: the usual ones first, then its Catch.
func edges(o object) []Edge {
	var list []Edge
	if to := o.text("Next"); to != "" {
		list = append(list, Edge{To: to, Kind: Next})
	}
	for _, rule := range o.objects("Choices") {
		list = append(list, Edge{To: rule.text("Next"), Kind: Choice, Label: short(condition(rule, 0))})
	}
	if to := o.text("Default"); to != "" {
		list = append(list, Edge{To: to, Kind: Default, Label: "else"})
	}
	for _, catcher := range o.objects("Catch") {
		list = append(list, Edge{To: catcher.text("Next"), Kind: Catch, Label: short(strings.Join(catcher.errors(), ", "))})
	}
	return list
}

// defaultAttempts is Step Functions' MaxAttempts where a Retry names none.
const defaultAttempts = 3

func retries(o object) []Retry {
	var list []Retry
	for _, retrier := range o.objects("Retry") {
		r := Retry{Errors: retrier.errors(), MostAttempts: defaultAttempts}
		if _, told := retrier["MaxAttempts"]; told {
			r.MostAttempts = int(retrier.number("MaxAttempts"))
		}
		list = append(list, r)
	}
	return list
}

// errors are the names in ErrorEquals.
func (o object) errors() []string {
	var names []string
	for _, raw := range o.list("ErrorEquals") {
		names = append(names, text(raw))
	}
	return names
}

// entries are the members of a JSON object in the document's order. Of a name
// that appears twice, the last value counts.
func entries(raw json.RawMessage) (names []string, values object, err error) {
	if len(raw) == 0 {
		return nil, nil, fmt.Errorf("is missing")
	}
	if err := json.Unmarshal(raw, &values); err != nil || values == nil {
		return nil, nil, fmt.Errorf("is no object")
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if _, err := decoder.Token(); err != nil {
		return nil, nil, fmt.Errorf("is no object: %w", err)
	}
	seen := map[string]bool{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, nil, fmt.Errorf("is no object: %w", err)
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, nil, fmt.Errorf("is no object: %w", err)
		}
		if name, _ := token.(string); !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names, values, nil
}

// text is the string at name, "" when there is none.
func (o object) text(name string) string { return text(o[name]) }

func (o object) flag(name string) bool { return string(o[name]) == "true" }

// number is the number at name, 0 when there is none.
func (o object) number(name string) float64 {
	var n float64
	if json.Unmarshal(o[name], &n) != nil || math.IsInf(n, 0) {
		return 0
	}
	return n
}

func (o object) list(name string) []json.RawMessage {
	var list []json.RawMessage
	if json.Unmarshal(o[name], &list) != nil {
		return nil
	}
	return list
}

// objects are the members of a list that are objects.
func (o object) objects(name string) []object {
	var list []object
	for _, raw := range o.list(name) {
		var each object
		if json.Unmarshal(raw, &each) == nil && each != nil {
			list = append(list, each)
		}
	}
	return list
}

func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

package asl

import "strings"

// choice is the part of a Choice state.
type choice struct {
	rules []choiceRule
	// otherwise is Default; "" when there is none.
	otherwise string
}

type choiceRule struct {
	condition condition
	next      string
}

// condition says whether a choice rule, or a part of one, holds.
type condition func(v *visit, input document) (bool, error)

func (f *fields) choice() *choice {
	c := &choice{}
	f.require("Choices")
	f.objects("Choices", func(f *fields) {
		f.require("Next")
		next := f.target("Next")
		c.rules = append(c.rules, choiceRule{f.condition(0), next})
	})
	if f.has("Choices") && len(c.rules) == 0 {
		f.fail("Choices", "Expected at least one choice rule")
	}
	c.otherwise = f.target("Default")
	return c
}

// condition reads a choice rule: And, Or, Not, or a variable with one operator.
func (f *fields) condition(depth int) condition {
	defer f.finish()
	switch {
	case depth > 100:
		f.report(codeSchema, f.at, "The condition is nested too deep")
		return nil
	case f.has("And"):
		return all(f.conditions("And", depth), true)
	case f.has("Or"):
		return all(f.conditions("Or", depth), false)
	case f.has("Not"):
		o, ok := member[*object](f, "Not")
		if !ok {
			return nil
		}
		not := f.fields(o, f.state, f.at+"/Not").condition(depth + 1)
		return func(v *visit, input document) (bool, error) {
			ok, err := not(v, input)
			return !ok, err
		}
	}
	return f.test()
}

func (f *fields) conditions(name string, depth int) []condition {
	var parts []condition
	f.objects(name, func(f *fields) { parts = append(parts, f.condition(depth+1)) })
	if len(parts) == 0 {
		f.fail(name, "Expected at least one choice rule")
	}
	return parts
}

// all says whether all parts are as wanted, else the contrary: And wants them
// true, Or false. Parts behind one that decides are not looked at.
func all(parts []condition, wanted bool) condition {
	return func(v *visit, input document) (bool, error) {
		for _, part := range parts {
			if ok, err := part(v, input); err != nil || ok != wanted {
				return ok, err
			}
		}
		return wanted, nil
	}
}

// test reads a variable with the one operator that is applied to it.
func (f *fields) test() condition {
	f.require("Variable")
	variable := f.path("Variable")
	var found []string
	for _, name := range f.members.names {
		if _, ok := f.operators[name]; ok {
			found = append(found, name)
		}
	}
	if len(found) != 1 {
		f.report(codeSchema, f.at, "Expected exactly one comparison operator, found [%s]", strings.Join(found, ", "))
		for _, name := range found {
			f.known[name] = true
		}
		return nil
	}
	name := found[0]
	o := f.operators[name]
	if o.path {
		other := f.path(name)
		return func(v *visit, input document) (bool, error) {
			value, err := v.at(variable, input)
			if err != nil {
				return false, invalidCondition(variable)
			}
			wanted, err := v.at(other, input)
			if err != nil || !o.kind.is(wanted) {
				return false, invalidCondition(other)
			}
			return o.test(value, wanted), nil
		}
	}
	f.known[name] = true
	wanted, _ := f.members.get(name)
	if !o.kind.is(wanted) {
		f.fail(name, "Expected value of type %s", o.kind.name)
	}
	return func(v *visit, input document) (bool, error) {
		value, err := v.at(variable, input)
		switch {
		case name == "IsPresent": // alone takes a path that leads nowhere
			return (err == nil) == wanted, nil
		case err != nil:
			return false, invalidCondition(variable)
		}
		return o.test(value, wanted), nil
	}
}

func invalidCondition(p *path) error {
	return runtimeFailure("Invalid path '%s': The choice state's condition path references an invalid value.", p.text)
}

// choose gives the state that the first matching rule names.
func (v *visit) choose(input document) (string, error) {
	for _, rule := range v.state.choice.rules {
		if ok, err := rule.condition(v, input); err != nil || ok {
			return rule.next, err
		}
	}
	if v.state.choice.otherwise != "" {
		return v.state.choice.otherwise, nil
	}
	f := runtimeFailure("Failed to transition out of the state. The state does not point to a next state.")
	f.name = errorNoChoice
	return "", f
}

package asl

import (
	"context"
	"errors"
	"strings"
)

// condition says whether a choice rule, or a part of one, holds.
type condition func(v *visit, data document) (bool, error)

// choice is the work of a Choice state: the first rule that holds says what follows.
func (f *fields) choice() worker {
	type rule struct {
		holds condition
		next  string
	}
	var rules []rule
	f.require("Choices")
	f.objects("Choices", func(f *fields) {
		f.require("Next")
		next := f.target("Next")
		rules = append(rules, rule{f.condition(0), next})
	})
	if f.has("Choices") && len(rules) == 0 {
		f.fail("Choices", "Expected at least one choice rule")
	}
	otherwise := f.target("Default")
	return func(_ context.Context, v *visit, data document) (document, error) {
		v.next = otherwise
		for _, r := range rules {
			if ok, err := r.holds(v, data); err != nil || ok {
				v.next = r.next
				return data, err
			}
		}
		if otherwise == "" {
			f := runtimeFailure("Failed to transition out of the state. The state does not point to a next state.")
			f.name = errorNoChoice
			return document{}, f
		}
		return data, nil
	}
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
		return func(v *visit, data document) (bool, error) {
			ok, err := not(v, data)
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
	return func(v *visit, data document) (bool, error) {
		for _, part := range parts {
			if ok, err := part(v, data); err != nil || ok != wanted {
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
	f.known[name] = true
	literal, _ := f.members.get(name)
	var other *path
	if o.path {
		other = f.path(name)
	} else if !o.kind.is(literal) {
		f.fail(name, "Expected value of type %s", o.kind.name)
	}
	return func(v *visit, data document) (bool, error) {
		value, err := v.at(variable, data)
		if name == "IsPresent" { // alone takes a path that leads nowhere
			return (err == nil) == literal, nil
		}
		wanted, wrong := literal, variable
		if err == nil && other != nil {
			wrong = other
			if wanted, err = v.at(other, data); !o.kind.is(wanted) {
				err = errors.New("of another type")
			}
		}
		if err != nil {
			return false, runtimeFailure("Invalid path '%s': The choice state's condition path references an invalid value.", wrong.text)
		}
		return o.test(value, wanted), nil
	}
}

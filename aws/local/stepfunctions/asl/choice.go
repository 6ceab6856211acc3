package asl

import (
	"errors"
	"strings"
)

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

// condition is one node of a choice rule.
type condition interface {
	holds(v *visit, input document) (bool, error)
}

type (
	andCondition []condition
	orCondition  []condition
	notCondition struct{ condition }
	// testCondition applies one operator to a variable.
	testCondition struct {
		variable path
		operator operator
		// value is what the variable is compared with, unless valuePath is set.
		value     any
		valuePath *path
	}
)

func (f *fields) choice() *choice {
	c := &choice{}
	f.require("Choices")
	f.objects("Choices", func(f *fields) {
		f.require("Next")
		next, _ := f.text("Next")
		c.rules = append(c.rules, choiceRule{condition: f.condition(0), next: next})
	})
	if array, ok := f.array("Choices"); ok && len(array) == 0 {
		f.fail("Choices", "Expected at least one choice rule")
	}
	c.otherwise, _ = f.text("Default")
	return c
}

// condition reads a choice rule: And, Or, Not, or a variable with one operator.
func (f *fields) condition(depth int) condition {
	f.text("Comment")
	defer f.finish()
	switch {
	case depth > 100:
		f.report(codeSchema, f.at, "The condition is nested too deep")
	case f.has("And"):
		return andCondition(f.conditions("And", depth))
	case f.has("Or"):
		return orCondition(f.conditions("Or", depth))
	case f.has("Not"):
		o, ok := f.object("Not")
		if ok {
			return notCondition{f.fields(o, f.at+"/Not").condition(depth + 1)}
		}
	default:
		return f.test()
	}
	return nil
}

func (f *fields) conditions(name string, depth int) []condition {
	var all []condition
	f.objects(name, func(f *fields) { all = append(all, f.condition(depth+1)) })
	if len(all) == 0 {
		f.fail(name, "Expected at least one choice rule")
	}
	return all
}

func (f *fields) test() condition {
	f.require("Variable")
	t := testCondition{}
	if p, ok := f.path("Variable", true); ok {
		t.variable = *p
	}
	var found []string
	for _, name := range f.members.names {
		bare := strings.TrimSuffix(name, "Path")
		op, ok := operatorNamed(bare)
		if !ok || bare != name && op.typeTest {
			continue
		}
		found = append(found, name)
		t.operator = op
		if bare != name {
			t.valuePath, _ = f.path(name, true)
			continue
		}
		t.value, _ = f.get(name)
		if !op.accepts(t.value) {
			f.fail(name, "Expected value of type %s", op.expects)
		}
	}
	if len(found) != 1 {
		f.report(codeSchema, f.at, "Expected exactly one comparison operator, found [%s]", strings.Join(found, ", "))
	}
	return t
}

// next is the state that the first matching rule names.
func (c *choice) next(v *visit, input document) (string, error) {
	for _, rule := range c.rules {
		ok, err := rule.condition.holds(v, input)
		if err != nil {
			return "", err
		}
		if ok {
			return rule.next, nil
		}
	}
	if c.otherwise != "" {
		return c.otherwise, nil
	}
	f := runtimeFailure("Failed to transition out of the state. The state does not point to a next state.")
	f.name = errorNoChoice
	return "", f
}

func (c andCondition) holds(v *visit, input document) (bool, error) {
	for _, each := range c {
		if ok, err := each.holds(v, input); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

func (c orCondition) holds(v *visit, input document) (bool, error) {
	for _, each := range c {
		if ok, err := each.holds(v, input); err != nil || ok {
			return ok, err
		}
	}
	return false, nil
}

func (c notCondition) holds(v *visit, input document) (bool, error) {
	ok, err := c.condition.holds(v, input)
	return !ok && err == nil, err
}

func (c testCondition) holds(v *visit, input document) (bool, error) {
	value, err := c.variable.in(input, v.context)
	if c.operator.presence {
		_, missing := errors.AsType[*noPathError](err)
		return missing != (c.value == true), nil
	}
	if err == nil && c.valuePath == nil {
		return c.operator.test(value, c.value), nil
	}
	wrong := c.variable.text
	var other any
	if err == nil {
		wrong = c.valuePath.text
		other, err = c.valuePath.in(input, v.context)
	}
	if err != nil {
		return false, runtimeFailure("Invalid path '%s': The choice state's condition path references an invalid value.", wrong)
	}
	if !c.operator.accepts(other) {
		return false, runtimeFailure("Invalid path '%s': The choice state's condition path references an invalid value.", wrong)
	}
	return c.operator.test(value, other), nil
}

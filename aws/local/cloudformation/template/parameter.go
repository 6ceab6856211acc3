package template

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Parameter is a parameter as a template declares it.
type Parameter struct {
	Name string

	declared *Node
	// value is the default; nil means that a value must be given.
	value *string
}

func parameter(f Field) (Parameter, error) {
	p := Parameter{Name: f.Name, declared: f.Value}
	err := f.Value.Only("a parameter", "Type", "Default", "Description", "AllowedValues", "AllowedPattern",
		"ConstraintDescription", "MinValue", "MaxValue", "MinLength", "MaxLength", "NoEcho")
	if err != nil {
		return p, err
	}
	kind, err := f.Value.String("Type")
	if err != nil {
		return p, err
	}
	if kind != "String" && kind != "Number" {
		return p, f.Value.Errorf("the local AWS does not know parameters of type %q", kind)
	}
	if f.Value.Get("Default") != nil {
		value, err := f.Value.String("Default")
		if err != nil {
			return p, err
		}
		p.value = &value
	}
	return p, nil
}

// Values gives every parameter its value: the given one, else the default. It
// refuses what a parameter's own rules refuse, and names that no parameter has.
func (t *Template) Values(given map[string]string) (map[string]string, error) {
	values := make(map[string]string, len(t.Parameters))
	for _, p := range t.Parameters {
		value, ok := given[p.Name]
		switch {
		case ok:
		case p.value != nil:
			value = *p.value
		default:
			return nil, p.declared.Errorf("parameter %s needs a value", p.Name)
		}
		if err := p.check(value); err != nil {
			return nil, err
		}
		values[p.Name] = value
	}
	for name := range given {
		if _, ok := values[name]; !ok {
			return nil, fmt.Errorf("the template has no parameter %s", name)
		}
	}
	return values, nil
}

func (p Parameter) check(value string) error {
	size, sizeName := float64(len([]rune(value))), "Length"
	if kind, _ := p.declared.String("Type"); kind == "Number" {
		number, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return p.declared.Errorf("parameter %s must be a number, not %q", p.Name, value)
		}
		size, sizeName = number, "Value"
	}
	for _, bound := range []string{"Min", "Max"} {
		text, err := p.declared.String(bound + sizeName)
		if err != nil || text == "" {
			continue
		}
		limit, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return p.declared.Errorf("%s%s of parameter %s is no number", bound, sizeName, p.Name)
		}
		if bound == "Min" && size < limit || bound == "Max" && size > limit {
			return p.declared.Errorf("parameter %s is %q: %s%s is %s", p.Name, value, bound, sizeName, text)
		}
	}
	if allowed := p.declared.Get("AllowedValues"); allowed != nil && !allows(allowed, value) {
		return p.declared.Errorf("parameter %s may not be %q", p.Name, value)
	}
	pattern, err := p.declared.String("AllowedPattern")
	if err != nil || pattern == "" {
		return err
	}
	rule, err := regexp.Compile("^(?:" + strings.TrimSuffix(strings.TrimPrefix(pattern, "^"), "$") + ")$")
	if err != nil {
		return p.declared.Errorf("AllowedPattern of parameter %s: %v", p.Name, err)
	}
	if !rule.MatchString(value) {
		return p.declared.Errorf("parameter %s is %q and does not match %s", p.Name, value, pattern)
	}
	return nil
}

func allows(allowed *Node, value string) bool {
	for _, item := range allowed.Items {
		if item.Text == value {
			return true
		}
	}
	return false
}
